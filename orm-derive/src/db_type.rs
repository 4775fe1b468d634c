//! `#[derive(DbType)]`: a newtype is stored as what it wraps.

use crate::{
    check::held,
    diag::Errors,
    kind::{argument, last_word},
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Fields, Type, spanned::Spanned};

pub(crate) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    match wrapped(input) {
        Ok(ty) => match held(&last_word(ty)) {
            None => delegate(input, ty),
            Some(held) => {
                errors.at(ty, format!("PostgreSQL has no type for `{}`; use `{held}`", last_word(ty)));
                stub(input)
            }
        },
        Err(mistake) => {
            let form = "`DbType` is for a struct of one unnamed field: `struct UserId(i64);`";
            match input.generics.params.is_empty() {
                true => errors.at(&input.ident, format!("`{}` {mistake}; {form}", input.ident)),
                false => errors.at(&input.generics.params, format!("`{}` {mistake}; {form}", input.ident)),
            }
            stub(input)
        }
    }
}

fn wrapped(input: &DeriveInput) -> Result<&Type, &'static str> {
    if !input.generics.params.is_empty() {
        return Err("is generic");
    }
    match &input.data {
        Data::Enum(_) => Err("is an enum"),
        Data::Union(_) => Err("is a union"),
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => Err("has named fields"),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(&fields.unnamed[0].ty),
            Fields::Unnamed(_) => Err("has several fields"),
            Fields::Unit => Err("has no field"),
        },
    }
}

fn delegate(input: &DeriveInput, ty: &Type) -> TokenStream {
    let ident = &input.ident;
    let text = ["String", "CiText"].contains(&last_word(ty).as_str()).then(|| {
        quote! {
            #[automatically_derived]
            impl __orm::Text for #ident {}
        }
    });
    let is_array = last_word(ty) == "Vec" && argument(ty).is_none_or(|item| last_word(item) != "u8");
    let element = (!is_array).then(|| {
        quote! {
            #[automatically_derived]
            impl __orm::Element for #ident {}
        }
    });
    quote_spanned! {ty.span().resolved_at(Span::call_site())=>
        #[allow(clippy::all, clippy::pedantic, clippy::nursery)]
        const _: () = {
            use ::orm::__private as __orm;
            #[automatically_derived]
            impl __orm::FieldType for #ident {
                const TYPE: __orm::SqlType = <#ty as __orm::FieldType>::TYPE;
                #[inline]
                fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> __orm::Result<()> {
                    <#ty as __orm::FieldType>::encode(&self.0, out)
                }
                #[inline]
                fn decode(bytes: &[u8]) -> __orm::Result<Self> {
                    ::core::result::Result::Ok(#ident(<#ty as __orm::FieldType>::decode(bytes)?))
                }
                const CHECK: ::core::option::Option<__orm::Check> = <#ty as __orm::FieldType>::CHECK;
                fn generate() -> ::core::option::Option<Self> {
                    ::core::option::Option::map(<#ty as __orm::FieldType>::generate(), #ident)
                }
            }
            #element
            #text
            __orm::key_conversions!(#ident);
        };
    }
}

/// What keeps a mistake one error: a type that may stand in models.
fn stub(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, generics, wheres) = input.generics.split_for_impl();
    let wheres = wheres.map(|wheres| &wheres.predicates);
    let bounds = (!input.generics.params.is_empty()).then(|| {
        let this = quote!(#ident #generics);
        quote!(where #this: ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static, #wheres)
    });
    quote! {
        #[allow(clippy::all, clippy::pedantic, unused)]
        const _: () = {
            use ::orm::__private as __orm;
            impl #impl_generics __orm::FieldType for #ident #generics #bounds {
                const TYPE: __orm::SqlType = __orm::SqlType::Bool;
                fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> __orm::Result<()> {
                    ::core::unreachable!()
                }
                fn decode(bytes: &[u8]) -> __orm::Result<Self> {
                    ::core::unreachable!()
                }
            }
        };
    }
}
