//! The one error type: opaque outside, exact inside.

use crate::{FieldMeta, ModelMeta, ValidationErrors};
use std::{borrow::Cow, convert::Infallible, error::Error as StdError, fmt};

/// The result of everything in this library.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// async fn popular() -> orm::Result<Vec<Post>> {
///     Post::objects().filter(|p| p.views.gt(100)).await
/// }
/// ```
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, with the model, the field, the constraint and the SQL where they are known.
///
/// [`kind`](Error::kind) is for a `match`, the predicates ask for one kind. Parameters are never part of an error: neither
/// `Display` nor `Debug` shows a value that was sent. [`detail`](Error::detail) is what the server said about the values of
/// a row, and only returned by its method.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let alice = || User::objects().create().username("alice");
/// alice().await?;
/// let error = alice().await.unwrap_err();
/// assert!(error.is_unique_violation() && error.is_constraint_violation());
/// assert_eq!(error.constraint(), Some("user_username_key"));
/// assert_eq!(error.code(), Some("23505"));
/// assert!(error.sql().is_some_and(|sql| sql.starts_with("INSERT INTO \"user\"")));
/// assert!(!format!("{error:?}").contains("alice"));
/// # Ok(())
/// # });
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    context: Vec<String>,
    fields: Vec<&'static str>,
    sql: Option<String>,
    db: Option<DbError>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The kinds of [`Error`], for a `match`; the predicates on [`Error`] ask for one.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// use orm::ErrorKind;
///
/// let status = match Post::objects().get(7).await {
///     Ok(_) => 200,
///     Err(error) => match error.kind() {
///         ErrorKind::NotFound => 404,
///         ErrorKind::UniqueViolation | ErrorKind::Conflict => 409,
///         ErrorKind::Connection | ErrorKind::Timeout => 503,
///         _ => 500,
///     },
/// };
/// assert_eq!(status, 404);
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No row where one was asked for, or a saved row that has vanished.
    NotFound,
    /// More than one row where one was asked for.
    MultipleFound,
    /// A row was changed since the instance was read: its version is another one.
    Stale,
    /// A related row was asked of an instance that did not load it.
    NotLoaded,
    /// A unique or primary key constraint (SQLSTATE 23505), or an exclusion constraint (23P01).
    UniqueViolation,
    /// A foreign key constraint (23503), or `ON DELETE RESTRICT` (23001).
    ForeignKeyViolation,
    /// NULL in a column that holds none (23502).
    NotNullViolation,
    /// A check constraint (23514).
    CheckViolation,
    /// Values that `full_clean` refuses, or that a client sent for fields of another type.
    Validation,
    /// A value that cannot be stored in its column: too long, out of range, not encodable.
    InvalidValue,
    /// A text from outside that names nothing, or is no value: of `filter_str`, `order_by_str`, a page or a cursor.
    InvalidInput,
    /// A value in the database that the field's type cannot hold.
    Decode,
    /// The database's tables are not what the models say: a table or column is missing or of another type.
    Schema,
    /// No connection could be made, or it was lost; see the source.
    Connection,
    /// The server refused the user, the password or the database's name.
    Authentication,
    /// A deadline passed: waiting for a connection, for an answer, or for a turn in a transaction.
    Timeout,
    /// The statement was cancelled by somebody else (57014).
    Cancelled,
    /// Transactions got in each other's way (40001, 40P01): run the transaction again.
    Conflict,
    /// A row is locked and `nowait` was asked for (55P03).
    LockNotAvailable,
    /// The transaction was aborted by an earlier error and is rolled back; nothing of it is stored.
    TransactionAborted,
    /// The connection was lost while COMMIT was on its way: it may have been applied.
    CommitUnknown,
    /// The library was used wrongly; the message says what to do instead.
    Usage,
    /// Not offered yet.
    Unsupported,
    /// Any other error of the server; see [`Error::code`].
    Database,
}

/// What PostgreSQL says about an error, field by field
/// ([Error and Notice Message Fields](https://www.postgresql.org/docs/current/protocol-error-fields.html)).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |db| {
/// let error = Post::objects().create().title("Hi").author(-1).await.unwrap_err();
/// let said = error.db().expect("the server said it");
/// assert_eq!((&*said.code, said.table.as_deref()), ("23503", Some("post")));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct DbError {
    /// The five characters of SQLSTATE.
    pub code: String,
    /// The server's message.
    pub message: String,
    /// Often holds values of the row; not shown by [`Error`]'s `Display` and `Debug`.
    pub detail: Option<String>,
    /// What the server suggests.
    pub hint: Option<String>,
    /// The table concerned.
    pub table: Option<String>,
    /// The column concerned.
    pub column: Option<String>,
    /// The constraint concerned.
    pub constraint: Option<String>,
    /// The routine in the server's source that reported it.
    pub routine: Option<String>,
}

