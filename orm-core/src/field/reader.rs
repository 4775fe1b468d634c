//! Takes a value's bytes apart, and minds that none is missing and none is left.

use super::malformed;
use crate::{Result, SqlType};

/// The bytes of a value, read from their beginning.
pub(super) struct Reader<'a> {
    ty: SqlType,
    all: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(ty: SqlType, all: &'a [u8]) -> Self {
        Reader { ty, all, rest: all }
    }

    /// An error, if this is not so.
    pub(super) fn expect(&self, right: bool) -> Result<()> {
        if right { Ok(()) } else { Err(malformed(self.ty, self.all)) }
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk().ok_or_else(|| malformed(self.ty, self.all))?;
        self.rest = rest;
        Ok(*array)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let parts = self.rest.split_at_checked(length);
        let (taken, rest) = parts.ok_or_else(|| malformed(self.ty, self.all))?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn float(&mut self) -> Result<f64> {
        self.array().map(f64::from_be_bytes)
    }

    /// How many things follow.
    pub(super) fn count(&mut self) -> Result<usize> {
        let count = self.array().map(i32::from_be_bytes)?;
        usize::try_from(count).map_err(|_| malformed(self.ty, self.all))
    }

    /// Bytes that have their number before them; of NULL it is -1.
    pub(super) fn nullable(&mut self) -> Result<Option<&'a [u8]>> {
        if let Some(rest) = self.rest.strip_prefix(&[0xff; 4]) {
            self.rest = rest;
            return Ok(None);
        }
        self.counted().map(Some)
    }

    /// Bytes that have their number before them.
    pub(super) fn counted(&mut self) -> Result<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    /// Text up to a NUL.
    pub(super) fn text(&mut self) -> Result<&'a str> {
        let length = self.rest.iter().position(|byte| *byte == 0).unwrap_or(self.rest.len());
        let text = self.take(length)?;
        let end = self.byte()?;
        self.expect(end == 0)?;
        std::str::from_utf8(text).map_err(|_| malformed(self.ty, self.all))
    }

    /// The end: nothing may be left.
    pub(super) fn end(self) -> Result<()> {
        self.expect(self.rest.is_empty())
    }
}

/// Appends bytes with their number before them; `write` appends the bytes.
pub(super) fn counted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out)?;
    let length = count(out.len() - start - 4)?;
    out[start..start + 4].copy_from_slice(&length);
    Ok(())
}

/// A number of things, encoded.
pub(super) fn count(of: usize) -> Result<[u8; 4]> {
    let count = i32::try_from(of).map_err(|_| {
        crate::Error::new(
            crate::ErrorKind::InvalidValue,
            "a value holds at most 2,147,483,647 parts or bytes",
        )
    })?;
    Ok(count.to_be_bytes())
}
