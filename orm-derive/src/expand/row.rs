//! `Model` and `Unit`: how a row is read into the struct, and the struct's values out of it.

use super::{builder_name, field_trait, fields_name, place};
use crate::{
    kind::Kind,
    model::{Field, Model},
};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// `impl Model`.
pub(super) fn model(model: &Model) -> TokenStream {
    let (ident, fields_name, builder_name) =
        (&model.ident, fields_name(&model.ident), builder_name(&model.ident));
    let key = key_type(model);
    let key_value = unless_broken(model, || key_field(model).map(key_value));
    let param = unless_broken(model, || Some(params(model)));
    let fields = model.fields.iter().enumerate().map(|(at, field)| {
        let (at, ident) = (place(at), &field.ident);
        let new = if let Kind::Column = field.kind() { quote!(Field) } else { quote!(Rel) };
        quote_spanned!(field.span()=> #ident: __orm::#new::new(at, &META.fields[#at]))
    });
    quote! {
        #[automatically_derived]
        impl __orm::Model for #ident {
            type Key = #key;
            type Fields<N: __orm::Reach> = #fields_name<N>;
            type New = #builder_name;
            fn meta() -> &'static __orm::ModelMeta {
                &META
            }
            fn roots() -> &'static __orm::Roots {
                &ROOTS
            }
            fn fields<N: __orm::Reach>(at: __orm::Path) -> #fields_name<N> {
                #fields_name { #(#fields),* }
            }
            fn key(&self) -> #key {
                #key_value
            }
            fn param(&self, field: usize) -> __orm::Param {
                #param
            }
        }
    }
}

/// `impl Unit`: the columns first, in their order, and then the far sides of relations, which keep the row's key.
pub(super) fn unit(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let columns = place(model.columns().count());
    let key = place(model.columns().position(|(at, _)| Some(at) == model.key()).unwrap_or_default());
    let read = unless_broken(model, || {
        let key = local(model.key()?);
        let key = match key_field(model)?.kind() {
            Kind::ForeignKey { .. } => quote!(#key.id()),
            _ => quote!(#key),
        };
        let values = model.columns().map(|(at, field)| read_column(at, field));
        let many = model.fields.iter().enumerate().filter(|(_, field)| field.kind().is_many());
        let many = many.map(|(at, field)| {
            let (local, at, ty) = (local(at), place(at), &field.ty);
            quote_spanned!(field.span()=> let #local = <#ty as __orm::ToManyField>::of(&META, #at, &#key);)
        });
        let names = model.fields.iter().map(|field| &field.ident);
        let locals = (0..model.fields.len()).map(local);
        Some(quote! {
            #(#values)*
            #(#many)*
            ::core::result::Result::Ok(#ident { #(#names: #locals),* })
        })
    });
    quote! {
        #[automatically_derived]
        impl __orm::Unit for #ident {
            const COLUMNS: usize = #columns;
            const KEY: usize = #key;
            fn read_unit(row: &mut __orm::RowRef<'_>) -> __orm::Result<Self> {
                #read
            }
        }
    }
}

/// Names the far sides of relations, so that one that only queries speak of is not called dead code.
pub(super) fn uses(model: &Model) -> Option<TokenStream> {
    let ident = &model.ident;
    let many: Vec<_> =
        model.fields.iter().filter(|field| field.kind().is_many()).map(|field| &field.ident).collect();
    (!many.is_empty()).then(|| quote!(const _: fn(&#ident) = |row| { #(let _ = &row.#many;)* };))
}

fn read_column(at: usize, field: &Field) -> TokenStream {
    let (local, at, ty, by) = (local(at), place(at), &field.ty, field_trait(&field.kind()));
    quote_spanned!(field.span()=> let #local = <#ty as __orm::#by>::read(row, &META, #at)?;)
}

fn params(model: &Model) -> TokenStream {
    let arms = model.columns().map(|(at, field)| {
        let (at, ident, ty, by) = (place(at), &field.ident, &field.ty, field_trait(&field.kind()));
        quote_spanned!(field.span()=> #at => <#ty as __orm::#by>::param(&self.#ident),)
    });
    quote! {
        match field {
            #(#arms)*
            _ => __orm::no_column(&META, field),
        }
    }
}

/// A model with a mistake is never run, but has to compile, or the mistake would be several errors.
fn unless_broken(model: &Model, body: impl FnOnce() -> Option<TokenStream>) -> TokenStream {
    let body = if model.broken { None } else { body() };
    body.unwrap_or_else(|| quote!(::core::unreachable!()))
}

fn local(at: usize) -> Ident {
    format_ident!("f{at}")
}

fn key_field(model: &Model) -> Option<&Field> {
    Some(&model.fields[model.key()?])
}

/// The type of the key; a foreign key as primary key holds the other model's.
fn key_type(model: &Model) -> TokenStream {
    let Some(field) = key_field(model) else { return quote!(i64) };
    match field.kind() {
        Kind::ForeignKey { target, .. } => {
            quote_spanned!(field.span()=> <#target as __orm::Model>::Key)
        }
        _ => field.ty.to_token_stream(),
    }
}

fn key_value(field: &Field) -> TokenStream {
    let ident = &field.ident;
    match field.kind() {
        Kind::ForeignKey { .. } => quote_spanned!(field.span()=> self.#ident.id()),
        _ => quote_spanned!(field.span()=> ::core::clone::Clone::clone(&self.#ident)),
    }
}
