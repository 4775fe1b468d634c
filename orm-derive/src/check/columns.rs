//! Rules for what is said of columns.

use crate::{
    attr::Arg,
    diag::Errors,
    kind::{Kind, inside_option, last_word},
    model::Model,
};
use syn::LitInt;

/// A to-many field has no column that could be named, unique, or have a default.
pub(super) fn check_to_many(model: &mut Model, errors: &mut Errors) {
    for field in model.fields.iter_mut().filter(|field| field.kind().is_far()) {
        let what = last_word(&field.ty);
        let attrs = &mut field.attrs;
        macro_rules! refuse { ($($slot:ident)*) => {$(
            if let Some(arg) = attrs.$slot.take() {
                errors.at(&arg, format!("`{}` is for columns, and a `{what}` has none", arg.name));
            }
        )*}}
        refuse!(column unique index max_length max_digits decimal_places collation default db_default);
        refuse!(auto_now auto_now_add comment generated);
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

/// `numeric(n, m)` has at most 1,000 digits, and no fewer than those after the point. Whether the type is `numeric` is found
/// out by the compiler, from the expansion.
pub(super) fn check_digits(model: &mut Model, errors: &mut Errors) {
    for field in &mut model.fields {
        let attrs = &mut field.attrs;
        let number = |arg: &Arg<LitInt>| arg.value.base10_parse::<u16>();
        match (&attrs.max_digits, &attrs.decimal_places) {
            (None, None) => continue,
            (Some(arg), None) => {
                errors.at(
                    arg,
                    "`max_digits` needs to know how many are after the point; add `decimal_places = 2`",
                );
            }
            (None, Some(arg)) => {
                errors.at(
                    arg,
                    "`decimal_places` needs to know how many digits there are; add `max_digits = 10`",
                );
            }
            (Some(digits), Some(places)) => match (number(digits), number(places)) {
                (Ok(most @ 1..=1000), Ok(after)) if after <= most => continue,
                (Ok(1..=1000), _) => {
                    errors.at(&places.value, "`decimal_places` must be between 0 and `max_digits`");
                }
                _ => errors.at(&digits.value, "`max_digits` must be between 1 and 1,000"),
            },
        }
        (attrs.max_digits, attrs.decimal_places) = (None, None);
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
        one_of!(default db_default auto_now auto_now_add generated);
    }
}
