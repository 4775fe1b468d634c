//! The code that a model becomes: constants, and calls into the core's generic code.
//!
//! Two rules keep rustc at one error for each mistake that only it can see, such as a field of a type that is no
//! column: the code of a field has the span of its type, and everything that asks something of the type says
//! `<Type as Trait>::…` in these words, so that equal errors fall together. Names are absolute, because the user's
//! scope may hold a `String` or an `Option` of its own.

mod builder;
mod fields;
mod meta;
mod row;
pub(crate) mod stub;

use crate::{kind::Kind, model::Model};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

/// All that `#[derive(Model)]` makes.
pub(crate) fn expand(model: &Model) -> TokenStream {
    let fields = fields::structure(model);
    let builder = builder::structure(model);
    let parts = [
        meta::statics(model),
        row::model(model),
        row::unit(model),
        row::uses(model).unwrap_or_default(),
        fields::key(model),
        builder::impls(model),
    ];
    quote! {
        #fields
        #builder
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

/// The trait through which a field's value is read and written.
fn field_trait(kind: &Kind<'_>) -> Ident {
    let name = match kind {
        Kind::Column => "ModelField",
        Kind::ForeignKey { .. } => "RelationField",
        Kind::HasMany(_) | Kind::ManyToMany(_) => "ToManyField",
    };
    Ident::new(name, Span::call_site())
}

fn place(place: usize) -> Literal {
    Literal::usize_unsuffixed(place)
}
