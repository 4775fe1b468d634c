//! Integers, floats, `bool` and decimals.

use super::{Sample, alone, round_trips};
use crate::random::Random;
use bigdecimal::{BigDecimal, num_bigint::BigInt};
use orm::prelude::*;
use std::cmp::Ordering;

round_trips! {
    i_16: i16;
    i_32: i32;
    i_64: i64;
    u_16: u16;
    u_32: u32;
    u_64: u64;
    f_32: f32;
    f_64: f64;
    boolean: bool;
    decimal: Decimal;
    big_decimal: BigDecimal;
}

mod u_8 {
    use super::*;
    alone!(u8);
}

macro_rules! integers { ($($ty:ty)*) => {$(
    impl Sample for $ty {
        fn edges() -> Vec<Self> {
            vec![<$ty>::MIN, 0, 1, <$ty>::MAX]
        }
        fn random(random: &mut Random) -> Self {
            // of all sizes
            let bits = random.bits() >> random.below(64);
            if random.one_in(2) { bits as $ty } else { (bits as $ty).wrapping_neg() }
        }
        fn stored(&self) -> Option<Self> {
            i64::try_from(*self).is_ok().then_some(*self)
        }
        fn order(&self, other: &Self) -> Option<Ordering> {
            Some(self.cmp(other))
        }
        fn text(&self) -> Option<String> {
            Some(self.to_string())
        }
    }
)*}}
integers!(i16 i32 i64 u8 u16 u32 u64);

macro_rules! floats { ($($ty:ty)*) => {$(
    impl Sample for $ty {
        fn edges() -> Vec<Self> {
            let smallest = <$ty>::from_bits(1);
            vec![
                0.0, -0.0, 0.1, smallest, <$ty>::MIN_POSITIVE, <$ty>::MIN, <$ty>::MAX,
                <$ty>::NEG_INFINITY, <$ty>::INFINITY, <$ty>::NAN,
            ]
        }
        fn random(random: &mut Random) -> Self {
            <$ty>::from_bits(random.bits() as _)
        }
        fn same(&self, other: &Self) -> bool {
            self.to_bits() == other.to_bits()
        }
        // NaN equals itself and is above all.
        fn order(&self, other: &Self) -> Option<Ordering> {
            Some(self.partial_cmp(other).unwrap_or_else(|| self.is_nan().cmp(&other.is_nan())))
        }
    }
)*}}
floats!(f32 f64);

impl Sample for bool {
    fn edges() -> Vec<Self> {
        vec![false, true]
    }
    fn random(random: &mut Random) -> Self {
        random.one_in(2)
    }
    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Sample for Decimal {
    fn edges() -> Vec<Self> {
        let texts = [
            "0",
            "0.00",
            "1",
            "-1",
            "1.10",
            "0.0001",
            "0.00001",
            "9999",
            "10000",
            "10000.0001",
            "-0.1",
            "1e-28",
            "100000000",
            "0.1000000000000000000000000000",
            "7.9228162514264337593543950335",
        ];
        let edges = texts.map(|text| text.parse().or_else(|_| Decimal::from_scientific(text)).unwrap());
        edges.into_iter().chain([Decimal::MIN, Decimal::MAX, -Decimal::ZERO]).collect()
    }
    fn random(random: &mut Random) -> Self {
        let digits = (i128::from(random.bits()) << 32 | i128::from(random.bits() >> 32)) >> random.below(96);
        let digits = if random.one_in(2) { digits } else { -digits };
        Decimal::from_i128_with_scale(digits, random.below(29) as u32)
    }
    fn same(&self, other: &Self) -> bool {
        self == other && self.scale() == other.scale()
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        Some(self.abs().to_string()).filter(|_| self.is_zero()).or_else(|| Some(self.to_string()))
    }
}

impl Sample for BigDecimal {
    fn edges() -> Vec<Self> {
        let digits = "12345678901234567890123456789012345678901234567890.5";
        let texts = [
            "0",
            "0.00",
            "-1",
            "1e5",
            "1.10",
            "1e-300",
            "1e300",
            "9999.9999",
            "1e131072",
            "1e-16384",
            "1e1000000000",
        ];
        let texts = texts.into_iter().chain([digits]);
        texts.map(|text| text.parse().unwrap()).collect()
    }
    fn random(random: &mut Random) -> Self {
        let length = random.below(40);
        let digits = BigInt::from_signed_bytes_be(&random.bytes(length));
        BigDecimal::new(digits, random.between(-30, 60))
    }
    fn stored(&self) -> Option<Self> {
        let (digits, scale) = self.as_bigint_and_scale();
        let before = digits.magnitude().to_string().len() as i64 - scale;
        (before <= 131_072 && scale <= 16_383).then(|| self.with_scale(scale.max(0)))
    }
    fn same(&self, other: &Self) -> bool {
        self.as_bigint_and_scale() == other.as_bigint_and_scale()
    }
    fn order(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
    fn text(&self) -> Option<String> {
        Some(self.to_plain_string())
    }
    const HUGE: u64 = 50;
}
