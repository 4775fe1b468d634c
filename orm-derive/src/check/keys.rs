//! Rules for primary keys and relations.

use crate::{
    attr::field_named,
    diag::{Errors, did_you_mean},
    kind::{Kind, inside_option, last_word},
    model::{Field, Model},
};
use syn::LitStr;

/// A row is found, saved and deleted by its key, which is never NULL and may have several columns.
pub(super) fn check_primary_key(model: &mut Model, errors: &mut Errors) {
    const MOST: usize = 4;
    let name = model.name();
    let mut reported = false;
    let mut keys = 0;
    for field in &mut model.fields {
        let Some(arg) = field.attrs.primary_key.take() else { continue };
        keys += 1;
        if field.kind().is_far() {
            let what = last_word(&field.ty);
            errors.at(&arg, format!("a `{what}` has no column and cannot be the primary key"));
            reported = true;
        } else if field.attrs.columns.is_some() {
            errors.at(
                &arg,
                "a foreign key of several columns cannot be a part of the primary key; declare its columns",
            );
        } else if keys > MOST {
            errors.at(&arg, format!("a primary key has at most {MOST} fields"));
        } else {
            field.attrs.primary_key = Some(arg);
        }
    }
    let keys = model.keys();
    if keys.is_empty() {
        if !reported {
            let fix = "add a field `id: i64`, or `#[orm(primary_key)]` to a field";
            errors.at(&model.ident, format!("model `{name}` has no primary key; {fix}"));
        }
        model.fields.push(Field::missing_key());
        model.broken = true;
    }
    for key in keys {
        let field = &mut model.fields[key];
        if let Some(inner) = inside_option(&field.ty).cloned() {
            let message = format!("the primary key `{}` is never NULL; remove the `Option`", field.name());
            errors.at(&field.ty, message);
            field.ty = inner;
            model.broken = true;
        }
    }
}

/// Only a foreign key has several columns.
pub(super) fn check_columns(model: &mut Model, errors: &mut Errors) {
    for field in &mut model.fields {
        let is_key = matches!(field.kind(), Kind::ForeignKey { .. });
        let attrs = &mut field.attrs;
        let message = match &attrs.columns {
            None => continue,
            Some(_) if !is_key => "`columns` is for a foreign key to a model whose key has several columns",
            Some(_) if attrs.column.is_some() => "`column` and `columns` exclude each other; remove one",
            Some(_) if attrs.default.is_some() || attrs.db_default.is_some() => {
                "a foreign key of several columns has no default; give each row its key"
            }
            Some(_) => continue,
        };
        if let Some(arg) = attrs.columns.take() {
            errors.at(&arg, message);
        }
    }
}

