//! Times as PostgreSQL counts them, for the types of each crate: microseconds and days from 2000-01-01, whose ends stand
//! for `infinity` ([Date/Time Types](https://www.postgresql.org/docs/current/datatype-datetime.html)).
//!
//! What is finer than a microsecond is rounded to the nearest one. Nothing is written that could not be read again.
#![cfg_attr(
    not(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03")),
    allow(dead_code, reason = "without these only intervals are left")
)]

/// Field types, by how a value is counted and made from a count.
macro_rules! times {
    ($($ty:ty as $sql:ident by $codec:ident, $value:ident => $count:expr, $make:expr $(, now $now:expr)?;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl $crate::FieldType for $ty {
            const TYPE: $crate::SqlType = $crate::SqlType::$sql;
            fn encode(&self, out: &mut Vec<u8>) -> $crate::Result<()> {
                let $value = self;
                $crate::field::epoch::$codec::encode($count, $make, out)
            }
            #[inline]
            fn decode(bytes: &[u8]) -> $crate::Result<Self> {
                $crate::field::epoch::$codec::decode(bytes, stringify!($ty), $make)
            }
        }
        #[diagnostic::do_not_recommend]
        impl $crate::Element for $ty {}
        #[diagnostic::do_not_recommend]
        impl $crate::Ordered for $ty {}
        $(
            #[diagnostic::do_not_recommend]
            impl $crate::Now for $ty {
                fn now() -> $crate::Param {
                    let now: $ty = $now;
                    $crate::Param::new(Some(&now))
                }
            }
        )?
    )*};
}
pub(super) use times;

pub(super) use super::interval::fixed as interval;
use crate::{Error, ErrorKind, FieldType, Result};

pub(super) const DAY_MICROS: i64 = 86_400_000_000;
/// 2000-01-01 in microseconds since 1970-01-01.
const EPOCH_MICROS: i64 = 10_957 * DAY_MICROS;
/// 4714-11-24 BC, the first day PostgreSQL holds, in days since 2000-01-01.
const FIRST_DAY: i32 = -2_451_545;
/// One past 294276-12-31, the last day of a timestamp, in microseconds since 2000-01-01.
const END_MICROS: i64 = 9_223_371_331_200_000_000;

pub(super) fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidValue, what)
}

/// Nanoseconds to the nearest microsecond.
pub(super) fn rounded(nanos: i128) -> Option<i64> {
    i64::try_from((nanos + 500).div_euclid(1_000)).ok()
}

#[cold]
pub(super) fn undecodable(what: &str, value: Option<&str>, ty: &str) -> Error {
    let message = match value {
        Some(value @ ("infinity" | "-infinity")) => {
            format!("the {what} is `{value}`, which `{ty}` cannot hold; `orm::OrInfinity<{ty}>` can")
        }
        Some(value) => format!("the {what} is `{value}`, which `{ty}` cannot hold"),
        None => format!("the {what} is out of the range of `{ty}`"),
    };
    Error::new(ErrorKind::Decode, message)
}

/// By nanoseconds since 1970 to write and microseconds since then to read.
pub(super) mod timestamp {
    use super::*;

    pub(in crate::field) fn encode<T>(
        nanos: i128,
        make: impl FnOnce(i64) -> Option<T>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        rounded(nanos)
            .filter(|micros| make(*micros).is_some())
            .and_then(|micros| micros.checked_sub(EPOCH_MICROS))
            .filter(|micros| (i64::from(FIRST_DAY) * DAY_MICROS..END_MICROS).contains(micros))
            .ok_or_else(|| refused("a timestamp is between 4713 BC and 294276 AD"))?
            .encode(out)
    }

    #[inline]
    pub(in crate::field) fn decode<T>(
        bytes: &[u8],
        ty: &str,
        make: impl FnOnce(i64) -> Option<T>,
    ) -> Result<T> {
        let micros = i64::decode(bytes)?;
        let time = micros.checked_add(EPOCH_MICROS).and_then(make);
        time.ok_or_else(|| match micros {
            i64::MAX => undecodable("timestamp", Some("infinity"), ty),
            i64::MIN => undecodable("timestamp", Some("-infinity"), ty),
            _ => undecodable("timestamp", None, ty),
        })
    }
}

/// By days since 2000-01-01.
pub(super) mod date {
    use super::*;

    pub(in crate::field) fn encode<T>(
        days: i32,
        _: impl FnOnce(i32) -> Option<T>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        match days >= FIRST_DAY {
            true => days.encode(out),
            false => Err(refused("a date is not before 4713 BC")),
        }
    }

    pub(in crate::field) fn decode<T>(
        bytes: &[u8],
        ty: &str,
        make: impl FnOnce(i32) -> Option<T>,
    ) -> Result<T> {
        let days = i32::decode(bytes)?;
        make(days).ok_or_else(|| match days {
            i32::MAX => undecodable("date", Some("infinity"), ty),
            i32::MIN => undecodable("date", Some("-infinity"), ty),
            _ => undecodable("date", None, ty),
        })
    }
}

/// By nanoseconds since midnight to write, `None` for a leap second, and microseconds to read.
pub(super) mod time {
    use super::*;

    pub(in crate::field) fn encode<T>(
        nanos: Option<i128>,
        _: impl FnOnce(i64) -> Option<T>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let micros = nanos.and_then(rounded).ok_or_else(|| refused("a time has no leap second"))?;
        // The last half of a microsecond of a day would be 24:00:00.
        micros.min(DAY_MICROS - 1).encode(out)
    }

    pub(in crate::field) fn decode<T>(
        bytes: &[u8],
        ty: &str,
        make: impl FnOnce(i64) -> Option<T>,
    ) -> Result<T> {
        match i64::decode(bytes)? {
            DAY_MICROS => Err(undecodable("time", Some("24:00:00"), ty)),
            micros if (0..DAY_MICROS).contains(&micros) => {
                make(micros).ok_or_else(|| undecodable("time", None, ty))
            }
            _ => Err(undecodable("time", None, ty)),
        }
    }
}
