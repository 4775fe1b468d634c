//! `Model` and `Unit`: how a row is read into the struct, and the struct's values out of it.

use super::{builder::keyed, builder_name, ends, fields_name, flatten, of_type, place};
use crate::{
    kind::Kind,
    model::{Field, Model},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// `impl Model`.
pub(super) fn model(model: &Model) -> TokenStream {
    let (ident, fields_name, builder_name) =
        (&model.ident, fields_name(&model.ident), builder_name(&model.ident));
    let (key, keyed) = (key(model), keyed(model));
    let param = unless_broken(model, || Some(params(model)));
    let slot = slots(model);
    let clean = model.attrs.clean.as_ref().map(|arg| {
        let path = &arg.value;
        quote_spanned! {path.span().resolved_at(Span::call_site())=>
            fn clean(draft: &__orm::Draft<#ident>) -> ::core::result::Result<(), __orm::ValidationErrors> {
                #path(draft).map_err(::core::convert::Into::into)
            }
        }
    });
    let fields = fields(model, quote!(META.fields));
    let shared = model.shared.iter().zip(flatten::offsets(model)).map(|(field, first)| {
        let (ident, shared) = (&field.ident, flatten::of_shared(field, "shared"));
        quote_spanned!(field.span()=> #ident: #shared(at, &META.fields[#first..]))
    });
    let fields = fields.chain(shared);
    quote! {
        #[automatically_derived]
        impl __orm::Model for #ident {
            #key
            type Fields<__N: __orm::Reach> = #fields_name<__N>;
            type New = #builder_name;
            type Keyed = #keyed;
            fn meta() -> &'static __orm::ModelMeta {
                &META
            }
            fn roots() -> &'static __orm::Roots {
                &ROOTS
            }
            fn fields<__N: __orm::Reach>(at: __orm::Path) -> #fields_name<__N> {
                #fields_name { #(#fields),* }
            }
            fn param(&self, field: usize) -> __orm::Param {
                #param
            }
            #slot
            #clean
        }
    }
}

