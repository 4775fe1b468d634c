//! `FieldType`: what a column's cell can hold, and how it is written in PostgreSQL's binary format.

pub(crate) mod array;
mod cell;
#[cfg(feature = "chrono-04")]
mod chrono_04;
pub(crate) mod composite;
mod scalar;
#[cfg(feature = "uuid-1")]
mod uuid_1;
pub(crate) mod variants;

use crate::{Check, Error, ErrorKind, Param, Result, SqlType};

/// A type that one non-NULL cell can hold. `Option<T>` of it is a field that may be NULL.
///
/// Implemented for the integers, floats, `bool`, `String`, `Vec<u8>` and, behind features, for
/// `DateTime<Utc>`, `NaiveDate` and `Uuid`; `#[derive(DbType)]` implements it for a newtype, `#[derive(DbEnum)]` for an
/// enum and `#[derive(DbComposite)]` for a struct.
///
/// ```
/// use orm::{FieldType, Result, SqlType};
///
/// /// A temperature, stored as thousandths of a degree.
/// #[derive(Clone, Debug, PartialEq)]
/// struct Celsius(f64);
///
/// impl FieldType for Celsius {
///     const TYPE: SqlType = SqlType::Int4;
///     fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
///         ((self.0 * 1000.0).round() as i32).encode(out)
///     }
///     fn decode(bytes: &[u8]) -> Result<Self> {
///         Ok(Celsius(f64::from(i32::decode(bytes)?) / 1000.0))
///     }
/// }
///
/// let mut bytes = Vec::new();
/// Celsius(21.5).encode(&mut bytes)?;
/// assert_eq!(Celsius::decode(&bytes)?, Celsius(21.5));
/// # Ok::<(), orm::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "not a column type",
    note = "column types are the integers, floats, `bool`, `String`, chrono's and uuid's types, and what derives `DbType`, `DbEnum` or `DbComposite`"
)]
pub trait FieldType: Clone + Send + Sync + Sized + 'static {
    /// The type of the column.
    const TYPE: SqlType;

    /// Appends the value in the binary format of [`TYPE`](FieldType::TYPE).
    ///
    /// # Errors
    /// If the column cannot hold the value.
    fn encode(&self, out: &mut Vec<u8>) -> Result<()>;

    /// Reads a value in the binary format of [`TYPE`](FieldType::TYPE).
    ///
    /// # Errors
    /// If the bytes are not a value, or one that this type cannot hold.
    fn decode(bytes: &[u8]) -> Result<Self>;

    /// What the column's values must be beyond its type, as a `CHECK` of the tables that are made.
    const CHECK: Option<Check> = None;

    /// A new primary key, for types whose keys are made by the client.
    fn generate() -> Option<Self> {
        None
    }
}

/// A [`FieldType`] that arrays can be made of: `Vec<T>` is then a field type too, and so is `Vec<Option<T>>`.
///
/// All are but `u8`, as `Vec<u8>` is `bytea`, and arrays themselves. A type of your own needs one line:
///
/// ```
/// # use orm::{FieldType, Result, SqlType};
/// # #[derive(Clone, Debug, PartialEq)]
/// # struct Celsius(f64);
/// # impl FieldType for Celsius {
/// #     const TYPE: SqlType = SqlType::Float8;
/// #     fn encode(&self, out: &mut Vec<u8>) -> Result<()> { self.0.encode(out) }
/// #     fn decode(bytes: &[u8]) -> Result<Self> { f64::decode(bytes).map(Celsius) }
/// # }
/// impl orm::Element for Celsius {}
///
/// assert_eq!(<Vec<Celsius> as FieldType>::TYPE.to_string(), "double precision[]");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an element of an array",
    label = "not an element of an array",
    note = "if it is a `FieldType` of yours, add `impl orm::Element for {Self} {{}}`"
)]
// No `FieldType` is asked for, or one that cannot be derived would be two mistakes.
pub trait Element {}

/// Types that `auto_now` and `auto_now_add` can fill.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be set to the current time",
    label = "`auto_now` and `auto_now_add` are for `DateTime<Utc>` and `NaiveDate`"
)]
pub trait Now {
    /// The current time, encoded.
    fn now() -> Param;
}

#[diagnostic::do_not_recommend]
impl<T: Now> Now for Option<T> {
    fn now() -> Param {
        T::now()
    }
}

/// Text cannot hold the character NUL, which the server would only say without naming the field.
pub(crate) fn no_nul(ty: SqlType, bytes: &[u8]) -> Result<()> {
    match ty.base() == SqlType::Text && bytes.contains(&0) {
        true => Err(Error::new(ErrorKind::InvalidValue, "text cannot hold the character NUL")),
        false => Ok(()),
    }
}

#[cold]
fn malformed(ty: SqlType, bytes: &[u8]) -> Error {
    Error::new(ErrorKind::Decode, format!("{} bytes are not a value of type {ty}", bytes.len()))
}
