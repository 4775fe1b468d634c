//! The types of chrono 0.4. A `DateTime` with another offset than UTC's is none, as the offset would not come back.

use super::epoch::times;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

/// 2000-01-01 in days since 0001-01-01, counted as chrono counts.
const EPOCH_DAYS: i32 = 730_120;
const SECOND: i128 = 1_000_000_000;

/// A leap second is the first of the next minute.
fn nanos(time: DateTime<Utc>) -> i128 {
    i128::from(time.timestamp()) * SECOND + i128::from(time.timestamp_subsec_nanos())
}

fn of_day(time: &NaiveTime) -> Option<i128> {
    let nanos = i128::from(time.nanosecond());
    (nanos < SECOND).then(|| i128::from(time.num_seconds_from_midnight()) * SECOND + nanos)
}

fn time_of_day(micros: i64) -> Option<NaiveTime> {
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    NaiveTime::from_num_seconds_from_midnight_opt(seconds as u32, micros as u32 * 1_000)
}

times! {
    DateTime<Utc> as Timestamptz by timestamp, time => nanos(*time), DateTime::from_timestamp_micros, now Utc::now();
    NaiveDateTime as Timestamp by timestamp, time => nanos(time.and_utc()),
        |micros| Some(DateTime::from_timestamp_micros(micros)?.naive_utc()), now Utc::now().naive_utc();
    NaiveDate as Date by date, date => date.num_days_from_ce() - EPOCH_DAYS,
        |days| NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_DAYS)?), now Utc::now().date_naive();
    NaiveTime as Time by time, time => of_day(time), time_of_day, now Utc::now().time();
    TimeDelta as Interval by interval,
        delta => i128::from(delta.num_seconds()) * SECOND + i128::from(delta.subsec_nanos()),
        |micros| Some(TimeDelta::microseconds(micros));
}
