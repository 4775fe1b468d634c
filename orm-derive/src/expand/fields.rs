//! `PostFields`: what closures get.

use super::fields_name;
use crate::{kind::Kind, model::Model};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// The struct. Its fields ask nothing of the types they name, or every mention of the struct would be one more error.
pub(super) fn structure(model: &Model) -> TokenStream {
    let (vis, fields_name) = (&model.vis, fields_name(&model.ident));
    let doc = format!("Fields of [`{}`] in queries.", model.name());
    let fields = model.fields.iter().map(|field| {
        let (docs, vis, ident, ty) = (&field.docs, &field.vis, &field.ident, &field.ty);
        let ty = match field.kind() {
            Kind::Column => quote_spanned!(field.span()=> ::orm::__private::Field<#ty, __N>),
            Kind::ForeignKey { target, nullable } => {
                let reach = if nullable { quote!(Null) } else { quote!(One) };
                let reach = quote!(<__N as ::orm::__private::Reach>::#reach);
                quote_spanned!(field.span()=> ::orm::__private::Rel<#target, #reach>)
            }
            Kind::HasOne(target) => {
                let reach = quote!(<__N as ::orm::__private::Reach>::Null);
                quote_spanned!(field.span()=> ::orm::__private::Rel<#target, #reach>)
            }
            Kind::HasMany(target) | Kind::ManyToMany(target) => {
                quote_spanned!(field.span()=> ::orm::__private::Rel<#target, ::orm::__private::Many>)
            }
        };
        quote!(#(#docs)* #vis #ident: #ty,)
    });
    let shared = model.shared.iter().map(|field| {
        let (docs, vis, ident, ty) = (&field.docs, &field.vis, &field.ident, &field.ty);
        let ty = quote_spanned!(field.span()=> ::orm::__private::Shared<#ty, __N>);
        quote!(#(#docs)* #vis #ident: #ty,)
    });
    quote! {
        #[doc = #doc]
        #[allow(missing_debug_implementations, missing_docs, nonstandard_style)]
        #[allow(private_interfaces, unused)]
        #vis struct #fields_name<__N: ::orm::__private::Reach = ::orm::__private::Own> {
            #(#fields)*
            #(#shared)*
        }
    }
}

/// `pk()`, which names the primary key's column whatever it is called.
pub(super) fn key(model: &Model) -> TokenStream {
    let Some(field) = model.key().map(|key| &model.fields[key]) else { return TokenStream::new() };
    let (fields_name, vis, ident, ty) = (fields_name(&model.ident), &field.vis, &field.ident, &field.ty);
    if !matches!(field.kind(), Kind::Column) {
        return TokenStream::new();
    }
    quote_spanned! {field.span()=>
        #[automatically_derived]
        impl<__N: __orm::Reach> #fields_name<__N> {
            /// The primary key.
            #vis fn pk(&self) -> __orm::Field<#ty, __N> {
                self.#ident
            }
        }
    }
}
