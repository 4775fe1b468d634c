//! `#[derive(DbType)]`: a newtype is stored as what it wraps, or in a domain over that.

use crate::{
    attr::{Slot, items, text, unknown},
    check::{held, mistaken_name},
    column::{not_of_form, stub, wrap},
    diag::Errors,
    kind::{argument, last_word},
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Data, DeriveInput, Field, Fields, LitStr, spanned::Spanned};

pub(crate) fn expand(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let attrs = Attrs::parse(&input.attrs, errors);
    match wrapped(input) {
        Ok(field) => {
            for item in items(&field.attrs, errors) {
                errors.at(&item.name, format!("the attributes of `{}` stand above the struct", input.ident));
            }
            let word = last_word(&field.ty);
            match held(&word) {
                None => delegate(input, field, &attrs),
                Some(held) => {
                    errors.at(&field.ty, format!("PostgreSQL has no type for `{word}`; use `{held}`"));
                    stub(input, false)
                }
            }
        }
        Err(mistake) => {
            let form = "`DbType` is for a struct of one unnamed field: `struct UserId(i64);`";
            not_of_form(input, mistake, form, errors);
            stub(input, false)
        }
    }
}

/// What is written on the struct.
#[derive(Default)]
struct Attrs {
    domain: Slot<LitStr>,
    check: Slot<LitStr>,
}

impl Attrs {
    fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut out = Attrs::default();
        for item in items(attrs, errors) {
            match item.name.to_string().as_str() {
                "domain" => item.put(&mut out.domain, text, r#"a text; write `domain = "email"`"#, errors),
                "check" => {
                    let form = r#"SQL in a text; write `check = "VALUE > 0"`"#;
                    item.put(&mut out.check, text, form, errors);
                }
                name => errors.at(&item.name, unknown(name, "a `DbType`", &["domain", "check"])),
            }
        }
        if let Some(domain) = &out.domain {
            if let Some(message) = mistaken_name("domain", &domain.value.value()) {
                errors.at(&domain.value, message);
            }
        } else if let Some(check) = &out.check {
            errors.at(check, "`check` is the rule of a domain, which needs a name; add `domain = \"…\"`");
        }
        out
    }
}

fn wrapped(input: &DeriveInput) -> Result<&Field, &'static str> {
    if !input.generics.params.is_empty() {
        return Err("is generic");
    }
    match &input.data {
        Data::Enum(_) => Err("is an enum"),
        Data::Union(_) => Err("is a union"),
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => Err("has named fields"),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(&fields.unnamed[0]),
            Fields::Unnamed(_) => Err("has several fields"),
            Fields::Unit => Err("has no field"),
        },
    }
}

fn delegate(input: &DeriveInput, field: &Field, attrs: &Attrs) -> TokenStream {
    let (ident, ty) = (&input.ident, &field.ty);
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
    let span = ty.span().resolved_at(Span::call_site());
    let base = quote_spanned!(span=> <#ty as __orm::FieldType>::TYPE);
    let sql_type = match &attrs.domain {
        None => base,
        Some(domain) => {
            let name = &domain.value;
            let check = match &attrs.check {
                Some(check) => {
                    let check = &check.value;
                    quote!(::core::option::Option::Some(#check))
                }
                None => quote!(::core::option::Option::None),
            };
            quote_spanned! {span=>
                __orm::SqlType::Named(&__orm::NamedType {
                    name: #name,
                    kind: __orm::NamedKind::Domain { base: #base, check: #check },
                })
            }
        }
    };
    wrap(&quote_spanned! {span=>
        #[automatically_derived]
        impl __orm::FieldType for #ident {
            const TYPE: __orm::SqlType = #sql_type;
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
        #[automatically_derived]
        impl __orm::Wraps for #ident {
            type Inner = #ty;
        }
        #element
        #text
        __orm::key_conversions!(#ident);
    })
}
