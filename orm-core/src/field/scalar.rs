//! Integers, floats, `bool`, `String` and `Vec<u8>`.

use super::{Element, FieldType, malformed};
use crate::{Check, Error, ErrorKind, Result, SqlType};

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
    #[diagnostic::do_not_recommend]
impl Element for $t {}
)*}}
numbers!(i16 = Int2, i32 = Int4, i64 = Int8, f32 = Float4, f64 = Float8);

/// Unsigned integers, in the next larger type of PostgreSQL, which has only signed ones. `u64` is a `bigint` too: what
/// is larger is an error.
macro_rules! unsigned { ($($t:ty as $signed:ty = $sql:ident up to $max:expr),*) => {$(
    #[diagnostic::do_not_recommend]
    impl FieldType for $t {
        const TYPE: SqlType = SqlType::$sql;
        const CHECK: Option<Check> = Some(Check::Between(0, $max));
        fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
            <$signed>::try_from(*self).map_err(|_| too_large())?.encode(out)
        }
        fn decode(bytes: &[u8]) -> Result<Self> {
            let value = <$signed>::decode(bytes)?;
            <$t>::try_from(value).map_err(|_| {
                Error::new(ErrorKind::Decode, format!("{value} is not a `{}`", stringify!($t)))
            })
        }
    }
)*}}
unsigned!(
    u8 as i16 = Int2 up to u8::MAX as i64,
    u16 as i32 = Int4 up to u16::MAX as i64,
    u32 as i64 = Int8 up to u32::MAX as i64,
    u64 as i64 = Int8 up to i64::MAX
);
#[diagnostic::do_not_recommend]
impl Element for u16 {}
#[diagnostic::do_not_recommend]
impl Element for u32 {}
#[diagnostic::do_not_recommend]
impl Element for u64 {}

#[cold]
fn too_large() -> Error {
    Error::new(
        ErrorKind::InvalidValue,
        "the column is a `bigint`, which holds at most 9,223,372,036,854,775,807",
    )
}

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
impl Element for bool {}

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
impl Element for String {}

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

#[diagnostic::do_not_recommend]
impl Element for Vec<u8> {}
