//! Intervals.

use super::{Sample, round_trips};
use crate::random::Random;
use jiff::SignedDuration;
use orm::{Interval, prelude::*};
use std::{cmp::Ordering, time::Duration};

round_trips! {
    interval: Interval;
    duration: Duration;
    time_delta: TimeDelta;
    signed_duration: SignedDuration;
    time_duration: time::Duration;
}

const DAY: i128 = 86_400_000_000;

impl Sample for Interval {
    fn edges() -> Vec<Self> {
        // All three at an end at once are infinite from PostgreSQL 17 on.
        let parts = [
            (0, 0, 0),
            (1, 0, 0),
            (0, 30, 0),
            (0, 0, 1),
            (-1, 1, -1),
            (i32::MIN, i32::MAX, 0),
            (i32::MAX, i32::MIN, 0),
        ];
        let ends = [(0, 0, i64::MAX), (0, 0, i64::MIN), (0, 1, -86_400_000_000), (14, 3, -1_500_000)];
        parts
            .into_iter()
            .chain(ends)
            .map(|(months, days, microseconds)| Interval { months, days, microseconds })
            .collect()
    }
    fn random(random: &mut Random) -> Self {
        let months = (random.bits() as i32) >> random.below(32);
        let days = (random.bits() as i32) >> random.below(32);
        Interval { months, days, microseconds: (random.bits() as i64) >> random.below(64) }
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        // A month is 30 days then, and a day 24 hours.
        let micros =
            |i: &Self| (i128::from(i.months) * 30 + i128::from(i.days)) * DAY + i128::from(i.microseconds);
        Some(micros(self).cmp(&micros(other)))
    }
}

const SECOND: i128 = 1_000_000_000;
/// The longest span of an interval without months and days, in nanoseconds.
const LONGEST: i128 = i64::MAX as i128 * 1_000;

/// By nanoseconds: the least value, how to count them, how to make a value of them.
macro_rules! spans { ($($ty:ty: $least:expr, $nanos:expr, $make:expr;)*) => {$(
    impl Sample for $ty {
        fn edges() -> Vec<Self> {
            let make: fn(i128) -> Self = $make;
            let edges = [0, 1, 499, 500, 1_499, 1_500, SECOND, 86_400 * SECOND, LONGEST, LONGEST + 499, LONGEST + 500];
            let edges = edges.into_iter().flat_map(|nanos| [nanos, -nanos, -nanos - 1_000]);
            edges.filter(|nanos| *nanos >= $least).map(make).chain([<$ty>::MAX]).collect()
        }
        fn random(random: &mut Random) -> Self {
            let make: fn(i128) -> Self = $make;
            let nanos = i128::from(random.bits() >> random.below(64)) * 37;
            make(if random.one_in(2) { nanos } else { (-nanos).max($least) })
        }
        fn stored(&self) -> Option<Self> {
            let (nanos, make): (fn(&Self) -> i128, fn(i128) -> Self) = ($nanos, $make);
            let micros = i64::try_from((nanos(self) + 500).div_euclid(1_000)).ok()?;
            Some(make(i128::from(micros) * 1_000))
        }
        fn order(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
    }
)*}}
spans! {
    Duration: 0, |span| span.as_nanos() as i128,
        |nanos| Duration::new((nanos / SECOND) as u64, (nanos % SECOND) as u32);
    TimeDelta: i128::MIN, |span| i128::from(span.num_seconds()) * SECOND + i128::from(span.subsec_nanos()),
        |nanos| TimeDelta::new(nanos.div_euclid(SECOND) as i64, nanos.rem_euclid(SECOND) as u32).unwrap();
    SignedDuration: i128::MIN, SignedDuration::as_nanos,
        |nanos| SignedDuration::new((nanos / SECOND) as i64, (nanos % SECOND) as i32);
    time::Duration: i128::MIN, |span| span.whole_nanoseconds(),
        |nanos| time::Duration::new((nanos / SECOND) as i64, (nanos % SECOND) as i32);
}
