//! Rules for names: of tables, columns and fields.

use crate::{
    diag::{Errors, did_you_mean},
    model::{Field, Model},
};
use std::collections::{HashMap, HashSet};
use syn::LitStr;

/// A view has one `SELECT`, and no rows of its own.
pub(super) fn check_view(model: &mut Model, errors: &mut Errors) {
    if let (Some(_), Some(arg)) = (&model.attrs.view, &model.attrs.materialized_view) {
        errors.at(arg, "`view` and `materialized_view` exclude each other; remove one");
        model.attrs.materialized_view = None;
    }
    if model.is_view()
        && let Some(arg) = model.attrs.hooks.take()
    {
        errors.at(&arg, "nobody writes the rows of a view, so it has no hooks; remove them");
    }
}

/// Rows are ordered by columns of their own.
pub(super) fn check_ordering(model: &mut Model, errors: &mut Errors) {
    let Some(mut ordering) = model.attrs.ordering.take() else { return };
    let mut seen = HashSet::new();
    ordering.value.retain(|part| {
        let written = part.value();
        let name = written.strip_prefix('-').unwrap_or(&written);
        let message = match model.position(name) {
            None if !model.shared.is_empty() => return true, // rustc looks there
            None => {
                let names: Vec<_> = model.columns().map(|(_, field)| field.name()).collect();
                let list = || format!("; the columns are `{}`", names.join("`, `"));
                let hint = did_you_mean(name, names.iter().map(String::as_str), list);
                format!("model `{}` has no field `{name}` to order by{hint}", model.name())
            }
            Some(place) if model.fields[place].kind().is_far() => {
                format!("`{name}` has no column to order by")
            }
            Some(_) if !seen.insert(name.to_owned()) => format!("`{name}` is in the order twice; remove one"),
            Some(_) => return true,
        };
        errors.at(part, message);
        false
    });
    model.attrs.ordering = Some(ordering);
}

/// What is wrong with a name: PostgreSQL cuts longer ones off without an error, and refuses the others.
pub(crate) fn mistaken_name(what: &str, name: &str) -> Option<String> {
    if name.is_empty() {
        Some(format!("a {what} needs a name"))
    } else if name.contains('\0') {
        Some(format!("the name of a {what} cannot hold a NUL"))
    } else if name.len() > 63 {
        Some(format!("the name of a {what} has at most 63 bytes; `{name}` has {}", name.len()))
    } else {
        None
    }
}

/// Names that PostgreSQL keeps as they are.
pub(super) fn check_names(model: &mut Model, errors: &mut Errors) {
    if let Some(message) = mistaken_name("table", &model.table()) {
        match model.attrs.table.take() {
            Some(table) => errors.at(&table.value, message),
            None => errors.at(&model.ident, format!("{message}; give one with `#[orm(table = \"…\")]`")),
        }
    }
    let own = model.table();
    for field in &mut model.fields {
        let Some(message) = field.pairs_table(&own).and_then(|name| mistaken_name("table", &name)) else {
            continue;
        };
        match field.attrs.table.take() {
            Some(table) => errors.at(&table.value, message),
            None => errors.at(&field.ident, format!("{message}; give one with `#[orm(table = \"…\")]`")),
        }
    }
    for field in model.fields.iter_mut().filter(|field| !field.kind().is_far()) {
        for column in field.attrs.columns.iter().flat_map(|columns| &columns.value) {
            if let Some(message) = mistaken_name("column", &column.value()) {
                errors.at(column, message);
            }
        }
        if let Some(message) = mistaken_name("column", &field.column()) {
            match field.attrs.column.take() {
                Some(column) => errors.at(&column.value, message),
                None => errors.at(&field.ident, format!("{message}; give one with `#[orm(column = \"…\")]`")),
            }
        }
    }
}

/// A key `author` has the column `author_id`, which is easily forgotten.
pub(super) fn check_columns_differ(model: &mut Model, errors: &mut Errors) {
    let mut owners: HashMap<String, String> = HashMap::new();
    let several = |field: &Field| {
        field.attrs.columns.as_ref().map(|columns| columns.value.iter().map(LitStr::value).collect())
    };
    let columns = model.columns().flat_map(|(_, field)| {
        let columns: Vec<String> = several(field).unwrap_or_else(|| vec![field.column()]);
        columns.into_iter().map(move |column| (field, column))
    });
    for (field, column) in columns {
        match owners.get(&column) {
            None => {
                owners.insert(column, field.name());
            }
            Some(owner) => {
                let message = format!("column `{column}` is already that of field `{owner}`");
                match (&field.attrs.column, &field.attrs.columns) {
                    (Some(arg), _) => errors.at(&arg.value, message),
                    (None, Some(arg)) => errors.at(arg, message),
                    (None, None) => {
                        errors.at(
                            &field.ident,
                            format!("{message}; name another with `#[orm(column = \"…\")]`"),
                        );
                    }
                }
            }
        }
    }
}

/// The builder has a method for each column, and `build` of its own.
pub(super) fn check_builder(model: &mut Model, errors: &mut Errors) {
    let Some(place) = model.position("build") else { return };
    let field = &model.fields[place];
    if !field.kind().is_far() {
        let fix = "call the field something else, and keep the column with `#[orm(column = \"build\")]`";
        errors.at(&field.ident, format!("`build` is a method of the builder; {fix}"));
        model.broken = true;
    }
}
