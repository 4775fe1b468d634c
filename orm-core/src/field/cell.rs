//! Cells inside a value, as arrays and composite values have them: a length, or -1 for NULL, and so many bytes.

use super::{FieldType, no_nul};
use crate::{Error, ErrorKind, Result};

/// Appends a cell that `write` encodes; it returns whether there is a value, and not NULL.
pub(super) fn put(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Result<bool>) -> Result<bool> {
    let at = out.len();
    out.extend_from_slice(&(-1i32).to_be_bytes());
    let is_some = write(out)?;
    if is_some {
        let length = i32::try_from(out.len() - at - 4).map_err(|_| large("a value of 2 GiB or more"))?;
        out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    Ok(is_some)
}

/// Encodes what stands in a cell.
pub(super) fn encode<T: FieldType>(value: &T, out: &mut Vec<u8>) -> Result<bool> {
    let start = out.len();
    value.encode(out)?;
    no_nul(T::TYPE, &out[start..])?;
    Ok(true)
}

/// Takes the first cell off; `None` if the bytes end before it does.
pub(super) fn take<'a>(bytes: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let length = word(bytes)?;
    let Ok(length) = usize::try_from(length) else { return Some(None) };
    let (cell, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(Some(cell))
}

/// Takes the first four bytes off.
pub(super) fn word(bytes: &mut &[u8]) -> Option<i32> {
    let (word, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(i32::from_be_bytes(*word))
}

pub(super) fn large(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidValue, what)
}
