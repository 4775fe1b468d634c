//! The types of time.

use super::{
    Sample,
    chrono::{clock, written},
    round_trips,
};
use crate::random::Random;
use std::cmp::Ordering;
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset};

round_trips! {
    utc_date_time: UtcDateTime;
    offset_date_time: OffsetDateTime;
    primitive_date_time: PrimitiveDateTime;
    date: Date;
    time_of_day: Time;
}

fn first_day() -> Date {
    Date::from_calendar_date(-4713, Month::November, 24).unwrap()
}

impl Sample for PrimitiveDateTime {
    fn edges() -> Vec<Self> {
        let day = |year, month, day| Date::from_calendar_date(year, month, day).unwrap();
        let days = [
            first_day(),
            first_day().previous_day().unwrap(),
            day(0, Month::February, 29),
            day(1970, Month::January, 1),
            day(2000, Month::January, 1),
            day(2024, Month::March, 31),
        ];
        let mut edges: Vec<_> = days.iter().map(|day| PrimitiveDateTime::new(*day, Time::MIDNIGHT)).collect();
        let last = Date::MAX.with_hms_micro(23, 59, 59, 999_999).unwrap();
        edges.extend([
            last,
            last + Duration::nanoseconds(499),
            PrimitiveDateTime::MIN,
            PrimitiveDateTime::MAX,
        ]);
        edges.extend([1, 500, 1_499, 1_500].map(|nanos| edges[3] - Duration::nanoseconds(nanos)));
        edges
    }
    fn random(random: &mut Random) -> Self {
        PrimitiveDateTime::new(Date::random(random), Time::random(random))
    }
    fn stored(&self) -> Option<Self> {
        let time = self.checked_add(Duration::nanoseconds(500))?;
        time.replace_microsecond(time.microsecond()).ok().filter(|time| time.date() >= first_day())
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        let time = self.time().text()?;
        Some(written(self.year(), u8::from(self.month()).into(), self.day().into(), format!(" {time}")))
    }
}

impl Sample for UtcDateTime {
    fn edges() -> Vec<Self> {
        PrimitiveDateTime::edges().iter().map(|time| time.as_utc()).collect()
    }
    fn random(random: &mut Random) -> Self {
        PrimitiveDateTime::random(random).as_utc()
    }
    fn stored(&self) -> Option<Self> {
        Some(PrimitiveDateTime::new(self.date(), self.time()).stored()?.as_utc())
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        let time = self.time().text()?;
        Some(written(self.year(), u8::from(self.month()).into(), self.day().into(), format!(" {time}+00")))
    }
}

impl Sample for OffsetDateTime {
    fn edges() -> Vec<Self> {
        UtcDateTime::edges().into_iter().map(OffsetDateTime::from).collect()
    }
    fn random(random: &mut Random) -> Self {
        let offset = UtcOffset::from_whole_seconds(random.between(-50_000, 50_000) as i32).unwrap();
        OffsetDateTime::from(UtcDateTime::random(random))
            .checked_to_offset(offset)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
    fn stored(&self) -> Option<Self> {
        self.to_utc().stored().map(OffsetDateTime::from)
    }
    fn same(&self, other: &Self) -> bool {
        self == other && self.offset() == UtcOffset::UTC
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        self.to_utc().text()
    }
}

impl Sample for Date {
    fn edges() -> Vec<Self> {
        PrimitiveDateTime::edges().into_iter().map(PrimitiveDateTime::date).collect()
    }
    fn random(random: &mut Random) -> Self {
        let (first, last) = (first_day().to_julian_day(), Date::MAX.to_julian_day());
        Date::from_julian_day(random.between(first.into(), last.into()) as i32).unwrap()
    }
    fn stored(&self) -> Option<Self> {
        Some(*self).filter(|day| *day >= first_day())
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        Some(written(self.year(), u8::from(self.month()).into(), self.day().into(), ""))
    }
}

impl Sample for Time {
    fn edges() -> Vec<Self> {
        let at = |nano| Time::from_hms_nano(23, 59, 59, nano).unwrap();
        vec![Time::MIDNIGHT, Time::MAX, at(999_999_499), at(999_999_500), at(1), at(500), at(0)]
    }
    fn random(random: &mut Random) -> Self {
        Time::MIDNIGHT + Duration::nanoseconds(random.between(0, 86_399_999_999_999))
    }
    fn stored(&self) -> Option<Self> {
        let time = *self + Duration::nanoseconds(500);
        let time = if time < *self { Time::MAX } else { time };
        time.replace_microsecond(time.microsecond()).ok()
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        let (hour, minute, second, nanos) = self.as_hms_nano();
        Some(clock(hour.into(), minute.into(), second.into(), nanos))
    }
}
