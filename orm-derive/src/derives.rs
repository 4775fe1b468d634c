//! The way of a model: attributes → model → check → expand.

use crate::{check, diag::Errors, expand, model::Model};
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// `#[derive(Model)]`.
pub(crate) fn model(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let Some(fields) = check::check_shape(input, errors) else { return expand::stub::expand(input) };
    let mut model = Model::new(input, fields, errors);
    check::check(&mut model, errors);
    expand::expand(&model)
}

/// `#[derive(Flatten)]`.
pub(crate) fn flatten(input: &DeriveInput, errors: &mut Errors) -> TokenStream {
    let Some(fields) = check::check_shape(input, errors) else { return TokenStream::new() };
    let mut model = Model::new(input, fields, errors);
    check::check_shared(&mut model, errors);
    expand::flatten::expand(&model)
}

/// `#[derive(Input)]`: it speaks of the same struct as one of the others, which reports what is wrong with it. A struct
/// without a key is one of shared columns.
pub(crate) fn input(input: &DeriveInput, _: &mut Errors) -> TokenStream {
    let mut reported = Errors::default();
    let Some(fields) = check::check_shape(input, &mut reported) else { return TokenStream::new() };
    let mut model = Model::new(input, fields, &mut reported);
    match model.keys().is_empty() {
        true => check::check_shared(&mut model, &mut reported),
        false => check::check(&mut model, &mut reported),
    }
    expand::input::expand(&model)
}
