//! Intervals as texts of ISO 8601.

use super::Interval;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// As PostgreSQL writes it with `intervalstyle = iso_8601`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (months, days, micros) = (self.months, self.days, self.microseconds);
        f.write_str("P")?;
        for (n, unit) in [(months / 12, 'Y'), (months % 12, 'M'), (days, 'D')] {
            if n != 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        if micros == 0 && (months != 0 || days != 0) {
            return Ok(());
        }
        f.write_str("T")?;
        for (n, unit) in [(micros / HOUR, 'H'), (micros % HOUR / MINUTE, 'M')] {
            if n != 0 {
                write!(f, "{n}{unit}")?;
            }
        }
        let rest = micros % MINUTE;
        if rest == 0 && micros != 0 {
            return Ok(());
        }
        let fraction = format!(".{:06}", (rest % SECOND).abs());
        let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
        write!(f, "{}{}{fraction}S", if rest < 0 { "-" } else { "" }, (rest / SECOND).abs())
    }
}

/// ISO 8601 durations: each part is signed, seconds may have a fraction of up to six digits.
impl FromStr for Interval {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        parse(text).ok_or_else(|| {
            Error::new(ErrorKind::InvalidValue, "not an interval in ISO 8601, such as `P1Y2M3DT4H5M6.5S`")
        })
    }
}

fn parse(text: &str) -> Option<Interval> {
    let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
    let (mut interval, mut in_time) = (Interval::default(), false);
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix('T').filter(|time| !in_time && !time.is_empty()) {
            (rest, in_time) = (time, true);
        }
        let (number, after) = rest.split_at(rest.find(|char: char| char.is_ascii_alphabetic())?);
        let unit = after.chars().next()?;
        rest = &after[1..];
        if (in_time, unit) == (true, 'S') {
            interval.microseconds = interval.microseconds.checked_add(micros(number)?)?;
            continue;
        }
        let number: i64 = number.parse().ok()?;
        let (sum, scale) = match (in_time, unit) {
            (false, 'Y') => (&mut interval.months, 12),
            (false, 'M') => (&mut interval.months, 1),
            (false, 'W') => (&mut interval.days, 7),
            (false, 'D') => (&mut interval.days, 1),
            (true, 'H' | 'M') => {
                let scale = if unit == 'H' { HOUR } else { MINUTE };
                interval.microseconds = interval.microseconds.checked_add(number.checked_mul(scale)?)?;
                continue;
            }
            _ => return None,
        };
        *sum = sum.checked_add(i32::try_from(number.checked_mul(scale)?).ok()?)?;
    }
    Some(interval)
}

/// Seconds with a fraction, in microseconds.
fn micros(seconds: &str) -> Option<i64> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    if fraction.is_empty() || fraction.len() > 6 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: i64 = format!("{fraction:0<6}").parse().ok()?;
    let fraction = if whole.starts_with('-') { -fraction } else { fraction };
    whole.parse::<i64>().ok()?.checked_mul(SECOND)?.checked_add(fraction)
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
