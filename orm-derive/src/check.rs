//! The rules that need more than one attribute: one function each.
//!
//! A check reports the mistake at the user's token and then takes it out of the model, so that the expansion is
//! what it would have been without, and uses of the model elsewhere do not fail too.

use crate::{
    diag::{Errors, did_you_mean},
    kind::{Kind, argument, inside_option, last_word, with_argument},
    model::{Field, Model},
};
use std::collections::{HashMap, HashSet};
use syn::{Type, parse_quote};

/// All rules.
pub(crate) fn check(model: &mut Model, errors: &mut Errors) {
    for check in [
        check_types,
        check_to_many,
        check_primary_key,
        check_max_length,
        check_defaults,
        check_on_delete,
        check_via,
        check_ordering,
        check_names,
        check_columns_differ,
        check_builder,
    ] {
        check(model, errors);
    }
}

/// A row outlives the query, so it owns its values; and a relation's own `Option` says whether its key may be NULL.
fn check_types(model: &mut Model, errors: &mut Errors) {
    for field in &mut model.fields {
        if let Some((ty, message)) = mistaken_type(&field.ty) {
            errors.at(&field.ty, message);
            field.ty = ty;
            model.broken = true;
        }
    }
}

/// What the type should have been, and why.
fn mistaken_type(ty: &Type) -> Option<(Type, String)> {
    let optional = inside_option(ty);
    let inner = optional.unwrap_or(ty);
    let word = last_word(inner);
    if let Type::Reference(reference) = inner {
        let elem = &reference.elem;
        let owned: Type = if last_word(elem) == "str" { parse_quote!(String) } else { parse_quote!(#elem) };
        let message =
            format!("a model owns its values and cannot hold a reference; use `{}`", last_word(&owned));
        return Some((if optional.is_some() { parse_quote!(Option<#owned>) } else { owned }, message));
    }
    if optional.is_some() && Kind::of(inner).is_many() {
        return Some((inner.clone(), format!("a `{word}` may be empty as it is; remove the `Option`")));
    }
    let target = argument(inner).and_then(inside_option)?;
    match Kind::of(inner) {
        Kind::Column => None,
        Kind::ForeignKey { .. } => {
            let key = with_argument(inner, target);
            let message = "the `Option` goes around a foreign key; write `Option<ForeignKey<…>>`";
            Some((parse_quote!(Option<#key>), message.to_owned()))
        }
        Kind::HasMany(_) | Kind::ManyToMany(_) => {
            Some((with_argument(inner, target), format!("a `{word}` leads to models; remove the `Option`")))
        }
    }
}

/// A to-many field has no column that could be named, unique, or have a default.
fn check_to_many(model: &mut Model, errors: &mut Errors) {
    for field in model.fields.iter_mut().filter(|field| field.kind().is_many()) {
        let what = last_word(&field.ty);
        let attrs = &mut field.attrs;
        macro_rules! refuse { ($($slot:ident)*) => {$(
            if let Some(arg) = attrs.$slot.take() {
                errors.at(&arg, format!("`{}` is for columns, and a `{what}` has none", arg.name));
            }
        )*}}
        refuse!(column unique index max_length default db_default auto_now auto_now_add);
    }
}

/// A row is found, saved and deleted by one key that is never NULL.
fn check_primary_key(model: &mut Model, errors: &mut Errors) {
    let name = model.name();
    let mut key: Option<String> = None;
    let mut reported = false;
    for field in &mut model.fields {
        let Some(arg) = field.attrs.primary_key.take() else { continue };
        if field.kind().is_many() {
            let what = last_word(&field.ty);
            errors.at(&arg, format!("a `{what}` has no column and cannot be the primary key"));
            reported = true;
        } else if let Some(first) = &key {
            errors.at(&arg, format!("model `{name}` already has the primary key `{first}`; remove one"));
        } else {
            key = Some(field.name());
            field.attrs.primary_key = Some(arg);
        }
    }
    let Some(key) = model.key() else {
        if !reported {
            let fix = "add a field `id: i64`, or `#[orm(primary_key)]` to a field";
            errors.at(&model.ident, format!("model `{name}` has no primary key; {fix}"));
        }
        model.broken = true;
        return;
    };
    let field = &mut model.fields[key];
    if let Some(inner) = inside_option(&field.ty).cloned() {
        errors
            .at(&field.ty, format!("the primary key `{}` is never NULL; remove the `Option`", field.name()));
        field.ty = inner;
        model.broken = true;
    }
}

/// `varchar(n)` is a text, and PostgreSQL's longest is 10,485,760.
fn check_max_length(model: &mut Model, errors: &mut Errors) {
    const LONGEST: u32 = 10_485_760;
    const NO_TEXTS: [&str; 14] = [
        "i8",
        "i16",
        "i32",
        "i64",
        "u8",
        "u16",
        "u32",
        "u64",
        "f32",
        "f64",
        "bool",
        "DateTime",
        "NaiveDate",
        "Uuid",
    ];
    for field in &mut model.fields {
        let Some(arg) = &field.attrs.max_length else { continue };
        let ty = inside_option(&field.ty).unwrap_or(&field.ty);
        let word = last_word(ty);
        let in_range = arg.value.base10_parse::<u32>().is_ok_and(|length| (1..=LONGEST).contains(&length));
        if matches!(field.kind(), Kind::ForeignKey { .. }) {
            errors.at(arg, "`max_length` is for texts; a foreign key has the type of the key it holds");
        } else if NO_TEXTS.contains(&word.as_str()) || word == "Vec" {
            errors.at(arg, format!("`max_length` is for texts, and `{}` is of type `{word}`", field.name()));
        } else if !in_range {
            errors.at(&arg.value, format!("`max_length` must be between 1 and {LONGEST}"));
        } else {
            continue;
        }
        field.attrs.max_length = None;
    }
}

/// One value, from one place.
fn check_defaults(model: &mut Model, errors: &mut Errors) {
    for field in &mut model.fields {
        let attrs = &mut field.attrs;
        let mut first: Option<&str> = None;
        macro_rules! one_of { ($($slot:ident)*) => {$(
            match (&attrs.$slot, first) {
                (Some(arg), Some(first)) => {
                    let name = &arg.name;
                    let why = match (first, stringify!($slot)) {
                        ("auto_now", "auto_now_add") => "`auto_now` sets the time of creation too",
                        _ => "a field has one default",
                    };
                    errors.at(arg, format!("`{first}` and `{name}` exclude each other, as {why}; remove one"));
                    attrs.$slot = None;
                }
                (Some(_), None) => first = Some(stringify!($slot)),
                (None, _) => {}
            }
        )*}}
        one_of!(default db_default auto_now auto_now_add);
    }
}

/// PostgreSQL itself complains about these only when a row is deleted.
fn check_on_delete(model: &mut Model, errors: &mut Errors) {
    const VALUES: [&str; 5] = ["cascade", "restrict", "set_null", "set_default", "no_action"];
    for field in &mut model.fields {
        let Some(arg) = &field.attrs.on_delete else { continue };
        let name = field.name();
        let value = arg.value.value();
        match (field.kind(), value.as_str()) {
            (Kind::Column | Kind::HasMany(_) | Kind::ManyToMany(_), _) => {
                errors.at(arg, format!("`on_delete` is for foreign keys, and `{name}` is none"));
            }
            (_, value) if !VALUES.contains(&value) => {
                let list = || format!("; it is one of `{}`", VALUES.join("`, `"));
                let hint = did_you_mean(value, VALUES, list);
                errors.at(&arg.value, format!("unknown `on_delete` value `{value}`{hint}"));
            }
            (Kind::ForeignKey { nullable: false, .. }, "set_null") => {
                let fix = "make it an `Option<ForeignKey<…>>`";
                errors.at(&arg.value, format!("`set_null` needs a key that may be NULL; {fix}"));
            }
            (_, "set_default") if field.attrs.db_default.is_none() => {
                errors.at(
                    &arg.value,
                    "`set_default` needs a default in the database; add `db_default = \"…\"`",
                );
            }
            _ => continue,
        }
        field.attrs.on_delete = None;
    }
}

/// Whether the other model has the field is found out by the compiler, from the expansion.
fn check_via(model: &mut Model, errors: &mut Errors) {
    for field in &mut model.fields {
        let Some(arg) = &field.attrs.via else { continue };
        if !matches!(field.kind(), Kind::HasMany(_)) {
            errors.at(arg, format!("`via` is for a `HasMany`, and `{}` is none", field.name()));
        } else if syn::parse_str::<syn::Ident>(&format!("r#{}", arg.value.value())).is_err() {
            errors.at(&arg.value, "`via` takes the name of a field");
        } else {
            continue;
        }
        field.attrs.via = None;
    }
}

/// Rows are ordered by columns of their own.
fn check_ordering(model: &mut Model, errors: &mut Errors) {
    let Some(mut ordering) = model.attrs.ordering.take() else { return };
    let mut seen = HashSet::new();
    ordering.value.retain(|part| {
        let written = part.value();
        let name = written.strip_prefix('-').unwrap_or(&written);
        let message = match model.position(name) {
            None => {
                let names: Vec<_> = model.columns().map(|(_, field)| field.name()).collect();
                let list = || format!("; the columns are `{}`", names.join("`, `"));
                let hint = did_you_mean(name, names.iter().map(String::as_str), list);
                format!("model `{}` has no field `{name}` to order by{hint}", model.name())
            }
            Some(place) if model.fields[place].kind().is_many() => {
                format!("`{name}` leads to many rows; order by a column")
            }
            Some(_) if !seen.insert(name.to_owned()) => format!("`{name}` is in the order twice; remove one"),
            Some(_) => return true,
        };
        errors.at(part, message);
        false
    });
    model.attrs.ordering = Some(ordering);
}

/// PostgreSQL cuts longer names off without an error, and refuses the others.
fn check_names(model: &mut Model, errors: &mut Errors) {
    fn mistake(what: &str, name: &str) -> Option<String> {
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
    if let Some(message) = mistake("table", &model.table()) {
        match model.attrs.table.take() {
            Some(table) => errors.at(&table.value, message),
            None => errors.at(&model.ident, format!("{message}; give one with `#[orm(table = \"…\")]`")),
        }
    }
    for field in model.fields.iter_mut().filter(|field| !field.kind().is_many()) {
        if let Some(message) = mistake("column", &field.column()) {
            match field.attrs.column.take() {
                Some(column) => errors.at(&column.value, message),
                None => errors.at(&field.ident, format!("{message}; give one with `#[orm(column = \"…\")]`")),
            }
        }
    }
}

/// A key `author` has the column `author_id`, which is easily forgotten.
fn check_columns_differ(model: &mut Model, errors: &mut Errors) {
    let mut owners: HashMap<String, String> = HashMap::new();
    for (_, field) in model.columns() {
        let column = field.column();
        match owners.get(&column) {
            None => {
                owners.insert(column, field.name());
            }
            Some(owner) => {
                let message = format!("column `{column}` is already that of field `{owner}`");
                match &field.attrs.column {
                    Some(arg) => errors.at(&arg.value, message),
                    None => {
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

/// The builder has a method for each column beside its own.
fn check_builder(model: &mut Model, errors: &mut Errors) {
    let clash = |field: &&mut Field| field.name() == "build" && !field.kind().is_many();
    if let Some(field) = model.fields.iter_mut().find(clash) {
        let message = "`build` is a method of the builder; call the field something else";
        errors.at(&field.ident, format!("{message}, and keep the column with `#[orm(column = \"build\")]`"));
        field.ident = syn::Ident::new("build_", field.ident.span());
        model.broken = true;
    }
}
