//! `Decimal` of rust_decimal 1: 28 digits, exactly or not at all.

use super::{
    Element, FieldType,
    numeric::{self, Numeric},
};
use crate::{Error, ErrorKind, Result, SqlType};
use rust_decimal::Decimal;

/// One past the largest coefficient.
const END: u128 = 1 << 96;

#[diagnostic::do_not_recommend]
impl FieldType for Decimal {
    const TYPE: SqlType = SqlType::Numeric;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let digits = self.mantissa().unsigned_abs().to_string();
        numeric::write(self.is_sign_negative(), &digits, self.scale().into(), out)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let numeric = Numeric::read(bytes, "Decimal")?;
        exactly(&numeric).ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "the number has more digits than `Decimal` can hold, which are 28; `BigDecimal` holds any, or `cast` it in the query",
            )
        })
    }
}

impl Element for Decimal {}

fn exactly(numeric: &Numeric<'_>) -> Option<Decimal> {
    let mut digits = numeric.digits();
    let all = digits.try_fold(0u128, |all, digit| all.checked_mul(10_000)?.checked_add(digit.into()))?;
    let (mut all, mut scale) = match u32::try_from(-numeric.exponent) {
        Ok(scale) => (all, scale),
        Err(_) => (all.checked_mul(10u128.checked_pow(numeric.exponent.unsigned_abs())?)?, 0),
    };
    // Without the zeros at the end, then with those that the server shows, as far as there is room.
    while scale > 0 && all.is_multiple_of(10) {
        (all, scale) = if all == 0 { (0, 0) } else { (all / 10, scale - 1) };
    }
    while scale < u32::from(numeric.scale).min(Decimal::MAX_SCALE) && all * 10 < END {
        (all, scale) = (all * 10, scale + 1);
    }
    let all = i128::try_from(all).ok().filter(|_| all < END)?;
    let mut decimal = Decimal::try_from_i128_with_scale(all, scale).ok()?;
    decimal.set_sign_negative(numeric.negative && all != 0);
    Some(decimal)
}
