//! `BitVec` of bit-vec 0.10, as `bit varying`; `max_length` is the most bits.

use super::{
    Element, FieldType,
    reader::{Reader, count},
};
use crate::{Result, SqlType};
use bit_vec::BitVec;

/// The format is that of `varbit_send`: the number of bits, and they from the left, filled up with zeros.
#[diagnostic::do_not_recommend]
impl FieldType for BitVec {
    const TYPE: SqlType = SqlType::Varbit;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&count(self.len())?);
        out.extend_from_slice(&self.to_bytes());
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(Self::TYPE, bytes);
        let length = reader.count()?;
        let filled = reader.take(length.div_ceil(8))?;
        let unused = filled.last().map_or(0, |last| last.trailing_zeros());
        reader.expect(usize::try_from(unused).unwrap_or(0) + length >= filled.len() * 8)?;
        reader.end()?;
        let mut bits = BitVec::from_bytes(filled);
        bits.truncate(length);
        Ok(bits)
    }
}

impl Element for BitVec {}
