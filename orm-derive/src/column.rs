//! What the derives of column types share: their names, and how their code is wrapped.

use crate::{attr::Arg, case::snake_case, check::mistaken_name, diag::Errors};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Data, DeriveInput, Field, Fields, LitStr, ext::IdentExt, punctuated::Iter};

/// The name of the type in the database: what `given` says, or else the Rust type's in snake case.
pub(crate) fn type_name(ident: &Ident, given: Option<&Arg<LitStr>>, errors: &mut Errors) -> String {
    let name = given.map_or_else(|| snake_case(&ident.unraw().to_string()), |arg| arg.value.value());
    if let Some(message) = mistaken_name("type", &name) {
        match given {
            Some(arg) => errors.at(&arg.value, message),
            None => errors.at(ident, format!("{message}; give one with `#[orm(type_name = \"…\")]`")),
        }
    }
    name
}

/// The fields of a struct with named fields, or else what is wrong with it for the derive `form` speaks of, which is reported.
pub(crate) fn named_fields<'a>(
    input: &'a DeriveInput,
    form: &str,
    errors: &mut Errors,
) -> Option<Iter<'a, Field>> {
    let mistake = match &input.data {
        _ if !input.generics.params.is_empty() => "is generic",
        Data::Enum(_) => "is an enum",
        Data::Union(_) => "is a union",
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !fields.named.is_empty() => return Some(fields.named.iter()),
            Fields::Unnamed(_) => "has unnamed fields",
            Fields::Named(_) | Fields::Unit => "has no fields",
        },
    };
    not_of_form(input, mistake, form, errors);
    None
}

/// Reports that a type has not the form that a derive is for.
pub(crate) fn not_of_form(input: &DeriveInput, mistake: &str, form: &str, errors: &mut Errors) {
    let message = format!("`{}` {mistake}; {form}", input.ident);
    match input.generics.params.is_empty() {
        true => errors.at(&input.ident, message),
        false => errors.at(&input.generics.params, message),
    }
}

/// Code of a derive, in a scope where `__orm` is what it may name.
pub(crate) fn wrap(code: &TokenStream) -> TokenStream {
    quote! {
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, deprecated, unused)]
        const _: () = {
            use ::orm::__private as __orm;
            #code
        };
    }
}

/// What keeps a mistake one error: a type that may stand in models.
pub(crate) fn stub(input: &DeriveInput, is_enum: bool) -> TokenStream {
    let ident = &input.ident;
    let (impl_generics, generics, wheres) = input.generics.split_for_impl();
    let wheres = wheres.map(|wheres| &wheres.predicates);
    let bounds = (!input.generics.params.is_empty()).then(|| {
        let this = quote!(#ident #generics);
        quote!(where #this: ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static, #wheres)
    });
    let variants = is_enum.then(|| {
        quote! {
            impl #impl_generics __orm::DbEnum for #ident #generics #bounds {
                const VARIANTS: &'static [Self] = &[];
                const NAMES: &'static [&'static str] = &[];
                const LABELS: &'static [&'static str] = &[];
                fn place(&self) -> usize {
                    ::core::unreachable!()
                }
            }
        }
    });
    wrap(&quote! {
        impl #impl_generics __orm::FieldType for #ident #generics #bounds {
            const TYPE: __orm::SqlType = __orm::SqlType::Bool;
            fn encode(&self, out: &mut ::std::vec::Vec<u8>) -> __orm::Result<()> {
                ::core::unreachable!()
            }
            fn decode(bytes: &[u8]) -> __orm::Result<Self> {
                ::core::unreachable!()
            }
        }
        impl #impl_generics __orm::Element for #ident #generics #bounds {}
        impl #impl_generics __orm::Ordered for #ident #generics #bounds {}
        #variants
    })
}
