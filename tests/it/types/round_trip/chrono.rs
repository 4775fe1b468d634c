//! The types of chrono, and these with infinity.

use super::{Sample, round_trips};
use crate::random::Random;
use chrono::{Datelike, Timelike};
use orm::{OrInfinity, prelude::*, types::Unbounded};
use std::{cmp::Ordering, fmt};

round_trips! {
    date_time: DateTime<Utc>;
    naive_date_time: NaiveDateTime;
    naive_date: NaiveDate;
    naive_time: NaiveTime;
    endless_date_time: OrInfinity<DateTime<Utc>>;
    endless_date: OrInfinity<NaiveDate>;
}

/// A date as the server writes it, `rest` is what comes after it.
pub(super) fn written(year: i32, month: u32, day: u32, rest: impl fmt::Display) -> String {
    let (year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    format!("{year:04}-{month:02}-{day:02}{rest}{era}")
}

/// A time of day as the server writes it.
pub(super) fn clock(hour: u32, minute: u32, second: u32, nanos: u32) -> String {
    let time = format!("{hour:02}:{minute:02}:{second:02}.{:06}", nanos / 1_000);
    time.trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub(super) const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(-4713, 11, 24).unwrap();

/// To the nearest microsecond.
fn rounded(time: NaiveDateTime) -> Option<NaiveDateTime> {
    let second = time.and_utc().timestamp();
    let micros = (time.and_utc().timestamp_subsec_nanos() + 500) / 1_000;
    let second = DateTime::from_timestamp(second, 0)?;
    second.checked_add_signed(TimeDelta::microseconds(micros.into())).map(|time| time.naive_utc())
}

impl Sample for NaiveDateTime {
    fn edges() -> Vec<Self> {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let start = [
            FIRST_DAY,
            day(-4713, 11, 23),
            day(-43, 3, 15),
            day(0, 2, 29),
            day(1, 1, 1),
            day(1969, 12, 31),
            day(1970, 1, 1),
            day(1999, 12, 31),
            day(2000, 1, 1),
            day(2024, 2, 29),
            day(9999, 12, 31),
            day(10_000, 1, 1),
            day(262_142, 12, 31),
        ];
        let clock = |hour, minute, nanos| NaiveTime::from_hms_nano_opt(hour, minute, 59, nanos).unwrap();
        let mut edges: Vec<_> = start.iter().map(|day| day.and_time(NaiveTime::MIN)).collect();
        edges.extend(
            [499, 500, 999_999_499, 999_999_500, 1_999_999_999]
                .map(|nanos| start[7].and_time(clock(23, 59, nanos))),
        );
        // In these minutes clocks were put forward: in Berlin, in New York, and in Santiago at midnight.
        edges
            .extend([day(2024, 3, 31).and_time(clock(2, 30, 0)), day(2024, 3, 10).and_time(clock(2, 30, 0))]);
        edges.extend([day(2024, 9, 8).and_time(clock(0, 30, 0)), NaiveDateTime::MIN, NaiveDateTime::MAX]);
        edges
    }
    fn random(random: &mut Random) -> Self {
        let second = random.between(-210_866_803_200, 8_210_266_876_798);
        DateTime::from_timestamp(second, random.below(1_000_000_000) as u32).unwrap().naive_utc()
    }
    fn stored(&self) -> Option<Self> {
        rounded(*self).filter(|time| time.date() >= FIRST_DAY)
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        let clock = clock(self.hour(), self.minute(), self.second(), self.nanosecond());
        Some(written(self.year(), self.month(), self.day(), format!(" {clock}")))
    }
}

impl Sample for DateTime<Utc> {
    fn edges() -> Vec<Self> {
        NaiveDateTime::edges().iter().map(NaiveDateTime::and_utc).collect()
    }
    fn random(random: &mut Random) -> Self {
        NaiveDateTime::random(random).and_utc()
    }
    fn stored(&self) -> Option<Self> {
        Some(self.naive_utc().stored()?.and_utc())
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        let clock = clock(self.hour(), self.minute(), self.second(), self.nanosecond());
        Some(written(self.year(), self.month(), self.day(), format!(" {clock}+00")))
    }
}

impl Sample for NaiveDate {
    fn edges() -> Vec<Self> {
        NaiveDateTime::edges().iter().map(NaiveDateTime::date).collect()
    }
    fn random(random: &mut Random) -> Self {
        NaiveDateTime::random(random).date()
    }
    fn stored(&self) -> Option<Self> {
        Some(*self).filter(|day| *day >= FIRST_DAY)
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        Some(written(self.year(), self.month(), self.day(), ""))
    }
}

impl Sample for NaiveTime {
    fn edges() -> Vec<Self> {
        let at =
            |hour, minute, second, nano| NaiveTime::from_hms_nano_opt(hour, minute, second, nano).unwrap();
        let ends = [0, 999_999_499, 999_999_500, 999_999_999, 1_000_000_000, 1_500_000_000];
        let mut edges = ends.map(|nano| at(23, 59, 59, nano)).to_vec();
        edges.extend([
            NaiveTime::MIN,
            at(0, 0, 0, 1),
            at(0, 0, 0, 500),
            at(11, 59, 59, 999_999_500),
            at(12, 0, 0, 0),
        ]);
        edges
    }
    fn random(random: &mut Random) -> Self {
        NaiveTime::from_num_seconds_from_midnight_opt(
            random.below(86_400) as u32,
            random.below(1_000_000_000) as u32,
        )
        .unwrap()
    }
    fn stored(&self) -> Option<Self> {
        // There is no 24:00:00 to round to, and no leap second.
        let last = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
        let day = NaiveDate::default();
        let time = rounded(day.and_time(*self)).unwrap();
        (self.nanosecond() < 1_000_000_000).then_some(if time.date() > day { last } else { time.time() })
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        Some(clock(self.hour(), self.minute(), self.second(), self.nanosecond()))
    }
}

impl<T: Sample + Unbounded> Sample for OrInfinity<T> {
    fn edges() -> Vec<Self> {
        let edges = T::edges().into_iter().map(OrInfinity::Finite);
        edges.chain([OrInfinity::NegInfinity, OrInfinity::Infinity]).collect()
    }
    fn random(random: &mut Random) -> Self {
        OrInfinity::Finite(T::random(random))
    }
    fn stored(&self) -> Option<Self> {
        match self {
            OrInfinity::Finite(value) => value.stored().map(OrInfinity::Finite),
            _ => Some(self.clone()),
        }
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            _ if self == other => Some(Ordering::Equal),
            (OrInfinity::Finite(a), OrInfinity::Finite(b)) => a.order(b),
            (OrInfinity::NegInfinity, _) | (_, OrInfinity::Infinity) => Some(Ordering::Less),
            _ => Some(Ordering::Greater),
        }
    }
    fn text(&self) -> Option<String> {
        match self {
            OrInfinity::Finite(value) => value.text(),
            OrInfinity::NegInfinity => Some("-infinity".into()),
            OrInfinity::Infinity => Some("infinity".into()),
        }
    }
}
