//! Ranges: `Range<T>` and what it can be of.

mod bounds;
mod multirange;
mod serialize;

pub use multirange::Multirange;

use super::{
    Element, FieldType,
    reader::{Reader, counted},
};
use crate::{Error, ErrorKind, Result, SqlType};
use std::{cmp::Ordering, fmt, ops::Bound};

/// A range of values ([Range Types](https://www.postgresql.org/docs/current/rangetypes.html)).
///
/// Two ranges are equal if they hold the same values, as in PostgreSQL: a range of integers or dates always includes its
/// lower bound and not its upper one, and one that holds nothing is [`EMPTY`](Range::EMPTY). One whose bounds are the wrong
/// way round holds nothing either, but is refused when it is written.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::Range;
///
/// #[derive(Model, Clone)]
/// struct Event {
///     id: i64,
///     ages: Range<i32>,
///     during: Option<Range<DateTime<Utc>>>,
/// }
///
/// # run(async |db| {
/// db.create_tables(orm::models![Event]).await?;
/// let event = Event::objects().create().ages(6..=12).during(Range::from(Utc::now()..)).await?;
/// assert_eq!(event.ages, Range::from(6..13));
/// assert!(event.ages.contains(&12) && !event.ages.contains(&13));
/// assert_eq!(event.ages.to_string(), "[6,13)");
/// assert_eq!(Event::objects().filter(|e| e.ages.eq(6..13)).count().await?, 1);
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range<T>(Option<(Bound<T>, Bound<T>)>);

/// What ranges can be of: `i32`, `i64`, decimals and, with chrono, `NaiveDate`, `NaiveDateTime` and `DateTime<Utc>`.
///
/// ```
/// use orm::{FieldType, Range, SqlType, types::RangeElement};
///
/// assert_eq!(<Range<i64> as FieldType>::TYPE, SqlType::Int8Range);
/// assert_eq!(i64::MULTIRANGE.to_string(), "int8multirange");
/// ```
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no range type for `{Self}`",
    label = "not an element of a range"
)]
pub trait RangeElement: FieldType + PartialOrd {
    /// The type of its ranges.
    const RANGE: SqlType;
    /// The type of its multiranges.
    const MULTIRANGE: SqlType;
    /// The value after another one, `None` after the last; for types whose values follow each other.
    const NEXT: Option<fn(&Self) -> Option<Self>> = None;
}

macro_rules! elements { ($($(#[$m:meta])* $t:ty: $range:ident, $multirange:ident $(, $next:expr)?;)*) => {$(
    $(#[$m])*
    #[diagnostic::do_not_recommend]
    impl RangeElement for $t {
        const RANGE: SqlType = SqlType::$range;
        const MULTIRANGE: SqlType = SqlType::$multirange;
        $(const NEXT: Option<fn(&Self) -> Option<Self>> = Some($next);)?
    }
)*}}
elements! {
    i32: Int4Range, Int4Multirange, |n| n.checked_add(1);
    i64: Int8Range, Int8Multirange, |n| n.checked_add(1);
    #[cfg(feature = "chrono-04")]
    chrono::NaiveDate: DateRange, DateMultirange, chrono::NaiveDate::succ_opt;
    #[cfg(feature = "chrono-04")]
    chrono::DateTime<chrono::Utc>: TstzRange, TstzMultirange;
    #[cfg(feature = "chrono-04")]
    chrono::NaiveDateTime: TsRange, TsMultirange;
    #[cfg(feature = "rust-decimal-1")]
    rust_decimal::Decimal: NumRange, NumMultirange;
    #[cfg(feature = "bigdecimal-04")]
    bigdecimal::BigDecimal: NumRange, NumMultirange;
}

// The first byte of a range, as in PostgreSQL's `rangetypes.h`.
const EMPTY: u8 = 0x01;
const LOWER_INCLUDED: u8 = 0x02;
const UPPER_INCLUDED: u8 = 0x04;
const LOWER_UNBOUNDED: u8 = 0x08;
const UPPER_UNBOUNDED: u8 = 0x10;

#[diagnostic::do_not_recommend]
impl<T: RangeElement> FieldType for Range<T> {
    const TYPE: SqlType = T::RANGE;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let Some((lower, upper)) = &self.0 else {
            out.push(EMPTY);
            return Ok(());
        };
        let refuse = |why| Err(Error::new(ErrorKind::InvalidValue, why));
        if bounds::order(lower, upper) == Some(Ordering::Greater) {
            return refuse("the range's lower bound is above its upper one");
        }
        if T::NEXT.is_some() && (matches!(lower, Bound::Excluded(_)) || matches!(upper, Bound::Included(_))) {
            return refuse(
                "the range ends with the last value of its type, and PostgreSQL would store the one after it",
            );
        }
        out.push(
            flags(lower, LOWER_INCLUDED, LOWER_UNBOUNDED) | flags(upper, UPPER_INCLUDED, UPPER_UNBOUNDED),
        );
        for bound in [lower, upper] {
            if let Bound::Included(value) | Bound::Excluded(value) = bound {
                counted(out, |out| value.encode(out))?;
            }
        }
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(T::RANGE, bytes);
        let flags = reader.byte()?;
        if flags == EMPTY {
            reader.end()?;
            return Ok(Range::EMPTY);
        }
        let mut bound = |included, unbounded| -> Result<Bound<T>> {
            Ok(match (flags & unbounded != 0, flags & included != 0) {
                (true, _) => Bound::Unbounded,
                (false, true) => Bound::Included(T::decode(reader.counted()?)?),
                (false, false) => Bound::Excluded(T::decode(reader.counted()?)?),
            })
        };
        let lower = bound(LOWER_INCLUDED, LOWER_UNBOUNDED)?;
        let upper = bound(UPPER_INCLUDED, UPPER_UNBOUNDED)?;
        reader.expect(flags >> 5 == 0 && flags & EMPTY == 0)?;
        reader.end()?;
        Ok(Range(Some((lower, upper))))
    }
}

impl<T: RangeElement> Element for Range<T> {}

fn flags<T>(bound: &Bound<T>, included: u8, unbounded: u8) -> u8 {
    match bound {
        Bound::Included(_) => included,
        Bound::Excluded(_) => 0,
        Bound::Unbounded => unbounded,
    }
}

/// As PostgreSQL writes it, without quotes.
impl<T: fmt::Display> fmt::Display for Range<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((lower, upper)) = &self.0 else { return f.write_str("empty") };
        match lower {
            Bound::Included(lower) => write!(f, "[{lower},")?,
            Bound::Excluded(lower) => write!(f, "({lower},")?,
            Bound::Unbounded => f.write_str("(,")?,
        }
        match upper {
            Bound::Included(upper) => write!(f, "{upper}]"),
            Bound::Excluded(upper) => write!(f, "{upper})"),
            Bound::Unbounded => f.write_str(")"),
        }
    }
}
