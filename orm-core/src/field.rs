//! `FieldType`: what a column's cell can hold, and how it is written in PostgreSQL's binary format.

pub(crate) mod array;
#[cfg(feature = "bigdecimal-04")]
mod bigdecimal_04;
#[cfg(feature = "bit-vec-010")]
mod bit_vec_010;
mod cell;
#[cfg(feature = "chrono-04")]
mod chrono_04;
mod ci_text;
#[cfg(feature = "cidr-03")]
mod cidr_03;
pub(crate) mod composite;
mod epoch;
pub mod geometry;
mod hstore;
mod infinity;
mod interval;
#[cfg(feature = "jiff-1")]
mod jiff_1;
mod net;
#[cfg(any(feature = "bigdecimal-04", feature = "rust-decimal-1"))]
mod numeric;
mod range;
mod reader;
#[cfg(feature = "rust-decimal-1")]
mod rust_decimal_1;
mod scalar;
#[cfg(feature = "serde-json-1")]
mod serde_json_1;
#[cfg(feature = "time-03")]
mod time_03;
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

pub use infinity::{OrInfinity, Unbounded};
pub use interval::Interval;

use crate::{Check, Error, ErrorKind, Param, Result, SqlType};

/// A type that one non-NULL cell can hold. `Option<T>` of it is a field that may be NULL.
///
/// | column | type |
/// |---|---|
/// | `smallint` | `i16`, `u8` |
/// | `integer` | `i32`, `u16` |
/// | `bigint` | `i64`, `u32`, `u64` up to `i64::MAX` |
/// | `real`, `double precision` | `f32`, `f64` |
/// | `numeric` | `Decimal` of rust_decimal, `BigDecimal` of bigdecimal |
/// | `boolean` | `bool` |
/// | `text`, `varchar(n)`, `citext` | `String`, [`CiText`](crate::CiText) |
/// | `bytea` | `Vec<u8>` |
/// | `uuid` | `Uuid` of uuid |
/// | `timestamp with time zone` | `DateTime<Utc>` of chrono, `OffsetDateTime` and `UtcDateTime` of time, `Timestamp` of jiff |
/// | `timestamp` | `NaiveDateTime` of chrono, `PrimitiveDateTime` of time, `civil::DateTime` of jiff |
/// | `date` | `NaiveDate` of chrono, `Date` of time, `civil::Date` of jiff |
/// | `time` | `NaiveTime` of chrono, `Time` of time, `civil::Time` of jiff |
/// | dates and timestamps | [`OrInfinity`] of these |
/// | `interval` | [`Interval`], `std::time::Duration`, `TimeDelta` of chrono, `Duration` of time, `SignedDuration` of jiff |
/// | `jsonb` | `serde_json::Value`, [`Json<T>`](crate::Json) |
/// | `int4range`, …, `int4multirange`, … | [`Range<T>`](crate::Range), [`Multirange<T>`](crate::Multirange) |
/// | `inet`, `cidr`, `macaddr` | `IpAddr`, `cidr::IpInet`, `cidr::IpCidr`, [`MacAddr`](crate::MacAddr) |
/// | `hstore`, `tsvector` | [`Hstore`](crate::Hstore), [`TsVector`](crate::TsVector) |
/// | `bit varying`; one of type `bit` can be read | `BitVec` of bit-vec |
/// | `point`, `line`, `lseg`, `box`, `path`, `polygon`, `circle` | those in [`geometry`](crate::geometry) |
/// | `integer[]` and so on | `Vec<i32>`, `Vec<Option<i32>>` |
///
/// The types of other crates need a feature each. `#[derive(DbType)]` implements the trait for a newtype,
/// `#[derive(DbEnum)]` for an enum and `#[derive(DbComposite)]` for a struct. What comes back equals what was given, at the
/// column's precision: a `timestamp with time zone` keeps the instant and no offset (so there is no `DateTime<Local>`),
/// times have microseconds, a `numeric(10, 2)` two decimals. A value that the column cannot hold, or that the type cannot,
/// is an error. A `char(n)` is read with the spaces that fill it up; `money` depends on the server's locale and is refused.
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
    note = "column types are the integers, floats, `bool`, `String`, what `FieldType` lists for times, decimals and more, and what derives `DbType`, `DbEnum` or `DbComposite`"
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

/// Types that `auto_now` and `auto_now_add` can fill: dates, times and timestamps, in UTC.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be set to the current time",
    label = "`auto_now` and `auto_now_add` are for dates and times"
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
