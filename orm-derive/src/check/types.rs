//! Rules for the types of fields.

use crate::{
    diag::Errors,
    kind::{Kind, argument, inside_option, last_word, with_argument},
    model::Model,
};
use proc_macro2::{Ident, Span};
use syn::{Type, parse_quote};

/// A row outlives the query, so it owns its values; and a relation's own `Option` says whether its key may be NULL.
pub(super) fn check_types(model: &mut Model, errors: &mut Errors) {
    let model_type: Type = {
        let ident = &model.ident;
        parse_quote!(#ident)
    };
    for field in &mut model.fields {
        let Some((ty, message)) = mistaken_type(&field.ty, &model_type) else { continue };
        if let Some(message) = message {
            errors.at(&field.ty, message);
        }
        field.ty = ty;
        model.broken = true;
    }
}

/// What the type should have been, and why, unless rustc says so itself.
fn mistaken_type(ty: &Type, model: &Type) -> Option<(Type, Option<String>)> {
    let optional = inside_option(ty);
    let inner = optional.unwrap_or(ty);
    let again = |ty: Type| if optional.is_some() { parse_quote!(::core::option::Option<#ty>) } else { ty };
    let word = last_word(inner);
    if let Type::Reference(reference) = inner {
        let (owned, fix): (Type, _) = match &*reference.elem {
            Type::Slice(slice) => {
                let elem = &slice.elem;
                (parse_quote!(::std::vec::Vec<#elem>), "a `Vec`")
            }
            elem if last_word(elem) == "str" => (parse_quote!(::std::string::String), "a `String`"),
            elem => (elem.clone(), "the value itself"),
        };
        let message = format!("a model owns its values and cannot hold a reference; use {fix}");
        return Some((again(owned), reference.lifetime.as_ref().map(|_| message)));
    }
    if let Some(held) = held(&word) {
        let message = format!("PostgreSQL has no type for `{word}`; use `{held}`");
        let held = Ident::new(held, Span::call_site());
        return Some((again(parse_quote!(#held)), Some(message)));
    }
    if optional.is_some() && Kind::of(inner).is_far() {
        let message = format!("a `{word}` may be empty as it is; remove the `Option`");
        return Some((inner.clone(), Some(message)));
    }
    let Some(target) = argument(inner) else {
        let is_relation = ["ForeignKey", "HasMany", "HasOne", "ManyToMany"].contains(&word.as_str());
        return is_relation.then(|| (again(with_argument(inner, model)), None));
    };
    let target = inside_option(target)?;
    let relation = with_argument(inner, target);
    match Kind::of(inner) {
        Kind::Column => None,
        Kind::ForeignKey { .. } => {
            let message = "the `Option` goes around a foreign key; write `Option<ForeignKey<…>>`";
            Some((parse_quote!(::core::option::Option<#relation>), Some(message.to_owned())))
        }
        Kind::HasMany(_) | Kind::HasOne(_) | Kind::ManyToMany(_) => {
            Some((relation, Some(format!("a `{word}` leads to models; remove the `Option`"))))
        }
    }
}

/// The nearest integer that PostgreSQL has, for one that it has not.
pub(crate) fn held(word: &str) -> Option<&'static str> {
    match word {
        "i8" => Some("i16"),
        "isize" | "i128" => Some("i64"),
        "usize" | "u128" => Some("u64"),
        _ => None,
    }
}
