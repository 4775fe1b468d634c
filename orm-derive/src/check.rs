//! The rules that need more than one attribute: one function each.
//!
//! A check reports the mistake at the user's token and then takes it out of the model, so that the expansion is
//! what it would have been without, and uses of the model elsewhere do not fail too.

mod columns;
mod flatten;
mod keys;
mod names;
mod types;
mod validators;

pub(crate) use names::mistaken_name;
pub(crate) use types::held;

use crate::{diag::Errors, model::Model};
use syn::{Data, DeriveInput, Fields, FieldsNamed};

/// A model has the columns of a table, each with a name, and a table's columns have fixed types.
pub(crate) fn check_shape<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a FieldsNamed> {
    let (name, generics) = (&input.ident, &input.generics);
    let shape = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if generics.params.is_empty() => return Some(fields),
            Fields::Named(_) => {
                let fix = match generics.lifetimes().next() {
                    Some(_) => "it owns its values: a `String`, not a `&str`",
                    None => "write one struct for each table",
                };
                errors.at(&generics.params, format!("model `{name}` cannot be generic; {fix}"));
                return None;
            }
            Fields::Unnamed(_) => "has unnamed fields",
            Fields::Unit => "has no fields",
        },
        Data::Enum(_) => "is an enum",
        Data::Union(_) => "is a union",
    };
    errors.at(name, format!("`{name}` {shape}; a model is a struct with named fields"));
    None
}

/// The rules of a struct of shared columns.
pub(crate) fn check_shared(model: &mut Model, errors: &mut Errors) {
    for check in [
        flatten::check_shared,
        types::check_types,
        columns::check_max_length,
        columns::check_digits,
        columns::check_defaults,
        keys::check_columns,
        validators::check_validators,
        keys::check_on_delete,
        names::check_names,
        names::check_columns_differ,
    ] {
        check(model, errors);
    }
}

/// All other rules. The types come first, as the others look at them.
pub(crate) fn check(model: &mut Model, errors: &mut Errors) {
    for check in [
        types::check_types,
        columns::check_to_many,
        columns::check_max_length,
        columns::check_digits,
        columns::check_defaults,
        keys::check_columns,
        validators::check_validators,
        keys::check_primary_key,
        columns::check_version,
        columns::check_soft_delete,
        keys::check_on_delete,
        keys::check_via,
        keys::check_pairs,
        keys::check_to_field,
        names::check_view,
        names::check_ordering,
        names::check_names,
        names::check_columns_differ,
        names::check_builder,
    ] {
        check(model, errors);
    }
}
