//! The types of time 0.3. An `OffsetDateTime` comes back in UTC: equal, but without its offset.

use super::epoch::times;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime};

/// 2000-01-01 as a Julian day.
const EPOCH_DAYS: i32 = 2_451_545;

fn at(micros: i64) -> Option<UtcDateTime> {
    UtcDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()
}

fn now() -> UtcDateTime {
    UtcDateTime::now()
}

times! {
    UtcDateTime as Timestamptz by timestamp, time => time.unix_timestamp_nanos(), at, now now();
    OffsetDateTime as Timestamptz by timestamp, time => time.unix_timestamp_nanos(),
        |micros| at(micros).map(OffsetDateTime::from), now now().into();
    PrimitiveDateTime as Timestamp by timestamp, time => time.assume_utc().unix_timestamp_nanos(),
        |micros| at(micros).map(|time| PrimitiveDateTime::new(time.date(), time.time())),
        now PrimitiveDateTime::new(now().date(), now().time());
    Date as Date by date, date => date.to_julian_day() - EPOCH_DAYS,
        |days| Date::from_julian_day(days.checked_add(EPOCH_DAYS)?).ok(), now now().date();
    Time as Time by time, time => Some((*time - Time::MIDNIGHT).whole_nanoseconds()),
        |micros| Some(Time::MIDNIGHT + Duration::microseconds(micros)), now now().time();
    Duration as Interval by interval, span => span.whole_nanoseconds(), |micros| Some(Duration::microseconds(micros));
}
