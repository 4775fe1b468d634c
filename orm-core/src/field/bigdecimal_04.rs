//! `BigDecimal` of bigdecimal 0.4: all numbers of a `numeric`; NaN and the infinities are none.

use super::{
    Element, FieldType,
    numeric::{self, Numeric},
};
use crate::{Result, SqlType};
use bigdecimal::{
    BigDecimal,
    num_bigint::{BigInt, Sign},
};

#[diagnostic::do_not_recommend]
impl FieldType for BigDecimal {
    const TYPE: SqlType = SqlType::Numeric;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let (digits, scale) = self.as_bigint_and_scale();
        numeric::write(digits.sign() == Sign::Minus, &digits.magnitude().to_string(), scale, out)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let numeric = Numeric::read(bytes, "BigDecimal")?;
        let mut digits: Vec<u8> = numeric
            .digits()
            .flat_map(|digit| [digit / 1_000, digit / 100 % 10, digit / 10 % 10, digit % 10])
            .map(|digit| digit as u8)
            .collect();
        // As many decimals as the server shows.
        let mut scale = -i64::from(numeric.exponent);
        while scale > numeric.scale.into() && digits.last() == Some(&0) {
            digits.pop();
            scale -= 1;
        }
        let missing = usize::try_from(i64::from(numeric.scale) - scale).unwrap_or(0);
        digits.resize(digits.len() + missing, 0);
        let sign = if numeric.negative { Sign::Minus } else { Sign::Plus };
        let digits = BigInt::from_radix_be(sign, &digits, 10).unwrap_or_default();
        Ok(BigDecimal::new(digits, scale + missing as i64))
    }
}

impl Element for BigDecimal {}