/// Without the message and the detail, which may hold values.
impl fmt::Debug for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DbError")
            .field("code", &self.code)
            .field("table", &self.table)
            .field("column", &self.column)
            .field("constraint", &self.constraint)
            .field("routine", &self.routine)
            .finish_non_exhaustive()
    }
}

macro_rules! predicates { ($($(#[$m:meta])* $name:ident: $($kind:ident)|+;)*) => {$(
    $(#[$m])*
    pub fn $name(&self) -> bool {
        matches!(self.kind(), $(ErrorKind::$kind)|+)
    }
)*}}

impl Error {
    /// An error of a kind with a message.
    ///
    /// ```
    /// let error = orm::Error::new(orm::ErrorKind::NotFound, "no page of this name");
    /// assert!(error.is_not_found());
    /// assert_eq!(error.to_string(), "no page of this name");
    /// ```
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Error(Box::new(Inner {
            kind,
            message: message.into(),
            context: Vec::new(),
            fields: Vec::new(),
            sql: None,
            db: None,
            source: None,
        }))
    }

    /// An error of kind [`ErrorKind::Usage`].
    ///
    /// ```
    /// let error = orm::Error::usage("sold out");
    /// assert_eq!(error.kind(), orm::ErrorKind::Usage);
    /// ```
    pub fn usage(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// Adds where it happened; what is added later stands first.
    ///
    /// ```
    /// let error = orm::Error::usage("it is negative").context("price").context("row 3");
    /// assert_eq!(error.to_string(), "row 3: price: it is negative");
    /// ```
    #[must_use]
    pub fn context(mut self, at: impl Into<String>) -> Self {
        self.0.context.push(at.into());
        self
    }

    /// Adds the field it is about, and says so.
    pub(crate) fn in_field(self, model: &ModelMeta, field: &FieldMeta) -> Self {
        self.context(format!("{}.{}", model.name, field.name)).with_fields(vec![field.name])
    }

    /// Adds the fields it is about; the first ones given stay.
    #[doc(hidden)]
    #[must_use]
    pub fn with_fields(mut self, fields: Vec<&'static str>) -> Self {
        if self.0.fields.is_empty() {
            self.0.fields = fields;
        }
        self
    }

    /// Adds the SQL that failed; the first SQL given stays.
    ///
    /// ```
    /// let error = orm::Error::usage("too slow").with_sql("SELECT 1");
    /// assert_eq!(error.sql(), Some("SELECT 1"));
    /// ```
    #[must_use]
    pub fn with_sql(mut self, sql: impl Into<String>) -> Self {
        self.0.sql.get_or_insert_with(|| sql.into());
        self
    }

    /// Adds what the server said.
    ///
    /// ```
    /// let error = orm::Error::usage("refused").with_db(orm::DbError::default());
    /// assert_eq!(error.code(), Some(""));
    /// ```
    #[must_use]
    pub fn with_db(mut self, db: DbError) -> Self {
        self.0.db = Some(db);
        self
    }

    /// Adds the cause.
    ///
    /// ```
    /// use std::error::Error as _;
    ///
    /// let error = orm::Error::usage("not a number").with_source("x".parse::<i32>().unwrap_err());
    /// assert!(error.source().is_some());
    /// ```
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The SQL that failed, without its parameters.
    pub fn sql(&self) -> Option<&str> {
        self.0.sql.as_deref()
    }

    /// What the server said, when it was the server.
    pub fn db(&self) -> Option<&DbError> {
        self.0.db.as_ref()
    }

    /// SQLSTATE, when it was the server.
    pub fn code(&self) -> Option<&str> {
        self.db().map(|db| &*db.code)
    }

    /// The names of the model's fields that the error is about, as far as they are known: of a value that its column
    /// cannot hold, and of the columns of a violated constraint.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// User::objects().create().username("alice").await?;
    /// let error = User::objects().create().username("alice").await.unwrap_err();
    /// assert_eq!(error.fields(), ["username"]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn fields(&self) -> &[&'static str] {
        &self.0.fields
    }

    /// What is wrong with the values of a row, by field, if it is that.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let error = orm::Error::from(orm::ValidationErrors::from("The end is before the start."));
    /// assert_eq!(error.validation_errors().map(|errors| errors.field(orm::NON_FIELD_ERRORS).len()), Some(1));
    /// ```
    pub fn validation_errors(&self) -> Option<&ValidationErrors> {
        self.0.source.as_deref()?.downcast_ref()
    }

    /// The constraint that was violated.
    pub fn constraint(&self) -> Option<&str> {
        self.db()?.constraint.as_deref()
    }

    /// The table concerned, when the server names one.
    pub fn table(&self) -> Option<&str> {
        self.db()?.table.as_deref()
    }

    /// The column concerned, when the server names one.
    pub fn column(&self) -> Option<&str> {
        self.db()?.column.as_deref()
    }

    /// The server's detail; it often holds values of the row, so keep it from those who may not see them.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// User::objects().create().username("alice").await?;
    /// let error = User::objects().create().username("alice").await.unwrap_err();
    /// assert_eq!(error.detail(), Some("Key (username)=(alice) already exists."));
    /// # Ok(())
    /// # });
    /// ```
    pub fn detail(&self) -> Option<&str> {
        self.db()?.detail.as_deref()
    }

    predicates! {
        /// No row where one was asked for, or a saved row that has vanished.
        is_not_found: NotFound;
        /// More than one row where one was asked for.
        is_multiple_found: MultipleFound;
        /// The row was changed since the instance was read: `refresh` it, and repeat the change.
        ///
        /// Of a model with `#[orm(version)]`: `save`, `save_fields`, `update` and `delete` of an instance change its row only if
        /// it still has the version that the instance was read with, and count it. An `update` of a query counts the versions
        /// of its rows too, so that instances of them are stale; `bulk_update` compares and counts each row's. Nobody sets it.
        ///
        /// ```
        /// # mod doc { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/run.rs")); } use doc::*;
        /// use orm::prelude::*;
        ///
        /// #[derive(Model, Debug, Clone)]
        /// pub struct Page {
        ///     pub id: i64,
        ///     pub text: String,
        ///     #[orm(version)]
        ///     pub version: i32,
        /// }
        /// # run(orm::models![Page], async || {
        /// let mut mine = Page::objects().create().text("draft").await?;
        /// let mut theirs = mine.clone();
        /// mine.text.push('!');
        /// mine.save().await?;
        /// assert_eq!(mine.version, 2);
        ///
        /// theirs.text.clear();
        /// let error = theirs.save().await.unwrap_err();
        /// assert!(error.is_stale());
        /// theirs.refresh().await?;
        /// assert_eq!((&*theirs.text, theirs.version), ("draft!", 2));
        /// # Ok(())
        /// # });
        /// ```
        is_stale: Stale;
        /// A related row was not loaded.
        is_not_loaded: NotLoaded;
        /// A unique, primary key or exclusion constraint was violated; [`constraint`](Error::constraint) names it.
        is_unique_violation: UniqueViolation;
        /// A foreign key constraint was violated.
        is_foreign_key_violation: ForeignKeyViolation;
        /// NULL was given for a column that holds none; [`column`](Error::column) names it.
        is_not_null_violation: NotNullViolation;
        /// A check constraint was violated.
        is_check_violation: CheckViolation;
        /// Any of the constraint violations.
        is_constraint_violation: UniqueViolation | ForeignKeyViolation | NotNullViolation | CheckViolation;
        /// Values are not valid; [`validation_errors`](Error::validation_errors) says which, and why.
        is_validation: Validation;
        /// A value cannot be stored in its column.
        is_invalid_value: InvalidValue;
        /// A text from outside names nothing, or is no value: the client's mistake.
        is_invalid_input: InvalidInput;
        /// A value in the database does not fit the field's type.
        is_decode: Decode;
        /// Tables and models do not agree.
        is_schema: Schema;
        /// No connection, or a lost one.
        is_connection: Connection;
        /// A deadline passed.
        is_timeout: Timeout;
        /// A row is locked by somebody else.
        is_lock_not_available: LockNotAvailable;
        /// The transaction conflicted with another one: run it again from its start.
        is_retryable: Conflict;
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for at in self.0.context.iter().rev() {
            write!(f, "{at}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(code) = self.code() {
            write!(f, " (SQLSTATE {code})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)?;
        if let Some(hint) = self.db().and_then(|db| db.hint.as_ref()) {
            write!(f, "\n  hint: {hint}")?;
        }
        if let Some(sql) = &self.0.sql {
            write!(f, "\n  SQL: {sql}")?;
        }
        let mut source = self.source();
        while let Some(cause) = source {
            write!(f, "\n  caused by: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// For what takes anything that can become a value, and is given the value.
impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
