//! Rules for validators.

use crate::{diag::Errors, kind::Kind, model::Model};

/// A validator looks at a value of the field's own; whether it fits the type is found out by the compiler, from the expansion.
pub(super) fn check_validators(model: &mut Model, errors: &mut Errors) {
    for field in &mut model.fields {
        let is_relation = !matches!(field.kind(), Kind::Column);
        let attrs = &mut field.attrs;
        macro_rules! refuse { ($($slot:ident)*) => {$(
            if let Some(arg) = attrs.$slot.take_if(|_| is_relation) {
                errors.at(&arg, format!("`{}` validates a value, and a relation has none", arg.name));
            }
        )*}}
        refuse!(min_length min_value max_value step email url slug regex validate);
        if let Some(arg) = &attrs.regex
            && let Some(why) = mistaken_pattern(&arg.value.value())
        {
            errors.at(&arg.value, why);
            attrs.regex = None;
        }
        if let Some(arg) = attrs.min_length.take_if(|arg| arg.value.base10_parse::<u32>().is_err()) {
            errors.at(&arg.value, "`min_length` must be between 0 and 4,294,967,295");
        }
    }
}

#[cfg(feature = "regex-1")]
fn mistaken_pattern(pattern: &str) -> Option<String> {
    let error = regex_syntax::parse(pattern).err()?;
    let says = error.to_string();
    let last = says.lines().last().unwrap_or_default();
    Some(format!("not a regular expression: {}", last.strip_prefix("error: ").unwrap_or(last)))
}

#[cfg(not(feature = "regex-1"))]
fn mistaken_pattern(_: &str) -> Option<String> {
    Some("`regex` needs the feature `regex-1` of `orm`".to_owned())
}
