//! What a request is answered when it cannot be done: Problem Details (RFC 9457).

use axum::{
    Json,
    extract::rejection::{JsonRejection, PathRejection, QueryRejection},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use orm::{Error, ErrorKind, ValidationErrors};
use serde::Serialize;
use std::{collections::BTreeMap, error::Error as StdError};

/// For each field that is wrong, what is wrong with it.
pub type FieldErrors = BTreeMap<String, Vec<String>>;

/// A refusal, as `application/problem+json`.
///
/// It says what the client can mend, and nothing of how we are built: no SQL, no constraint, no server's words.
///
/// ```
/// use blog::problem::Problem;
///
/// let problem = Problem::field("limit", "is not a number");
/// let json = serde_json::to_value(&problem)?;
/// assert_eq!((&json["status"], &json["errors"]["limit"][0]), (&422.into(), &"is not a number".into()));
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Serialize, Debug)]
pub struct Problem {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    title: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: FieldErrors,
}

impl Problem {
    /// One that its status says all about.
    pub fn new(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or_default().to_owned();
        Problem { kind: None, title, status: status.as_u16(), detail: None, errors: FieldErrors::new() }
    }

    /// Nothing is there.
    pub fn not_found() -> Self {
        Problem::new(StatusCode::NOT_FOUND)
    }

    /// The resource has no such method.
    pub fn method_not_allowed() -> Self {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED)
    }

    /// Fields whose values cannot be taken.
    pub fn fields(errors: FieldErrors) -> Self {
        Problem { errors, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY) }
    }

    /// One such field.
    pub fn field(name: &str, message: impl Into<String>) -> Self {
        Problem::fields([(name.to_owned(), vec![message.into()])].into())
    }

    /// A kind of problem of its own, which clients tell by this URI.
    #[must_use]
    pub fn of_kind(self, uri: &'static str, title: &str) -> Self {
        Problem { kind: Some(uri), title: title.to_owned(), ..self }
    }

    /// What is the matter this time.
    #[must_use]
    pub fn because(self, detail: impl Into<String>) -> Self {
        Problem { detail: Some(detail.into()), ..self }
    }

    /// The same thing to say of each of the fields that an error names.
    fn about(error: &Error, status: StatusCode, message: &str) -> Self {
        let errors = error.fields().iter().map(|field| ((*field).to_owned(), vec![message.to_owned()]));
        Problem { errors: errors.collect(), ..Problem::new(status) }
    }
}

/// All that is wrong, field by field.
impl From<&ValidationErrors> for Problem {
    fn from(errors: &ValidationErrors) -> Self {
        let messages = errors.iter().map(|(field, errors)| {
            (field.to_owned(), errors.iter().map(|error| error.message.to_string()).collect())
        });
        Problem::fields(messages.collect())
    }
}

impl From<ValidationErrors> for Problem {
    fn from(errors: ValidationErrors) -> Self {
        Problem::from(&errors)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        const INVALID: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
        if let Some(errors) = error.validation_errors() {
            return errors.into();
        }
        match error.kind() {
            ErrorKind::NotFound => Problem::not_found(),
            ErrorKind::UniqueViolation => Problem::about(&error, StatusCode::CONFLICT, "is taken already"),
            // Either the row refers to one that is not there, or others refer to it and it cannot be deleted.
            ErrorKind::ForeignKeyViolation if error.fields().is_empty() => {
                Problem::new(StatusCode::CONFLICT).because("others refer to it")
            }
            ErrorKind::ForeignKeyViolation => Problem::about(&error, INVALID, "does not exist"),
            ErrorKind::NotNullViolation => Problem::about(&error, INVALID, "is required"),
            ErrorKind::CheckViolation | ErrorKind::InvalidValue => {
                Problem::about(&error, INVALID, "is not a valid value")
            }
            ErrorKind::Conflict | ErrorKind::Stale | ErrorKind::LockNotAvailable => {
                Problem::new(StatusCode::CONFLICT)
            }
            ErrorKind::Connection | ErrorKind::Timeout => {
                tracing::warn!("{error:?}");
                Problem::new(StatusCode::SERVICE_UNAVAILABLE)
            }
            _ => {
                tracing::error!("{error:?}");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

/// A body that is no JSON, or of another form than is wanted.
impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        // Of a value of another type it is known where in the body it stands.
        let mut cause = match &rejection {
            JsonRejection::JsonDataError(error) => error.source(),
            _ => None,
        };
        while let Some(error) = cause {
            if let Some(at) = error.downcast_ref::<serde_path_to_error::Error<serde_json::Error>>()
                && at.path().iter().len() > 0
            {
                return Problem::field(&at.path().to_string(), at.inner().to_string());
            }
            cause = error.source();
        }
        Problem::new(rejection.status()).because(rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Problem::new(rejection.status()).because(rejection.body_text())
    }
}

/// A key that is none: there is nothing at such an address.
impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Problem::not_found()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(CONTENT_TYPE, "application/problem+json")], Json(self)).into_response()
    }
}
