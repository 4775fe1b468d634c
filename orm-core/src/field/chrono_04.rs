//! `DateTime<Utc>` and `NaiveDate` of chrono 0.4.
//!
//! PostgreSQL counts microseconds and days from 2000-01-01; the ends of its ranges stand for `infinity`
//! ([Date/Time Types](https://www.postgresql.org/docs/current/datatype-datetime.html)).

use super::{Element, FieldType, Now};
use crate::{Error, ErrorKind, Param, Result, SqlType};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// 2000-01-01 in microseconds since 1970-01-01.
const EPOCH_MICROS: i64 = 946_684_800_000_000;
/// 2000-01-01 in days since 0001-01-01, counted as chrono counts.
const EPOCH_DAYS: i32 = 730_120;
/// 4714-11-24 BC, the first day PostgreSQL holds, in days since 2000-01-01.
const FIRST_DAY: i32 = -2_451_545;
/// One past 294276-12-31, the last day of a timestamp, in microseconds since 2000-01-01.
const END_MICROS: i64 = 9_223_371_331_200_000_000;
const DAY_MICROS: i64 = 86_400_000_000;

fn out_of_range(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidValue, what)
}

#[diagnostic::do_not_recommend]
impl FieldType for DateTime<Utc> {
    const TYPE: SqlType = SqlType::Timestamptz;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let micros = (*self)
            .checked_add_signed(TimeDelta::nanoseconds(500)) // to the nearest microsecond
            .and_then(|time| time.timestamp_micros().checked_sub(EPOCH_MICROS))
            .filter(|micros| (i64::from(FIRST_DAY) * DAY_MICROS..END_MICROS).contains(micros))
            .ok_or_else(|| out_of_range("a timestamp is between 4713 BC and 294276 AD"))?;
        micros.encode(out)
    }

    #[inline]
    fn decode(bytes: &[u8]) -> Result<Self> {
        let micros = i64::decode(bytes)?;
        let time = micros.checked_add(EPOCH_MICROS).and_then(DateTime::from_timestamp_micros);
        time.ok_or_else(|| match micros {
            i64::MAX => Error::new(
                ErrorKind::Decode,
                "the timestamp is `infinity`, which `DateTime<Utc>` cannot hold",
            ),
            i64::MIN => Error::new(
                ErrorKind::Decode,
                "the timestamp is `-infinity`, which `DateTime<Utc>` cannot hold",
            ),
            _ => Error::new(ErrorKind::Decode, "the timestamp is out of the range of `DateTime<Utc>`"),
        })
    }
}

#[diagnostic::do_not_recommend]
impl Element for DateTime<Utc> {}

#[diagnostic::do_not_recommend]
impl Now for DateTime<Utc> {
    fn now() -> Param {
        Param::new(Some(&Utc::now()))
    }
}

#[diagnostic::do_not_recommend]
impl FieldType for NaiveDate {
    const TYPE: SqlType = SqlType::Date;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let days = self.num_days_from_ce() - EPOCH_DAYS;
        if days < FIRST_DAY {
            return Err(out_of_range("a date is not before 4713 BC"));
        }
        days.encode(out)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let days = i32::decode(bytes)?;
        let date = days.checked_add(EPOCH_DAYS).and_then(NaiveDate::from_num_days_from_ce_opt);
        date.ok_or_else(|| match days {
            i32::MAX => {
                Error::new(ErrorKind::Decode, "the date is `infinity`, which `NaiveDate` cannot hold")
            }
            i32::MIN => {
                Error::new(ErrorKind::Decode, "the date is `-infinity`, which `NaiveDate` cannot hold")
            }
            _ => Error::new(ErrorKind::Decode, "the date is out of the range of `NaiveDate`"),
        })
    }
}

#[diagnostic::do_not_recommend]
impl Element for NaiveDate {}

#[diagnostic::do_not_recommend]
impl Now for NaiveDate {
    fn now() -> Param {
        Param::new(Some(&Utc::now().date_naive()))
    }
}
