//! Django's validators: functions that a field's `#[orm(validate = …)]` and any other code can call. The attributes
//! `email`, `url`, `slug`, `min_length`, `min_value`, `max_value`, `step` and `regex` are the same for a field.
//!
//! ```
//! use orm::validators;
//!
//! assert!(validators::email("alice@example.org").is_ok());
//! assert_eq!(validators::email("alice@").unwrap_err().message, "Enter a valid email address.");
//! ```

pub use super::fields::{Limited, Stepped};
use super::{
    ValidationError,
    formats::{is_domain_name, is_email, is_slug, is_url},
};

/// An e-mail address, as `alice@example.org`; that it exists is not asked.
///
/// # Errors
/// Code `invalid`.
pub fn email(text: &str) -> Result<(), ValidationError> {
    valid(is_email(text), "Enter a valid email address.")
}

/// A URL with a host and the scheme `http`, `https`, `ftp` or `ftps`.
///
/// ```
/// use orm::validators::url;
///
/// assert!(url("https://example.org:8080/path?q=1").is_ok());
/// assert!(url("javascript:alert(1)").is_err() && url("https://").is_err());
/// ```
///
/// # Errors
/// Code `invalid`.
pub fn url(text: &str) -> Result<(), ValidationError> {
    valid(is_url(text, &["http", "https", "ftp", "ftps"]), "Enter a valid URL.")
}

/// ASCII letters, digits, `-` and `_`.
///
/// # Errors
/// Code `invalid`.
pub fn slug(text: &str) -> Result<(), ValidationError> {
    let is_valid = is_slug(text, |c| c.is_ascii_alphanumeric());
    valid(is_valid, "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.")
}

/// Letters and digits of any script, `-` and `_`.
///
/// ```
/// use orm::validators::{slug, unicode_slug};
///
/// assert!(unicode_slug("größe-7").is_ok() && slug("größe-7").is_err());
/// ```
///
/// # Errors
/// Code `invalid`.
pub fn unicode_slug(text: &str) -> Result<(), ValidationError> {
    let is_valid = is_slug(text, char::is_alphanumeric);
    valid(is_valid, "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.")
}

/// A domain name, as `example.org`.
///
/// ```
/// use orm::validators::domain_name;
///
/// assert!(domain_name("www.example.org").is_ok() && domain_name("example").is_err());
/// ```
///
/// # Errors
/// Code `invalid`.
pub fn domain_name(text: &str) -> Result<(), ValidationError> {
    valid(is_domain_name(text), "Enter a valid domain name.")
}

fn valid(is_valid: bool, message: &'static str) -> Result<(), ValidationError> {
    if is_valid { Ok(()) } else { Err(message.into()) }
}
