//! The derives of `orm`.

mod attr;
mod case;
mod check;
mod db_type;
mod diag;
mod expand;
mod kind;
mod model;
#[cfg(test)]
mod tests;

use diag::Errors;
use proc_macro::TokenStream;
use syn::{Data, DeriveInput, Fields, parse_macro_input};

/// Makes a struct a model.
#[proc_macro_derive(Model, attributes(orm))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::default();
    let code = model(input, &mut errors);
    [errors.into_tokens(), code].into_iter().map(TokenStream::from).collect()
}

/// Stores a newtype as what it wraps.
#[proc_macro_derive(DbType)]
pub fn derive_db_type(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let mut errors = Errors::default();
    let code = db_type::expand(&input, &mut errors);
    [errors.into_tokens(), code].into_iter().map(TokenStream::from).collect()
}

/// Attributes → model → check → expand.
fn model(input: DeriveInput, errors: &mut Errors) -> proc_macro2::TokenStream {
    let name = &input.ident;
    let what = match &input.data {
        Data::Enum(_) => "is an enum",
        Data::Union(_) => "is a union",
        Data::Struct(data) => match &data.fields {
            Fields::Unit => "has no fields",
            Fields::Unnamed(_) => "has unnamed fields",
            Fields::Named(_) if input.generics.params.is_empty() => "",
            Fields::Named(_) => {
                let params = &input.generics.params;
                let fix = match input.generics.lifetimes().next() {
                    Some(_) => "it owns its values, a `String` instead of a `&str`",
                    None => "write one struct for each table",
                };
                errors.at(params, format!("model `{name}` cannot be generic; {fix}"));
                return expand::stub::expand(&input);
            }
        },
    };
    match input.data {
        Data::Struct(data) if what.is_empty() => {
            let mut model = model::Model::new(input.ident, input.vis, &input.attrs, data.fields, errors);
            check::check(&mut model, errors);
            expand::expand(&model)
        }
        _ => {
            errors.at(name, format!("`{name}` {what}; a model is a struct with named fields"));
            expand::stub::expand(&input)
        }
    }
}
