//! The types of jiff.

use super::{
    Sample,
    chrono::{clock, written},
    round_trips,
};
use crate::random::Random;
use jiff::{
    RoundMode, SignedDuration, Timestamp, TimestampRound, Unit,
    civil::{Date, DateTime, DateTimeRound, Time},
    tz::Offset,
};
use std::cmp::Ordering;

round_trips! {
    timestamp: Timestamp;
    date_time: DateTime;
    date: Date;
    time_of_day: Time;
}

const FIRST_DAY: Date = Date::constant(-4713, 11, 24);

impl Sample for DateTime {
    fn edges() -> Vec<Self> {
        let at = |year, month, day, nanos| DateTime::constant(year, month, day, 23, 59, 59, nanos);
        let mut edges = vec![
            at(-4713, 11, 24, 0),
            at(-4713, 11, 23, 0),
            at(0, 2, 29, 1_000),
            at(1969, 12, 31, 499),
            at(1969, 12, 31, 500),
            at(1999, 12, 31, 999_999_499),
            at(1999, 12, 31, 999_999_500),
            at(2024, 3, 31, 0),
            at(9999, 12, 31, 999_999_000),
        ];
        edges.extend([DateTime::MIN, DateTime::MAX, FIRST_DAY.to_datetime(Time::MIN)]);
        edges
    }
    fn random(random: &mut Random) -> Self {
        Date::random(random).to_datetime(Time::random(random))
    }
    fn stored(&self) -> Option<Self> {
        let round = DateTimeRound::new().smallest(Unit::Microsecond).mode(RoundMode::HalfCeil);
        self.round(round).ok().filter(|time| time.date() >= FIRST_DAY)
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        let (day, time) = (self.date(), self.time().text()?);
        Some(written(day.year().into(), day.month() as u32, day.day() as u32, format!(" {time}")))
    }
}

impl Sample for Timestamp {
    fn edges() -> Vec<Self> {
        let edges = DateTime::edges();
        let edges = edges.iter().filter_map(|time| Offset::UTC.to_timestamp(*time).ok());
        edges.chain([Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH]).collect()
    }
    fn random(random: &mut Random) -> Self {
        Offset::UTC.to_timestamp(DateTime::random(random)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
    fn stored(&self) -> Option<Self> {
        let round = TimestampRound::new().smallest(Unit::Microsecond).mode(RoundMode::HalfCeil);
        self.round(round).ok().filter(|time| Offset::UTC.to_datetime(*time).date() >= FIRST_DAY)
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        let (day, time) =
            (Offset::UTC.to_datetime(*self).date(), Offset::UTC.to_datetime(*self).time().text()?);
        Some(written(day.year().into(), day.month() as u32, day.day() as u32, format!(" {time}+00")))
    }
}

impl Sample for Date {
    fn edges() -> Vec<Self> {
        DateTime::edges().into_iter().map(DateTime::date).collect()
    }
    fn random(random: &mut Random) -> Self {
        // of 1970, in which jiff counts
        let days = SignedDuration::from_hours(random.between(-2_440_588, 2_932_896) * 24);
        Date::constant(1970, 1, 1).checked_add(days).unwrap()
    }
    fn stored(&self) -> Option<Self> {
        Some(*self).filter(|day| *day >= FIRST_DAY)
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        Some(written(self.year().into(), self.month() as u32, self.day() as u32, ""))
    }
}

impl Sample for Time {
    fn edges() -> Vec<Self> {
        let at = |nano| Time::constant(23, 59, 59, nano);
        vec![Time::MIN, Time::MAX, at(999_999_499), at(999_999_500), at(1), at(500), at(0)]
    }
    fn random(random: &mut Random) -> Self {
        Time::MIN.checked_add(SignedDuration::from_nanos(random.between(0, 86_399_999_999_999))).unwrap()
    }
    fn stored(&self) -> Option<Self> {
        let time = self.checked_add(SignedDuration::from_nanos(500)).unwrap_or(Time::MAX);
        Time::new(time.hour(), time.minute(), time.second(), time.subsec_nanosecond() / 1_000 * 1_000).ok()
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        Some(clock(
            self.hour() as u32,
            self.minute() as u32,
            self.second() as u32,
            self.subsec_nanosecond() as u32,
        ))
    }
}
