//! The types of jiff 1. A `Zoned` is none, as its time zone would not come back.

use super::epoch::times;
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime, Time},
    tz::Offset,
};

const UNIX: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
const EPOCH: Date = Date::constant(2000, 1, 1);

fn now() -> DateTime {
    Offset::UTC.to_datetime(Timestamp::now())
}

times! {
    Timestamp as Timestamptz by timestamp, time => time.as_nanosecond(),
        |micros| Timestamp::from_microsecond(micros).ok(), now Timestamp::now();
    DateTime as Timestamp by timestamp, time => time.duration_since(UNIX).as_nanos(),
        |micros| UNIX.checked_add(SignedDuration::from_micros(micros)).ok(), now now();
    Date as Date by date, date => (date.duration_since(EPOCH).as_hours() / 24) as i32,
        |days| EPOCH.checked_add(SignedDuration::from_hours(i64::from(days) * 24)).ok(), now now().date();
    Time as Time by time, time => Some(time.duration_since(Time::MIN).as_nanos()),
        |micros| Time::MIN.checked_add(SignedDuration::from_micros(micros)).ok(), now now().time();
    SignedDuration as Interval by interval, span => span.as_nanos(),
        |micros| Some(SignedDuration::from_micros(micros));
}
