//! The validators of fields: they look at a value as it is stored, so that drafts, changes and instances are judged alike.

use super::ValidationError;
use crate::{FieldMeta, FieldType, Param, SqlType, Value};
use std::{
    cmp::Ordering,
    fmt::Display,
    ops::{Rem, Sub},
};

/// Judges the value of a field, which is not NULL and could be encoded; the derive writes them.
pub type Validator = fn(&Param) -> Result<(), ValidationError>;

/// Judges a text.
pub fn text(value: &Param, is_valid: fn(&str) -> Result<(), ValidationError>) -> Result<(), ValidationError> {
    value.text().map_or(Ok(()), is_valid)
}

/// Judges a value by a function of the user's.
pub fn custom<T: Value, E: Into<ValidationError>>(
    value: &Param,
    is_valid: impl FnOnce(&T::Base) -> Result<(), E>,
) -> Result<(), ValidationError> {
    decoded::<T::Base>(value).map_or(Ok(()), |value| is_valid(&value).map_err(Into::into))
}

/// At least so many characters.
pub fn min_length(value: &Param, least: usize) -> Result<(), ValidationError> {
    let length = value.text().map_or(least, |text| text.chars().count());
    if length >= least {
        return Ok(());
    }
    let message = format!("Ensure this value has at least {least} characters (it has {length}).");
    Err(ValidationError::new("min_length", message)
        .with_param("limit_value", least)
        .with_param("show_value", length))
}

/// Types with `min_value` and `max_value`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no limits",
    label = "`min_value` and `max_value` are for types that are `PartialOrd` and `Display`"
)]
pub trait Limited: FieldType {
    /// Not less.
    fn min_value(value: &Param, least: Self) -> Result<(), ValidationError>;
    /// Not more.
    fn max_value(value: &Param, most: Self) -> Result<(), ValidationError>;
}
#[diagnostic::do_not_recommend]
impl<S: FieldType + PartialOrd + Display> Limited for S {
    fn min_value(value: &Param, least: S) -> Result<(), ValidationError> {
        match decoded::<S>(value) {
            // also what cannot be compared
            Some(value) if value.partial_cmp(&least).is_none_or(Ordering::is_lt) => {
                Err(limit("min_value", "greater", &least))
            }
            _ => Ok(()),
        }
    }

    fn max_value(value: &Param, most: S) -> Result<(), ValidationError> {
        match decoded::<S>(value) {
            Some(value) if value.partial_cmp(&most).is_none_or(Ordering::is_gt) => {
                Err(limit("max_value", "less", &most))
            }
            _ => Ok(()),
        }
    }
}

fn limit(code: &'static str, than: &str, limit: &impl Display) -> ValidationError {
    let message = format!("Ensure this value is {than} than or equal to {limit}.");
    ValidationError::new(code, message).with_param("limit_value", limit)
}

/// Types with `step`: those whose division is exact are `Ord`; floating point numbers are not.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no steps",
    label = "`step` is for integers and decimals"
)]
pub trait Stepped: FieldType {
    /// A multiple.
    fn step(value: &Param, size: Self) -> Result<(), ValidationError>;
}
#[diagnostic::do_not_recommend]
impl<S: FieldType + Ord + Display + Rem<Output = S> + Sub<Output = S>> Stepped for S {
    fn step(value: &Param, size: S) -> Result<(), ValidationError> {
        let zero = size.clone() - size.clone();
        match decoded::<S>(value) {
            Some(value) if size != zero && value.clone() % size.clone() != zero => {
                let message = format!("Ensure this value is a multiple of step size {size}.");
                Err(ValidationError::new("step_size", message).with_param("limit_value", size))
            }
            _ => Ok(()),
        }
    }
}

/// A pattern, compiled when it is first needed. The derive has checked that it can be.
#[cfg(feature = "regex-1")]
#[derive(Debug)]
pub struct Pattern(&'static str, std::sync::OnceLock<Option<regex::Regex>>);

#[cfg(feature = "regex-1")]
impl Pattern {
    /// Of this source.
    pub const fn new(source: &'static str) -> Self {
        Pattern(source, std::sync::OnceLock::new())
    }

    /// That some of a text matches.
    pub fn check(&self, value: &Param) -> Result<(), ValidationError> {
        let Some(text) = value.text() else { return Ok(()) };
        match self.1.get_or_init(|| regex::Regex::new(self.0).ok()) {
            Some(pattern) if pattern.is_match(text) => Ok(()),
            _ => Err("Enter a valid value.".into()),
        }
    }
}

fn decoded<T: FieldType>(value: &Param) -> Option<T> {
    T::decode(value.bytes().ok()??).ok()
}

/// What is wrong with the value of a field.
pub(super) fn judge(field: &FieldMeta, value: &Param) -> Vec<ValidationError> {
    if value.parts().len() > 1 {
        return Vec::new(); // a key of several columns
    }
    let bytes = match value.bytes() {
        Ok(Some(bytes)) => bytes,
        Ok(None) if field.nullable => return Vec::new(),
        Ok(None) => return vec![ValidationError::new("null", "This field cannot be null.")],
        Err(error) => return vec![error.to_string().into()],
    };
    let own = field.validators.iter().map(|validator| validator(value));
    let all = [max_length(field, value), digits(field, bytes)].into_iter().chain(own);
    all.filter_map(Result::err).collect()
}

fn max_length(field: &FieldMeta, value: &Param) -> Result<(), ValidationError> {
    let (Some(most), Some(text)) = (field.max_length, value.text()) else { return Ok(()) };
    let length = text.chars().count();
    if u32::try_from(length).is_ok_and(|length| length <= most) {
        return Ok(());
    }
    let message = format!("Ensure this value has at most {most} characters (it has {length}).");
    Err(ValidationError::new("max_length", message)
        .with_param("limit_value", most)
        .with_param("show_value", length))
}

/// That a decimal has no more digits than its column, which would round it or refuse it
/// (the format is that of `numeric_send` in PostgreSQL's `numeric.c`).
fn digits(field: &FieldMeta, bytes: &[u8]) -> Result<(), ValidationError> {
    let (Some((most, places)), SqlType::Numeric) = (field.digits, field.ty.base()) else { return Ok(()) };
    let word = |at: usize| bytes.get(2 * at..2 * at + 2).map(|word| i16::from_be_bytes([word[0], word[1]]));
    let (Some(weight), Some(scale), Some(first)) = (word(1), word(3), word(4)) else { return Ok(()) };
    let of_first = i32::from(first.checked_ilog10().map_or(0, |log| log as u8 + 1));
    let whole = (i32::from(weight) * 4 + of_first).max(0);
    let (most, places, scale) = (i32::from(most), i32::from(places), i32::from(scale));
    let error = |code, limit: i32, what: &str| {
        let message = format!("Ensure that there are no more than {limit} {what}.");
        Err(ValidationError::new(code, message).with_param("max", limit))
    };
    if scale > places {
        error("max_decimal_places", places, "decimal places")
    } else if whole > most - places {
        error("max_whole_digits", most - places, "digits before the decimal point")
    } else {
        Ok(())
    }
}
