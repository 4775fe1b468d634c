//! Rules for primary keys and relations.

use crate::{
    attr::field_named,
    diag::{Errors, did_you_mean},
    kind::{Kind, inside_option, last_word},
    model::{Field, Model},
};
use syn::LitStr;

/// A row is found, saved and deleted by one key that is never NULL.
pub(super) fn check_primary_key(model: &mut Model, errors: &mut Errors) {
    let name = model.name();
    let mut key: Option<String> = None;
    let mut reported = false;
    for field in &mut model.fields {
        let Some(arg) = field.attrs.primary_key.take() else { continue };
        if field.kind().is_far() {
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
        model.fields.push(Field::missing_key());
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
    let own = model.name();
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
        let wrong = |text: &&LitStr| field_named(text).is_none();
        if let Some(text) = attrs.through_fields.iter().flat_map(|arg| &arg.value).find(wrong) {
            errors.at(text, "`through_fields` takes the names of two fields");
            attrs.through_fields = None;
        }
    }
}