/// PostgreSQL itself complains about these only when a row is deleted.
pub(super) fn check_on_delete(model: &mut Model, errors: &mut Errors) {
    const VALUES: [&str; 5] = ["cascade", "restrict", "set_null", "set_default", "no_action"];
    for field in &mut model.fields {
        let Some(arg) = &field.attrs.on_delete else { continue };
        let name = field.name();
        let value = arg.value.value();
        match (field.kind(), value.as_str()) {
            (Kind::Column | Kind::HasMany(_) | Kind::HasOne(_) | Kind::ManyToMany(_), _) => {
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
pub(super) fn check_via(model: &mut Model, errors: &mut Errors) {
    for field in &mut model.fields {
        let Some(arg) = &field.attrs.via else { continue };
        if !field.kind().is_far() {
            errors.at(
                arg,
                format!("`via` is for a `HasMany`, `HasOne` or `ManyToMany`, and `{}` is none", field.name()),
            );
        } else if field_named(&arg.value).is_none() {
            errors.at(&arg.value, "`via` takes the name of a field");
        } else {
            continue;
        }
        field.attrs.via = None;
    }
}

/// Where the pairs of a many-to-many relation are is said once.
pub(super) fn check_pairs(model: &mut Model, errors: &mut Errors) {
    let (own, composite) = (model.name(), model.keys().len() > 1);
    for field in &mut model.fields {
        let to_self = matches!(field.kind(), Kind::ManyToMany(target) if last_word(target) == own);
        let is_pairs = matches!(field.kind(), Kind::ManyToMany(_));
        let name = field.name();
        let attrs = &mut field.attrs;
        let via = attrs.via.is_some();
        macro_rules! refuse {
            ($slot:ident if $wrong:expr, $message:expr) => {
                if let Some(arg) = attrs.$slot.take_if(|_| $wrong) {
                    errors.at(&arg, $message);
                }
            };
        }
        refuse!(table if !is_pairs, "`table` belongs on the struct");
        macro_rules! pairs_only { ($($slot:ident)*) => {$(
            refuse!($slot if !is_pairs, format!(
                concat!("`", stringify!($slot), "` is for a `ManyToMany`, and `{}` is none"), name
            ));
            refuse!($slot if via, concat!(
                "the field that `via` names says where the pairs are; give `", stringify!($slot), "` there"
            ));
        )*}}
        pairs_only!(table through through_fields symmetrical);
        refuse!(table if attrs.through.is_some(), "the pairs are in the table of the model that `through` names");
        refuse!(through_fields if attrs.through.is_none(), "`through_fields` are fields of the model that `through` names");
        refuse!(symmetrical if !to_self, "`symmetrical` is for a relation of a model with itself");
        if composite && is_pairs && attrs.via.is_none() && attrs.through.is_none() {
            let fix = "declare it as a model, and name that by `through`";
            errors.at(&field.ty, format!("no table is made for pairs with a key of several columns; {fix}"));
        }
        let wrong = |text: &&LitStr| field_named(text).is_none();
        if let Some(text) = attrs.through_fields.iter().flat_map(|arg| &arg.value).find(wrong) {
            errors.at(text, "`through_fields` takes the names of two fields");
            attrs.through_fields = None;
        }
    }
}

/// A unique column that foreign keys hold has a name for them, and the far side says which it is.
pub(super) fn check_to_field(model: &mut Model, errors: &mut Errors) {
    let key = model.key();
    let is_key = |at: usize| key == Some(at);
    let hides = model.fields.iter().any(|field| field.attrs.soft_delete.is_some());
    for (at, field) in model.fields.iter_mut().enumerate() {
        let Some(arg) = &field.attrs.key else { continue };
        let message = if field.kind().is_far() || matches!(field.kind(), Kind::ForeignKey { .. }) {
            "`key` names a column that foreign keys may hold, and this is a relation"
        } else if inside_option(&field.ty).is_some() {
            "a column that foreign keys hold is never NULL; remove the `Option`, or `key`"
        } else if field.attrs.unique.is_none() && !is_key(at) {
            "foreign keys hold what is unique; add `unique`"
        } else if hides && !is_key(at) {
            "with `soft_delete` it is unique only among rows that are not deleted, and no foreign key can refer to it; remove `key`"
        } else {
            continue;
        };
        errors.at(arg, message);
        field.attrs.key = None;
    }
    let names: Vec<(String, bool)> =
        model.fields.iter().map(|field| (field.name(), field.attrs.key.is_some())).collect();
    for field in &mut model.fields {
        let Some(arg) = &field.attrs.to_field else { continue };
        let name = arg.value.value();
        let is_reverse = matches!(field.kind(), Kind::HasMany(_) | Kind::HasOne(_));
        let message = match names.iter().find(|(other, _)| *other == name) {
            _ if !is_reverse => {
                "`to_field` is said of a `HasMany` or `HasOne`; a `ForeignKey<M, K>` says it by its type"
                    .to_owned()
            }
            Some((_, true)) => continue,
            Some((_, false)) => {
                format!("`{name}` is no column that foreign keys hold; add `#[orm(unique, key = …)]` to it")
            }
            None => {
                let keys: Vec<_> =
                    names.iter().filter(|(_, is_key)| *is_key).map(|(name, _)| name.as_str()).collect();
                let list = || format!("; with a `key` there are `{}`", keys.join("`, `"));
                format!("there is no field `{name}`{}", did_you_mean(&name, keys.iter().copied(), list))
            }
        };
        errors.at(&arg.value, message);
        field.attrs.to_field = None;
    }
}
