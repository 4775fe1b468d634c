//! The binary format of `numeric` (`numeric_send` in PostgreSQL's `numeric.c`): four 16-bit words, which are the number of
//! digits, the weight of the first one, the sign and the decimals to show, and then the digits in base 10,000. A digit of
//! weight `w` counts `10,000^w`.

use crate::{Error, ErrorKind, Result, SqlType};

const NEGATIVE: u16 = 0x4000;
/// How many digits in base 10,000 the server takes in this format.
const MOST_DIGITS: usize = 3_000;
/// How many decimals it takes.
const MOST_DECIMALS: u16 = 16_383;

/// A number that is neither NaN nor infinite.
pub(super) struct Numeric<'a> {
    pub(super) negative: bool,
    /// How many decimals are shown.
    pub(super) scale: u16,
    /// The power of ten that the last digit counts.
    pub(super) exponent: i32,
    digits: &'a [[u8; 2]],
}

impl<'a> Numeric<'a> {
    /// Reads a number for a type of this name.
    pub(super) fn read(bytes: &'a [u8], ty: &str) -> Result<Self> {
        let malformed = || super::malformed(SqlType::Numeric, bytes);
        let word = |word: &[u8; 2]| u16::from_be_bytes(*word);
        let (words, []) = bytes.as_chunks::<2>() else { return Err(malformed()) };
        let [length, weight, sign, scale, digits @ ..] = words else { return Err(malformed()) };
        let scale = word(scale);
        let is_digit = |digit| word(digit) < 10_000;
        if usize::from(word(length)) != digits.len() || !digits.iter().all(is_digit) || scale > MOST_DECIMALS
        {
            return Err(malformed());
        }
        let special = match word(sign) {
            0 | NEGATIVE => None,
            0xC000 => Some("NaN"),
            0xD000 => Some("Infinity"),
            0xF000 => Some("-Infinity"),
            _ => return Err(malformed()),
        };
        if let Some(special) = special {
            let message = format!("the number is `{special}`, which `{ty}` cannot hold");
            return Err(Error::new(ErrorKind::Decode, message));
        }
        let zeros = digits.iter().rev().take_while(|digit| word(digit) == 0).count();
        let last = i32::from(i16::from_be_bytes(*weight)) + 1 - digits.len() as i32 + zeros as i32;
        Ok(Numeric {
            negative: word(sign) == NEGATIVE,
            scale,
            exponent: if zeros == digits.len() { 0 } else { last * 4 },
            digits: &digits[..digits.len() - zeros],
        })
    }

    /// The digits in base 10,000, the last of which is not 0.
    pub(super) fn digits(&self) -> impl Iterator<Item = u16> {
        self.digits.iter().map(|digit| u16::from_be_bytes(*digit))
    }
}

/// Writes `digits`, which are decimal, divided by `10^scale`.
pub(super) fn write(negative: bool, digits: &str, scale: i64, out: &mut Vec<u8>) -> Result<()> {
    let significant = digits.trim_start_matches('0').trim_end_matches('0').as_bytes();
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    let too_long = || {
        Error::new(
            ErrorKind::InvalidValue,
            "a numeric has at most 131,072 digits before the point, 16,383 after it, and 12,000 that are sent at once",
        )
    };
    if significant.is_empty() {
        header(0, 0, false, scale.clamp(0, MOST_DECIMALS.into()), out);
        return Ok(());
    }
    // The power of ten of the last digit, down to the next whose digit in base 10,000 ends there.
    let exponent = (zeros as i64).checked_sub(scale).ok_or_else(too_long)?;
    let padding = exponent.rem_euclid(4) as usize;
    let length = significant.len() + padding;
    let count = length.div_ceil(4);
    let weight = exponent.div_euclid(4) + count as i64 - 1;
    let weight = i16::try_from(weight).map_err(|_| too_long())?;
    if count > MOST_DIGITS || scale > MOST_DECIMALS.into() {
        return Err(too_long());
    }
    header(count as u16, weight, negative, scale.max(0), out);
    let mut digit = 0u16;
    for at in 0..length {
        digit = digit * 10 + significant.get(at).map_or(0, |byte| u16::from(byte - b'0'));
        if (length - at - 1).is_multiple_of(4) {
            out.extend_from_slice(&digit.to_be_bytes());
            digit = 0;
        }
    }
    Ok(())
}

fn header(count: u16, weight: i16, negative: bool, scale: i64, out: &mut Vec<u8>) {
    for word in [count, weight as u16, if negative { NEGATIVE } else { 0 }, scale as u16] {
        out.extend_from_slice(&word.to_be_bytes());
    }
}
