//! Integers, floats, `bool`, `String` and `Vec<u8>`.

use super::{FieldType, malformed};
use crate::{Error, ErrorKind, Result, SqlType};

macro_rules! numbers { ($($t:ty = $sql:ident),*) => {$(
    #[diagnostic::do_not_recommend]
    impl FieldType for $t {
        const TYPE: SqlType = SqlType::$sql;
        #[inline]
        fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
            out.extend_from_slice(&self.to_be_bytes());
            Ok(())
        }
        #[inline]
        fn decode(bytes: &[u8]) -> Result<Self> {
            Ok(<$t>::from_be_bytes(bytes.try_into().map_err(|_| malformed(Self::TYPE, bytes))?))
        }
    }
)*}}
numbers!(i16 = Int2, i32 = Int4, i64 = Int8, f32 = Float4, f64 = Float8);

#[diagnostic::do_not_recommend]
impl FieldType for bool {
    const TYPE: SqlType = SqlType::Bool;
    #[inline]
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.push(u8::from(*self));
        Ok(())
    }
    #[inline]
    fn decode(bytes: &[u8]) -> Result<Self> {
        match bytes {
            [byte] => Ok(*byte != 0),
            _ => Err(malformed(Self::TYPE, bytes)),
        }
    }
}

#[diagnostic::do_not_recommend]
impl FieldType for String {
    const TYPE: SqlType = SqlType::Text;
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(self.as_bytes());
        Ok(())
    }
    #[inline]
    fn decode(bytes: &[u8]) -> Result<Self> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => {
                Err(Error::new(ErrorKind::Decode, "the text is not valid UTF-8").with_source(error))
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl FieldType for Vec<u8> {
    const TYPE: SqlType = SqlType::Bytea;
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(self);
        Ok(())
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        Ok(bytes.to_vec())
    }
}
