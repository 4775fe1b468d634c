//! `Input`: how the value of each field is deserialized.

use super::{flatten, of_type, place};
use crate::model::{Field, Model};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

pub(crate) fn expand(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let is_taken = |field: &Field| field.attrs.editable.as_ref().is_none_or(|arg| arg.value);
    let columns = model.columns().filter(|(_, field)| !model.broken && is_taken(field));
    let arms = columns.map(|(at, field)| {
        let (at, ty, param) = (place(at), &field.ty, of_type(field, "param"));
        let read = quote_spanned!(field.span()=> <#ty as __orm::Deserialize<'de>>::deserialize(sent));
        quote_spanned!(field.span()=> #at => ::core::result::Result::Ok(#param(&#read?)),)
    });
    let shared = flatten::arms(model, |field, at| {
        let ty = &field.ty;
        quote!(<#ty as __orm::Input>::read(#at, sent))
    });
    let name = model.name();
    quote! {
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, unused)]
        const _: () = {
            use ::orm::__private as __orm;
            #[automatically_derived]
            impl __orm::Input for #ident {
                fn read<'de, __D: __orm::Deserializer<'de>>(
                    field: usize,
                    sent: __D,
                ) -> ::core::result::Result<__orm::Param, __D::Error> {
                    match field {
                        #(#arms)*
                        #shared
                        _ => ::core::result::Result::Ok(__orm::no_column(#name, field)),
                    }
                }
            }
        };
    }
}
