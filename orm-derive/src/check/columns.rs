//! Rules for what is said of columns.

use crate::{
    attr::Arg,
    diag::Errors,
    kind::{Kind, inside_option, last_word},
    model::Model,
};
use syn::{LitInt, parse_quote};

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
        refuse!(auto_now auto_now_add comment generated version soft_delete);
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

/// A model has one version, a number that we count. It begins with 1.
pub(super) fn check_version(model: &mut Model, errors: &mut Errors) {
    const INTEGERS: [&str; 4] = ["i16", "i32", "i64", "u32"];
    let (keys, mut first, mut mistaken) = (model.keys(), None, false);
    for (at, field) in model.fields.iter_mut().enumerate() {
        let Some(arg) = field.attrs.version.take() else { continue };
        let (name, ty) = (field.name(), last_word(&field.ty));
        if keys.contains(&at) {
            errors.at(&arg, "`version` counts changes, and a primary key never changes; add a field for it");
        } else if inside_option(&field.ty).is_some() {
            errors.at(&field.ty, format!("the version `{name}` is never NULL; remove the `Option`"));
        } else if !matches!(field.kind(), Kind::Column) || !INTEGERS.contains(&ty.as_str()) {
            errors.at(
                &field.ty,
                format!("`version` is a number, and `{name}` is of type `{ty}`; make it an `i64`"),
            );
        } else if let Some(first) = &first {
            errors.at(&arg, format!("a model has one version, and `{first}` is it; remove one"));
        } else if field.attrs.generated.is_some() || field.attrs.auto_now.is_some() {
            errors.at(&arg, "`version` is counted by us; remove the other attribute");
        } else {
            first = Some(name);
            if !field.has_default() {
                let start = Arg { name: arg.name.clone(), value: parse_quote!(1) };
                field.attrs.default = Some(start);
            }
            field.attrs.version = Some(arg);
            continue;
        }
        mistaken = true; // what was meant is a number that nobody gives
    }
    model.broken |= mistaken;
}

/// A row that is not deleted has no time at which it was.
pub(super) fn check_soft_delete(model: &mut Model, errors: &mut Errors) {
    let mut first: Option<String> = None;
    for field in &mut model.fields {
        let Some(arg) = field.attrs.soft_delete.take() else { continue };
        let name = field.name();
        if field.attrs.primary_key.is_some() || name == "id" {
            errors.at(
                &arg,
                "`soft_delete` is the time of deletion, which no primary key is; add a field for it",
            );
        } else if inside_option(&field.ty).is_none() || !matches!(field.kind(), Kind::Column) {
            let fix = "a row that is not deleted has none; make it an `Option<DateTime<Utc>>`";
            errors.at(&field.ty, format!("`{name}` is the time of deletion, and {fix}"));
            model.broken = true;
        } else if let Some(first) = &first {
            errors.at(&arg, format!("a model has one time of deletion, and `{first}` is it; remove one"));
        } else if field.has_default() {
            errors.at(&arg, "a new row is not deleted; remove the default");
        } else {
            first = Some(name);
            field.attrs.soft_delete = Some(arg);
        }
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
