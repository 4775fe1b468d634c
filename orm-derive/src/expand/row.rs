//! `Model` and `Unit`: how a row is read into the struct, and the struct's values out of it.

use super::{builder_name, ends, fields_name, of_type, place};
use crate::{
    kind::Kind,
    model::{Field, Model},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// `impl Model`.
pub(super) fn model(model: &Model) -> TokenStream {
    let (ident, fields_name, builder_name) =
        (&model.ident, fields_name(&model.ident), builder_name(&model.ident));
    let key = key_type(model);
    let fn_ = Ident::new("fn", key_field(model).map_or_else(Span::call_site, |field| ends(&field.ty).0));
    let key_value = unless_broken(model, || Some(key_value(model, key_field(model)?)));
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
            #fn_ key(&self) -> #key {
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
            Kind::ForeignKey { .. } => {
                let id = of_type(model, key_field(model)?, "id");
                quote!(#id(&#key))
            }
            _ => quote!(#key),
        };
        let values = model.columns().map(|(at, field)| read_column(model, at, field));
        let many = model.fields.iter().enumerate().filter(|(_, field)| field.kind().is_many());
        let many = many.map(|(at, field)| {
            let (local, at, of) = (local(at), place(at), of_type(model, field, "of"));
            quote_spanned!(field.span()=> let #local = #of::<#ident>(#at, &#key);)
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

fn read_column(model: &Model, at: usize, field: &Field) -> TokenStream {
    let (local, at, read) = (local(at), place(at), of_type(model, field, "read"));
    quote_spanned!(field.span()=> let #local = #read(row, &META, #at)?;)
}

fn params(model: &Model) -> TokenStream {
    let arms = model.columns().map(|(at, field)| {
        let (at, ident, param) = (place(at), &field.ident, of_type(model, field, "param"));
        quote_spanned!(field.span()=> #at => #param(&self.#ident),)
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
        Kind::ForeignKey { .. } => of_type(model, field, "Id"),
        _ => field.ty.to_token_stream(),
    }
}

fn key_value(model: &Model, field: &Field) -> TokenStream {
    let (ident, id) = (&field.ident, of_type(model, field, "id"));
    quote_spanned!(field.span()=> #id(&self.#ident))
}
