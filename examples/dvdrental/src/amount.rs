//! `Amount`: money to the cent, in a column of type `numeric`. A program's own column type is one `impl` away.

use orm::{Error, ErrorKind, FieldType, Number, Result, SqlType};
use std::fmt;

/// An amount of money, in cents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Amount(pub(crate) i64);

/// `12.05`
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

/// What makes `sum` of amounts an amount, and lets them be calculated with.
impl Number for Amount {
    type Sum = Amount;
}

const NEGATIVE: u16 = 0x4000;
const BASE: u64 = 10_000;

/// PostgreSQL's binary format of `numeric` (`numeric_send` in its `numeric.c`): four 16-bit words, which are the number
/// of digits, the weight of the first one, the sign and the decimals to show, and then the digits in base 10,000. A
/// digit of weight `w` counts `10,000^w`.
impl FieldType for Amount {
    const TYPE: SqlType = SqlType::Numeric;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let cents = self.0.unsigned_abs();
        let mut digits = vec![cents % 100 * 100]; // the weight of this one is -1
        let mut whole = cents / 100;
        while whole > 0 {
            digits.push(whole % BASE);
            whole /= BASE;
        }
        let weight = digits.len() as i16 - 2;
        let sign = if self.0 < 0 { NEGATIVE } else { 0 };
        for word in [digits.len() as u16, weight as u16, sign, 2] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        for digit in digits.into_iter().rev() {
            out.extend_from_slice(&(digit as u16).to_be_bytes());
        }
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let refused = |why| Error::new(ErrorKind::Decode, format!("a numeric that is no amount: {why}"));
        let (words, []) = bytes.as_chunks::<2>() else { return Err(refused("half a word")) };
        let mut words = words.iter().map(|word| u16::from_be_bytes(*word));
        let (Some(_), Some(weight), Some(sign), Some(_)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(refused("no header"));
        };
        if !matches!(sign, 0 | NEGATIVE) {
            return Err(refused("NaN or infinite"));
        }
        let mut value: i128 = 0; // in ten-thousandths: hundredths of a cent
        for (digit, weight) in words.zip((i32::MIN..=i32::from(weight as i16)).rev()) {
            let overflow = || refused("too large");
            let scale = match u32::try_from(weight + 1) {
                Ok(exponent) => i128::from(BASE).checked_pow(exponent).ok_or_else(overflow)?,
                Err(_) if digit == 0 => continue,
                Err(_) => return Err(refused("more than two decimals")),
            };
            let part = i128::from(digit).checked_mul(scale).ok_or_else(overflow)?;
            value = value.checked_add(part).ok_or_else(overflow)?;
        }
        if value % 100 != 0 {
            return Err(refused("more than two decimals"));
        }
        let cents = if sign == NEGATIVE { -value / 100 } else { value / 100 };
        i64::try_from(cents).map(Amount).map_err(|_| refused("too large"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn an_amount_reads_as_it_was_written() {
        for cents in [0, 1, 99, 100, -1, 1_205, 999_999, 1_000_000, -123_456_789_012, i64::MAX, i64::MIN] {
            let mut out = Vec::new();
            Amount(cents).encode(&mut out).unwrap();
            assert_eq!(Amount::decode(&out).unwrap(), Amount(cents));
        }
    }

    #[test]
    fn zeroes_that_the_server_leaves_out_are_read() {
        assert_eq!(Amount::decode(&bytes(&[0, 0, 0, 2])).unwrap(), Amount(0));
        assert_eq!(Amount::decode(&bytes(&[1, 1, 0, 2, 3])).unwrap(), Amount(3_000_000));
        assert_eq!(Amount::decode(&bytes(&[1, -1i16 as u16, NEGATIVE, 2, 500])).unwrap(), Amount(-5));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for (words, why) in [
            (&[1, -1i16 as u16, 0, 3, 1_234][..], "more than two decimals"),
            (&[1, -2i16 as u16, 0, 8, 1][..], "more than two decimals"),
            (&[1, 30, 0, 0, 1][..], "too large"),
            (&[1, 5, 0, 0, 1][..], "too large"),
            (&[0, 0, 0xC000, 0][..], "NaN or infinite"),
            (&[0, 0][..], "no header"),
        ] {
            let error = Amount::decode(&bytes(words)).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn an_amount_prints_with_two_decimals() {
        let texts = [0, 5, -5, 1_205, -100].map(|cents| Amount(cents).to_string());
        assert_eq!(texts, ["0.00", "0.05", "-0.05", "12.05", "-1.00"]);
    }
}
