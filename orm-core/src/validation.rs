//! Validation: what is wrong with the values of a row, all of it at once, for people and for programs.

pub mod fields;
mod formats;
mod full_clean;
pub mod validators;

pub use full_clean::FullClean;

use crate::{Error, ErrorKind};
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap, error::Error as StdError, fmt};

/// The name under which [`ValidationErrors`] keeps what is no single field's fault, as Django does.
pub const NON_FIELD_ERRORS: &str = "__all__";

/// One thing that is wrong: a code for programs, a message for people, and the parameters of the message.
///
/// A text alone is one with the code `invalid`, so that a validator can be `fn(&i32) -> Result<(), &'static str>`.
///
/// ```
/// use orm::ValidationError;
///
/// let error = ValidationError::new("taken", "Room 7 is taken.").with_param("room", 7);
/// let json = serde_json::to_value(&error)?;
/// assert_eq!(json, serde_json::json!({"code": "taken", "message": "Room 7 is taken.", "params": {"room": "7"}}));
/// assert_eq!(ValidationError::from("It is odd.").code, "invalid");
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ValidationError {
    /// What kind of mistake it is: `required`, `max_length`, `unique`, …
    pub code: Cow<'static, str>,
    /// What people read.
    pub message: Cow<'static, str>,
    /// What the message speaks of, for programs that write one of their own.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<&'static str, String>,
}

impl ValidationError {
    /// A mistake of a kind.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        ValidationError { code: code.into(), message: message.into(), params: BTreeMap::new() }
    }

    /// Adds something that the message speaks of.
    #[must_use]
    pub fn with_param(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}

impl From<&'static str> for ValidationError {
    fn from(message: &'static str) -> Self {
        ValidationError::new("invalid", message)
    }
}

impl From<String> for ValidationError {
    fn from(message: String) -> Self {
        ValidationError::new("invalid", message)
    }
}

/// All that is wrong with the values of a row, by field. Serializes as a map from fields to lists of errors.
///
/// As an [`Error`] it is of the kind [`ErrorKind::Validation`], and [`Error::validation_errors`] gives it back. `Display`
/// shows fields and codes; the messages, which may hold values, are for the one who sent them.
///
/// ```
/// use orm::{ValidationError, ValidationErrors};
///
/// let mut errors = ValidationErrors::default();
/// errors.add("title", ValidationError::new("max_length", "It is too long."));
/// errors.add(orm::NON_FIELD_ERRORS, "The end is before the start.");
/// assert_eq!(errors.field("title")[0].code, "max_length");
/// assert_eq!(errors.message_dict()["__all__"], ["The end is before the start."]);
/// assert_eq!(errors.to_string(), "__all__: invalid; title: max_length");
/// let error = orm::Error::from(errors);
/// assert!(error.is_validation() && error.validation_errors().is_some());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ValidationErrors(BTreeMap<Cow<'static, str>, Vec<ValidationError>>);

impl ValidationErrors {
    /// Adds a mistake in a field, or in [`NON_FIELD_ERRORS`].
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, error: impl Into<ValidationError>) {
        self.0.entry(field.into()).or_default().push(error.into());
    }

    /// Adds all that others say.
    pub fn extend(&mut self, others: impl Into<ValidationErrors>) {
        for (field, errors) in others.into().0 {
            self.0.entry(field).or_default().extend(errors);
        }
    }

    /// What is wrong with a field.
    pub fn field(&self, name: &str) -> &[ValidationError] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The fields with what is wrong with each.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[ValidationError])> {
        self.0.iter().map(|(field, errors)| (&**field, &**errors))
    }

    /// The messages by field: Django's `message_dict`.
    pub fn message_dict(&self) -> BTreeMap<&str, Vec<&str>> {
        let messages =
            self.iter().map(|(field, errors)| (field, errors.iter().map(|error| &*error.message).collect()));
        messages.collect()
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An error, if something is wrong.
    ///
    /// # Errors
    /// This, if it is not empty.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    pub(crate) fn remove(&mut self, field: &str) {
        self.0.remove(field);
    }
}

/// What is wrong with a row as a whole.
impl<E: Into<ValidationError>> From<E> for ValidationErrors {
    fn from(error: E) -> Self {
        let mut errors = ValidationErrors::default();
        errors.add(NON_FIELD_ERRORS, error);
        errors
    }
}

impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (field, errors)) in self.0.iter().enumerate() {
            let codes: Vec<_> = errors.iter().map(|error| &*error.code).collect();
            write!(f, "{}{field}: {}", if place == 0 { "" } else { "; " }, codes.join(", "))?;
        }
        Ok(())
    }
}

impl StdError for ValidationErrors {}

impl From<ValidationErrors> for Error {
    fn from(errors: ValidationErrors) -> Self {
        Error::new(ErrorKind::Validation, format!("not valid: {errors}")).with_source(errors)
    }
}