/// Fields in queries, of which metadata has.
pub(super) fn fields(model: &Model, metas: TokenStream) -> impl Iterator<Item = TokenStream> {
    model.fields.iter().enumerate().map(move |(at, field)| {
        let (at, ident) = (place(at), &field.ident);
        let new = if let Kind::Column = field.kind() { quote!(Field) } else { quote!(Rel) };
        quote_spanned!(field.span()=> #ident: __orm::#new::new(at, &#metas[#at]))
    })
}

/// `impl Unit`: the columns first, in their order, and then the far sides of relations, which keep the row's key.
pub(super) fn unit(model: &Model) -> TokenStream {
    let ident = &model.ident;
    let width = |fields: &[Field]| place(fields.iter().map(Field::width).sum());
    let mut columns = width(&model.fields).into_token_stream();
    for field in &model.shared {
        let fields = flatten::of_shared(field, "FIELDS");
        columns.extend(quote!(+ #fields.len()));
    }
    let key = width(&model.fields[..model.keys().first().copied().unwrap_or_default()]);
    let read = unless_broken(model, || {
        let id = |at: usize| {
            let (key, id) = (local(at), of_type(&model.fields[at], "id"));
            quote!(#id(&#key))
        };
        let key = match model.keys()[..] {
            [key] => id(key),
            ref keys => {
                let parts = keys.iter().copied().map(id);
                quote!((#(#parts),*))
            }
        };
        let values = model.columns().map(|(at, field)| {
            let (local, at) = (local(at), place(at));
            let read = read_column(field, &quote!(&META), &at.into_token_stream());
            quote_spanned!(field.span()=> let #local = #read;)
        });
        let shared = model.shared.iter().zip(flatten::offsets(model)).map(|(field, first)| {
            let (ident, read) = (&field.ident, flatten::of_shared(field, "read"));
            quote_spanned!(field.span()=> #ident: #read(row, &META, #first)?)
        });
        let many = model.fields.iter().enumerate().filter(|(_, field)| field.kind().is_far());
        let many = many.map(|(at, field)| {
            let own = model.own_key(field).map(id);
            let (local, at, of, key) =
                (local(at), place(at), of_type(field, "of"), own.as_ref().unwrap_or(&key));
            quote_spanned!(field.span()=> let #local = #of(&META, #at, #key);)
        });
        let names = model.fields.iter().map(|field| &field.ident);
        let locals = (0..model.fields.len()).map(local);
        Some(quote! {
            #(#values)*
            #(#many)*
            ::core::result::Result::Ok(#ident { #(#names: #locals,)* #(#shared),* })
        })
    });
    let instance = flatten::may_relate(model).then(|| {
        quote! {
            fn instance(&mut self) -> ::core::option::Option<&mut dyn __orm::Instance> {
                ::core::option::Option::Some(self)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl __orm::Unit for #ident {
            const COLUMNS: usize = #columns;
            const KEY: usize = #key;
            type Nature = __orm::OfRows<Self>;
            fn types(out: &mut ::std::vec::Vec<__orm::SqlType>) {
                __orm::column_types(&META, out);
            }
            fn read_unit(row: &mut __orm::RowRef<'_>) -> __orm::Result<Self> {
                #read
            }
            #instance
        }
    }
}

/// Names the far sides of relations, so that one that only queries speak of is not called dead code.
pub(super) fn uses(model: &Model) -> Option<TokenStream> {
    let ident = &model.ident;
    let many: Vec<_> =
        model.fields.iter().filter(|field| field.kind().is_far()).map(|field| &field.ident).collect();
    (!many.is_empty()).then(|| quote!(const _: fn(&#ident) = |row| { #(let _ = &row.#many;)* };))
}

/// The next cells of a row as a field, which is one of a model's by its place there.
pub(super) fn read_column(field: &Field, meta: &TokenStream, at: &TokenStream) -> TokenStream {
    let read = of_type(field, "read");
    quote_spanned!(field.span()=> #read(row, #meta, #at)?)
}

pub(super) fn params(model: &Model) -> TokenStream {
    let arms = model.columns().map(|(at, field)| {
        let (at, ident, param) = (place(at), &field.ident, of_type(field, "param"));
        quote_spanned!(field.span()=> #at => #param(&self.#ident),)
    });
    let shared = flatten::arms(model, |field, at| {
        let (ident, param) = (&field.ident, flatten::of_shared(field, "param"));
        quote!(#param(&self.#ident, #at))
    });
    let name = model.name();
    quote! {
        match field {
            #(#arms)*
            #shared
            _ => __orm::no_column(#name, field),
        }
    }
}

fn relations(model: &Model) -> impl Iterator<Item = (usize, &Field)> {
    model.fields.iter().enumerate().filter(|(_, field)| !matches!(field.kind(), Kind::Column))
}

/// `slot`, if the model has relations.
pub(super) fn slots(model: &Model) -> Option<TokenStream> {
    flatten::may_relate(model).then_some(())?;
    let arms = relations(model).map(|(at, field)| {
        let (at, ident, slot) = (place(at), &field.ident, of_type(field, "slot"));
        quote_spanned!(field.span()=> #at => #slot(&mut self.#ident),)
    });
    let shared = flatten::arms(model, |field, at| {
        let (ident, slot) = (&field.ident, flatten::of_shared(field, "slot"));
        quote!(#slot(&mut self.#ident, #at))
    });
    let body = unless_broken(model, || {
        Some(quote! {
            match field {
                #(#arms)*
                #shared
                _ => ::core::option::Option::None,
            }
        })
    });
    Some(quote! {
        fn slot(&mut self, field: usize) -> ::core::option::Option<&mut dyn __orm::Slot> {
            #body
        }
    })
}

/// A model with a mistake is never run, but has to compile, or the mistake would be several errors.
pub(super) fn unless_broken(model: &Model, body: impl FnOnce() -> Option<TokenStream>) -> TokenStream {
    let body = if model.broken { None } else { body() };
    body.unwrap_or_else(|| quote!(::core::unreachable!()))
}

fn local(at: usize) -> Ident {
    format_ident!("f{at}")
}

/// The key's type, which of a foreign key is that of the other model's, and its value; of several fields tuples.
///
/// As what [`of_type`] makes, the two items begin and end where the type of the field does.
fn key(model: &Model) -> TokenStream {
    let keys: Vec<&Field> = model.keys().into_iter().map(|at| &model.fields[at]).collect();
    let value = |field: &Field| {
        let (ident, id) = (&field.ident, of_type(field, "id"));
        quote!(#id(&self.#ident))
    };
    let (key, value) = match keys[..] {
        [] => return TokenStream::new(),
        [field] => (of_type(field, "Id"), unless_broken(model, || Some(value(field)))),
        _ => {
            let types = keys.iter().map(|field| of_type(field, "Id"));
            let values = keys.iter().map(|field| value(field));
            (quote!((#(#types),*)), unless_broken(model, || Some(quote!((#(#values),*)))))
        }
    };
    let (first, last) = ends(&keys[0].ty);
    let (type_, fn_) = (quote_spanned!(first=> type), quote_spanned!(first=> fn));
    quote_spanned!(last=> #type_ Key = #key; #fn_ key(&self) -> #key { #value })
}
