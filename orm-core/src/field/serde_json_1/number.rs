//! Numbers in JSON that a `serde_json::Value` would hold only approximately.

use crate::{Error, ErrorKind, Result};
use serde_json::Number;

/// All decimals of so many characters are told apart by an `f64`.
const SHORT: usize = 15;
/// No `f64` has more digits.
const LONG: usize = 1_100;

/// An error if a number of a JSON text has digits that would be lost.
pub(super) fn check(json: &[u8]) -> Result<()> {
    let mut rest = json;
    while let [first, after @ ..] = rest {
        rest = match first {
            b'"' => end_of_string(after),
            b'-' | b'0'..=b'9' => {
                let end = rest
                    .iter()
                    .position(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
                let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
                if number.len() > SHORT && !is_held(number) {
                    return Err(Error::new(
                        ErrorKind::Decode,
                        "the JSON holds a number of more digits than `serde_json::Value` can hold; take `orm::Json` of a type that can",
                    ));
                }
                after
            }
            _ => after,
        };
    }
    Ok(())
}

fn end_of_string(mut rest: &[u8]) -> &[u8] {
    while let [first, after @ ..] = rest {
        match first {
            b'"' => return after,
            b'\\' => rest = after.get(1..).unwrap_or_default(),
            _ => rest = after,
        }
    }
    rest
}

/// Whether a `Number` is the same: an integer that fits, or a float with the same digits.
fn is_held(number: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(number) else { return false };
    let Ok(held) = text.parse::<Number>() else { return false };
    if held.is_i64() || held.is_u64() || held.to_string() == text {
        return true;
    }
    // Zeros at the end say nothing.
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    let digits = |float: f64| places <= LONG && format!("{float:.places$}") == text;
    held.as_f64().is_some_and(digits)
}
