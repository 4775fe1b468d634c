//! Arrays of one dimension: `Vec<T>` and `Vec<Option<T>>`.
//!
//! The format is that of `array_send` in PostgreSQL's `arrayfuncs.c`: the number of dimensions, whether there are
//! NULLs, the elements' type, for each dimension its length and lower bound, then each element with its length.

use super::{
    Element, FieldType,
    cell::{self, large},
};
use crate::{Error, ErrorKind, Result, SqlType};

/// What stands before the elements of an array that has some.
const HEAD: usize = 20;

/// Writes an array, element by element.
pub(crate) struct Writer<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    length: i32,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(of: SqlType, out: &'a mut Vec<u8>) -> Self {
        let start = out.len();
        for head in [1, 0, of.oid(), 0, 1] {
            out.extend_from_slice(&head.to_be_bytes());
        }
        Writer { out, start, length: 0 }
    }

    /// Appends an element that `write` encodes; it returns whether there is one, and not NULL.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<bool>) -> Result<()> {
        if !cell::put(self.out, write)? {
            self.out[self.start + 7] = 1;
        }
        self.length =
            self.length.checked_add(1).ok_or_else(|| large("a list of 2,147,483,648 values or more"))?;
        Ok(())
    }

    /// Appends the elements of an encoded array; returns how many there are now.
    pub(crate) fn append(&mut self, array: &[u8]) -> Result<i32> {
        let items = Items::new(array)?;
        self.out[self.start + 7] |= array[7];
        self.out.extend_from_slice(items.bytes);
        self.length = self
            .length
            .checked_add(items.left)
            .ok_or_else(|| large("arrays of 2,147,483,648 values or more"))?;
        Ok(self.length)
    }

    /// Completes the array.
    pub(crate) fn end(self) {
        match self.length {
            0 => {
                self.out.truncate(self.start + 12);
                self.out[self.start..self.start + 4].fill(0);
            }
            length => self.out[self.start + 12..self.start + 16].copy_from_slice(&length.to_be_bytes()),
        }
    }
}

/// The elements of an encoded array.
struct Items<'a> {
    left: i32,
    bytes: &'a [u8],
}

impl<'a> Items<'a> {
    fn new(array: &'a [u8]) -> Result<Self> {
        let word = |at: usize| {
            let word = array.get(at * 4..at * 4 + 4).and_then(|word| word.try_into().ok());
            word.map(i32::from_be_bytes).ok_or_else(|| broken(array))
        };
        match word(0)? {
            0 if array.len() == 12 => Ok(Items { left: 0, bytes: &[] }),
            1 => Ok(Items { left: word(3)?.max(0), bytes: array.get(HEAD..).ok_or_else(|| broken(array))? }),
            2.. => Err(Error::new(
                ErrorKind::Decode,
                "the array has several dimensions, which a `Vec` cannot hold",
            )),
            _ => Err(broken(array)),
        }
    }

    fn next(&mut self) -> Result<Option<Option<&'a [u8]>>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let whole = self.bytes;
        cell::take(&mut self.bytes).map(Some).ok_or_else(|| broken(whole))
    }
}

#[cold]
fn broken(bytes: &[u8]) -> Error {
    Error::new(ErrorKind::Decode, format!("{} bytes are not an array", bytes.len()))
}

#[diagnostic::do_not_recommend]
impl<T: FieldType + Element> FieldType for Vec<T> {
    const TYPE: SqlType = SqlType::Array(&T::TYPE);

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let mut writer = Writer::new(T::TYPE, out);
        for item in self {
            writer.push(|out| cell::encode(item, out))?;
        }
        writer.end();
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut items = Items::new(bytes)?;
        let mut out = Vec::new();
        while let Some(item) = items.next()? {
            let item = item.ok_or_else(|| {
                Error::new(
                    ErrorKind::Decode,
                    "the array holds NULL, but the field's type is not `Vec<Option<_>>`",
                )
            })?;
            out.push(T::decode(item)?);
        }
        Ok(out)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FieldType + Element> FieldType for Vec<Option<T>> {
    const TYPE: SqlType = SqlType::Array(&T::TYPE);

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let mut writer = Writer::new(T::TYPE, out);
        for item in self {
            writer.push(|out| item.as_ref().map_or(Ok(false), |item| cell::encode(item, out)))?;
        }
        writer.end();
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut items = Items::new(bytes)?;
        let mut out = Vec::new();
        while let Some(item) = items.next()? {
            out.push(item.map(T::decode).transpose()?);
        }
        Ok(out)
    }
}
