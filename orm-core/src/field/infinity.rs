//! `OrInfinity`: dates and timestamps with the two that are beyond all others.

use super::{Element, FieldType};
use crate::{Result, SqlType};
use serde::{Deserialize, Serialize};

/// A date or timestamp, or one of PostgreSQL's `-infinity` and `infinity`, which are before and after all others
/// ([Special Values](https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES)).
///
/// Where a column may hold them: read as a plain `DateTime<Utc>` they are an error of the whole query. In serde they are
/// the texts `"-infinity"` and `"infinity"`.
///
/// ```
/// use orm::{OrInfinity, prelude::*};
///
/// #[derive(Model)]
/// struct Contract {
///     id: i64,
///     ends: OrInfinity<NaiveDate>,
/// }
///
/// let endless = Contract::objects().filter(|c| c.ends.eq(OrInfinity::Infinity));
/// let day = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
/// let soon = Contract::objects().filter(|c| c.ends.lt(OrInfinity::Finite(day)));
/// assert!(OrInfinity::NegInfinity < OrInfinity::Finite(day) && OrInfinity::Finite(day) < OrInfinity::Infinity);
///
/// let json = serde_json::to_string(&[OrInfinity::NegInfinity, OrInfinity::Finite(day), OrInfinity::Infinity])?;
/// assert_eq!(json, r#"["-infinity","2030-01-01","infinity"]"#);
/// assert!(serde_json::from_str::<[OrInfinity<NaiveDate>; 3]>(&json)?.is_sorted());
/// # Ok::<(), serde_json::Error>(())
/// ```
// Ordered by the numbers; serde wants the variant without a name last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum OrInfinity<T> {
    /// Before all others.
    #[serde(rename = "-infinity")]
    NegInfinity = 0,
    /// After all others.
    #[serde(rename = "infinity")]
    Infinity = 2,
    /// What `isfinite` is true of.
    #[serde(untagged)]
    Finite(T) = 1,
}

/// Types whose columns can hold `infinity`: dates and timestamps.
#[diagnostic::on_unimplemented(
    message = "no column of type `{Self}` can hold `infinity`",
    label = "expected a date or a timestamp"
)]
pub trait Unbounded: FieldType {}

macro_rules! unbounded { ($($feature:literal $($ty:ty),*;)*) => {$($(
    #[cfg(feature = $feature)]
    impl Unbounded for $ty {}
)*)*}}
unbounded! {
    "chrono-04" chrono::DateTime<chrono::Utc>, chrono::NaiveDateTime, chrono::NaiveDate;
    "jiff-1" jiff::Timestamp, jiff::civil::DateTime, jiff::civil::Date;
    "time-03" time::UtcDateTime, time::OffsetDateTime, time::PrimitiveDateTime, time::Date;
}

#[diagnostic::do_not_recommend]
impl<T: Unbounded> FieldType for OrInfinity<T> {
    const TYPE: SqlType = T::TYPE;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        match (self, T::TYPE) {
            (OrInfinity::Finite(value), _) => value.encode(out),
            (OrInfinity::Infinity, SqlType::Date) => i32::MAX.encode(out),
            (OrInfinity::NegInfinity, SqlType::Date) => i32::MIN.encode(out),
            (OrInfinity::Infinity, _) => i64::MAX.encode(out),
            (OrInfinity::NegInfinity, _) => i64::MIN.encode(out),
        }
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let count = match T::TYPE {
            SqlType::Date => match i32::decode(bytes)? {
                i32::MAX => i64::MAX,
                i32::MIN => i64::MIN,
                days => days.into(),
            },
            _ => i64::decode(bytes)?,
        };
        match count {
            i64::MAX => Ok(OrInfinity::Infinity),
            i64::MIN => Ok(OrInfinity::NegInfinity),
            _ => T::decode(bytes).map(OrInfinity::Finite),
        }
    }
}

impl<T: Unbounded> Element for OrInfinity<T> {}
