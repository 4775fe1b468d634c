//! `FieldType`: what a column's cell can hold, and how it is written in PostgreSQL's binary format.

pub(crate) mod array;
#[cfg(feature = "bit-vec-010")]
mod bit_vec_010;
mod cell;
#[cfg(feature = "chrono-04")]
mod chrono_04;
mod ci_text;
#[cfg(feature = "cidr-03")]
mod cidr_03;
pub(crate) mod composite;
pub mod geometry;
mod hstore;
mod net;
mod range;
mod reader;
mod scalar;
#[cfg(feature = "serde-json-1")]
mod serde_json_1;
mod tsvector;
#[cfg(feature = "uuid-1")]
mod uuid_1;
pub(crate) mod variants;

#[cfg(feature = "serde-json-1")]
pub use serde_json_1::Json;
pub use {
    ci_text::CiText,
    hstore::Hstore,
    net::MacAddr,
    range::{Multirange, Range, RangeElement},
    tsvector::{Position, TsVector, Weight},
};

use crate::{Check, Error, ErrorKind, Param, Result, SqlType};

/// A type that one non-NULL cell can hold. `Option<T>` of it is a field that may be NULL.
///
/// | in Rust | in PostgreSQL | feature |
/// |---|---|---|
/// | `i16`, `i32`, `i64` | `smallint`, `integer`, `bigint` | |
/// | `u8`, `u16`, `u32`, `u64` | `smallint`, `integer`, `bigint`, `bigint`, with a check | |
/// | `f32`, `f64` | `real`, `double precision` | |
/// | `bool`, `String`, `Vec<u8>` | `boolean`, `text` or `varchar(n)`, `bytea` | |
/// | `DateTime<Utc>`, `NaiveDate` | `timestamp with time zone`, `date` | `chrono-04` |
/// | `Uuid` | `uuid` | `uuid-1` |
/// | `serde_json::Value`, [`Json<T>`](crate::Json) | `jsonb` | `serde-json-1` |
/// | [`Range<T>`](crate::Range), [`Multirange<T>`](crate::Multirange) | `int4range`, …, `int4multirange`, … | |
/// | `IpAddr`, [`MacAddr`](crate::MacAddr) | `inet`, `macaddr` | |
/// | `cidr::IpInet`, `cidr::IpCidr` | `inet`, `cidr` | `cidr-03` |
/// | [`CiText`](crate::CiText), [`Hstore`](crate::Hstore) | `citext`, `hstore`, of the extensions | |
/// | `BitVec` | `bit varying`; one of type `bit` can be read | `bit-vec-010` |
/// | [`TsVector`](crate::TsVector) | `tsvector` | |
/// | those in [`geometry`](crate::geometry) | `point`, `line`, `lseg`, `box`, `path`, `polygon`, `circle` | |
/// | `Vec<T>`, `Vec<Option<T>>` of all these | arrays of one dimension | |
///
/// A column of type `varchar`, `char(n)` or `name` is read as a `String` too; that of a `char(n)` has the spaces that fill it
/// up. `money` depends on the server's locale and is refused. `#[derive(DbType)]` implements it for a newtype,
/// `#[derive(DbEnum)]` for an enum and `#[derive(DbComposite)]` for a struct.
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
    match ty.is_text() && bytes.contains(&0) {
        true => Err(Error::new(ErrorKind::InvalidValue, "text cannot hold the character NUL")),
        false => Ok(()),
    }
}

#[cold]
fn malformed(ty: SqlType, bytes: &[u8]) -> Error {
    Error::new(ErrorKind::Decode, format!("{} bytes are not a value of type {ty}", bytes.len()))
}
