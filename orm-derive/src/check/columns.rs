//! Rules for what is said of columns.

use crate::{
    diag::Errors,
    kind::{Kind, inside_option, last_word},
    model::Model,
};

/// A to-many field has no column that could be named, unique, or have a default.
pub(super) fn check_to_many(model: &mut Model, errors: &mut Errors) {
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

/// `varchar(n)` is a text, and PostgreSQL's longest is 10,485,760.
pub(super) fn check_max_length(model: &mut Model, errors: &mut Errors) {
    const LONGEST: u32 = 10_485_760;
    const NO_TEXTS: [&str; 14] = [
        "i16",
        "i32",
        "i64",
        "f32",
        "f64",
        "bool",
        "DateTime",
        "NaiveDate",
        "NaiveDateTime",
        "NaiveTime",
        "Decimal",
        "Interval",
        "Uuid",
        "Vec",
    ];
    for field in &mut model.fields {
        let Some(arg) = &field.attrs.max_length else { continue };
        let word = last_word(inside_option(&field.ty).unwrap_or(&field.ty));
        let in_range = arg.value.base10_parse::<u32>().is_ok_and(|length| (1..=LONGEST).contains(&length));
        if matches!(field.kind(), Kind::ForeignKey { .. }) {
            errors.at(arg, "`max_length` is for texts; a foreign key has the type of the key it holds");
        } else if NO_TEXTS.contains(&word.as_str()) {
            errors.at(arg, format!("`max_length` is for texts, and `{}` is of type `{word}`", field.name()));
        } else if !in_range {
            errors.at(&arg.value, "`max_length` must be between 1 and 10,485,760");
        } else {
            continue;
        }
        field.attrs.max_length = None;
    }
}

/// One value, from one place.
pub(super) fn check_defaults(model: &mut Model, errors: &mut Errors) {
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
