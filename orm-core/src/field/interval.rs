//! `Interval`: all that PostgreSQL's `interval` holds.

pub(super) mod fixed;
mod iso;

use super::{Element, FieldType, malformed};
use crate::{Result, SqlType};

/// A span of time as PostgreSQL keeps it: months, days and microseconds apart, as a month and a day have no fixed length
/// ([Interval Types](https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-INPUT)).
///
/// Two are equal here when all three are; the server counts a month as 30 days and a day as 24 hours when it compares.
/// `Display`, `FromStr` and serde use ISO 8601. For spans of a fixed length there are `std::time::Duration`, chrono's
/// `TimeDelta` and their like: they are written as microseconds, and an interval with months is an error when read.
///
/// ```
/// use orm::Interval;
///
/// let interval = Interval { months: 14, days: 3, microseconds: -1_500_000 };
/// assert_eq!(interval.to_string(), "P1Y2M3DT-1.5S");
/// assert_eq!("P1Y2M3DT-1.5S".parse::<Interval>()?, interval);
/// assert_eq!(Interval::days(7), "P1W".parse()?);
/// assert_eq!(serde_json::from_str::<Interval>("\"PT1M\"")?, Interval::microseconds(60_000_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Whole months; 12 are a year.
    pub months: i32,
    /// Whole days.
    pub days: i32,
    /// Microseconds, of any number of hours.
    pub microseconds: i64,
}

impl Interval {
    /// So many months.
    pub const fn months(months: i32) -> Self {
        Interval { months, days: 0, microseconds: 0 }
    }

    /// So many days.
    pub const fn days(days: i32) -> Self {
        Interval { months: 0, days, microseconds: 0 }
    }

    /// So many microseconds.
    pub const fn microseconds(microseconds: i64) -> Self {
        Interval { months: 0, days: 0, microseconds }
    }
}

#[diagnostic::do_not_recommend]
impl FieldType for Interval {
    const TYPE: SqlType = SqlType::Interval;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        self.microseconds.encode(out)?;
        self.days.encode(out)?;
        self.months.encode(out)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let wrong = || malformed(Self::TYPE, bytes);
        let (microseconds, rest) = bytes.split_first_chunk::<8>().ok_or_else(wrong)?;
        let (days, months) = rest.split_first_chunk::<4>().ok_or_else(wrong)?;
        Ok(Interval {
            months: i32::from_be_bytes(months.try_into().map_err(|_| wrong())?),
            days: i32::from_be_bytes(*days),
            microseconds: i64::from_be_bytes(*microseconds),
        })
    }
}

impl Element for Interval {}
