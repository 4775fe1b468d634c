//! Spans of a fixed length, as intervals without months.
//!
//! They are counted in nanoseconds to write and microseconds to read. A day of an interval counts as 24 hours, as in
//! comparisons of PostgreSQL; a month has no fixed length.

use super::Interval;
use crate::{
    Error, ErrorKind, FieldType, Result,
    field::epoch::{DAY_MICROS, refused, rounded, times, undecodable},
};
use std::time::Duration;

times! {
    Duration as Interval by interval, span => span.as_nanos() as i128,
        |micros| u64::try_from(micros).ok().map(Duration::from_micros);
}

pub(in crate::field) fn encode<T>(
    nanos: i128,
    make: impl FnOnce(i64) -> Option<T>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let micros = rounded(nanos).filter(|micros| make(*micros).is_some());
    let micros = micros.ok_or_else(|| refused("an interval is at most 292,271 years long"))?;
    Interval::microseconds(micros).encode(out)
}

pub(in crate::field) fn decode<T>(bytes: &[u8], ty: &str, make: impl FnOnce(i64) -> Option<T>) -> Result<T> {
    let Interval { months, days, microseconds } = Interval::decode(bytes)?;
    if months != 0 {
        let message = format!(
            "the interval has months, which have no fixed length, so `{ty}` cannot hold it; `orm::Interval` can"
        );
        return Err(Error::new(ErrorKind::Decode, message));
    }
    let micros = i64::from(days).checked_mul(DAY_MICROS).and_then(|days| days.checked_add(microseconds));
    micros.and_then(make).ok_or_else(|| undecodable("interval", None, ty))
}
