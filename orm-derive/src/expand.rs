//! The code that a model becomes: constants, and calls into the core's generic code.
//!
//! Two rules keep rustc at one error for each mistake that only it can see, such as a field of a type that is no
//! column: the code of a field has the span of its type, and everything that asks something of the type says
//! `<Type as Trait>::…` in these words, so that equal errors fall together. Names are absolute, because the user's
//! scope may hold a `String` or an `Option` of its own.

mod builder;
mod fields;
pub(crate) mod flatten;
pub(crate) mod input;
mod meta;
mod row;
pub(crate) mod stub;
mod validators;

use crate::{
    kind::Kind,
    model::{Field, Model},
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Type;

/// All that `#[derive(Model)]` makes.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let fields = fields::structure(model);
    let builder = builder::structure(model);
    let keys = meta::keys(model);
    let parts = [
        meta::statics(model),
        meta::fits(model),
        meta::soft_delete(model).unwrap_or_default(),
        meta::kind(model),
        row::model(model),
        row::unit(model),
        row::uses(model).unwrap_or_default(),
        fields::key(model),
        builder::impls(model),
    ];
    quote! {
        #fields
        #builder
        #keys
        #[allow(clippy::all, clippy::pedantic, clippy::nursery, nonstandard_style, unused)]
        #[allow(deprecated, missing_docs, private_interfaces, unreachable_pub)]
        const _: () = {
            use ::orm::__private as __orm;
            #(#parts)*
        };
    }
}

/// `PostFields`.
fn fields_name(model: &Ident) -> Ident {
    format_ident!("{}Fields", model, span = Span::call_site())
}

/// `PostNew`.
fn builder_name(model: &Ident) -> Ident {
    format_ident!("{}New", model, span = Span::call_site())
}

/// What is asked of a field's type: `<i64 as ModelField>::read`.
fn of_type(field: &Field, item: &str) -> TokenStream {
    let by = match field.kind() {
        Kind::Column => quote!(ModelField),
        Kind::ForeignKey { target, .. } => quote!(RelationField<#target>),
        Kind::HasMany(target) | Kind::HasOne(target) | Kind::ManyToMany(target) => {
            quote!(ToManyField<#target>)
        }
    };
    item_of(&field.ty, &by, item)
}

/// An item of a type by one of our traits.
///
/// It begins and ends where the type does, so that rustc shows all that is wrong with it at one place, and thus once.
pub(crate) fn item_of(ty: &Type, by: &TokenStream, item: &str) -> TokenStream {
    let (first, last) = ends(ty);
    let item = Ident::new(item, last);
    let open = quote_spanned!(first=> <);
    quote!(#open #ty as __orm::#by>::#item)
}

/// Where a type begins and ends.
fn ends(ty: &Type) -> (Span, Span) {
    let mut spans = ty.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

fn place(place: usize) -> Literal {
    Literal::usize_unsuffixed(place)
}
