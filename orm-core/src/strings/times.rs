//! Dates and times from texts, as ISO 8601 writes them, in PostgreSQL's binary format; without any crate for times.

const DAY_MICROS: i64 = 86_400_000_000;

/// `2024-02-29`
pub(super) fn date(text: &str) -> Option<Vec<u8>> {
    Some(i32::try_from(days(text)?).ok()?.to_be_bytes().into())
}

/// `13:45`, `13:45:30` or `13:45:30.123456`
pub(super) fn time(text: &str) -> Option<Vec<u8>> {
    Some(micros(text)?.to_be_bytes().into())
}

/// A date, or a date and a time with `T` or a space between them. With an offset (`Z`, `+02:00`), which is zero if it is
/// missing, for a `timestamp with time zone`.
pub(super) fn timestamp(text: &str, zoned: bool) -> Option<Vec<u8>> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let (time, offset) = match time.find(['Z', '+', '-']) {
        Some(at) if zoned => (&time[..at], self::offset(&time[at..])?),
        _ => (time, 0),
    };
    Some((days(date)? * DAY_MICROS + micros(time)? - offset).to_be_bytes().into())
}

/// Days since 2000-01-01, by the Gregorian calendar; years of four digits.
fn days(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) =
        (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if year == 0 || !(1..=length).contains(&day) {
        return None;
    }
    // The year begins in March, so that the day of the leap is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let since_year_0 = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
    Some(since_year_0 - 730_426)
}

fn micros(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(second) => match second.split_once('.') {
            None => (number(second, 2)?, 0),
            Some((second, fraction)) if (1..=6).contains(&fraction.len()) => {
                (number(second, 2)?, number(&format!("{fraction:0<6}"), 6)?)
            }
            Some(_) => return None,
        },
    };
    let fits = hour < 24 && minute < 60 && second < 60;
    fits.then_some(((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction)
}

/// `Z`, `+02`, `+02:00` or `+0200`, in microseconds.
fn offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("Z", "") => return Some(0),
        ("+", digits) => (1, digits.replace(':', "")),
        ("-", digits) => (-1, digits.replace(':', "")),
        _ => return None,
    };
    let (hours, minutes) = match digits.len() {
        2 => (number(&digits, 2)?, 0),
        4 => (number(&digits[..2], 2)?, number(&digits[2..], 2)?),
        _ => return None,
    };
    (hours < 16 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60_000_000)
}

/// A number of so many digits.
fn number(text: &str, digits: usize) -> Option<i64> {
    let is = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_2000() {
        let dates = [("2000-01-01", 0), ("1999-12-31", -1), ("2000-03-01", 60), ("2024-02-29", 8825)];
        for (text, expected) in dates.into_iter().chain([
            ("1970-01-01", -10957),
            ("0001-01-01", -730_119),
            ("9999-12-31", 2_921_939),
        ]) {
            assert_eq!(days(text), Some(expected), "{text}");
        }
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "24-01-01",
            "2024-1-1",
            "2024-01-01-",
            "",
        ] {
            assert_eq!(days(text), None, "{text}");
        }
    }

    #[test]
    fn times_have_seconds_and_microseconds_if_they_are_written() {
        assert_eq!(micros("13:45"), Some(49_500_000_000));
        assert_eq!(micros("00:00:01.5"), Some(1_500_000));
        assert_eq!(micros("23:59:59.999999"), Some(DAY_MICROS - 1));
        for text in
            ["24:00", "13", "13:60", "13:45:60", "13:45:30.", "13:45:30.1234567", "1:45", "13:45Z", ""]
        {
            assert_eq!(micros(text), None, "{text}");
        }
    }

    #[test]
    fn an_offset_is_taken_off_and_only_where_there_can_be_one() {
        let hour = |hours: i64| Some((hours * 3_600_000_000).to_be_bytes().to_vec());
        for text in [
            "2000-01-01T12:00:00Z",
            "2000-01-01 14:00+02",
            "2000-01-01T06:30:00-05:30",
            "2000-01-01T14:00:00+0200",
        ] {
            assert_eq!(timestamp(text, true), hour(12), "{text}");
            assert_eq!(timestamp(text, false), None, "{text}");
        }
        assert_eq!(timestamp("2000-01-02", true), hour(24));
        for text in [
            "2000-01-01T12:00 02:00",
            "2000-01-01T12:00+",
            "2000-01-01T12:00+2",
            "2000-01-01T12:00Zulu",
            "2000-01-01T12:00+é0",
        ] {
            assert_eq!(timestamp(text, true), None, "{text}");
        }
    }
}
