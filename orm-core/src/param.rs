//! Values on their way to the server, in its binary format.

use crate::{Error, ErrorKind, FieldType, Result, SqlType};
use std::borrow::Borrow;

/// One value for one place of a statement, encoded when it was given.
///
/// A value that cannot be encoded keeps its error; it comes out when the statement is made.
/// `Debug` does not show the value.
#[derive(Clone)]
pub struct Param {
    ty: SqlType,
    array: bool,
    value: Result<Option<Vec<u8>>, String>,
}

impl Param {
    /// Encodes a value; `None` is NULL.
    pub fn new<T: FieldType>(value: Option<&T>) -> Self {
        let encoded = value.map(|value| encode(value)).transpose();
        Param { ty: T::TYPE, array: false, value: encoded.map_err(|error| error.to_string()) }
    }

    /// An array of values, for `= ANY($1)` and `unnest($1)`
    /// (the format is that of `array_send` in PostgreSQL's `arrayfuncs.c`).
    ///
    /// # Errors
    /// If one of the values could not be encoded.
    pub fn array(ty: SqlType, items: impl ExactSizeIterator<Item: Borrow<Param>>) -> Self {
        let value = encode_array(ty, items).map(Some);
        Param { ty, array: true, value: value.map_err(|error| error.to_string()) }
    }

    /// The type of the value, or of an array's elements.
    pub fn sql_type(&self) -> SqlType {
        self.ty
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        self.array
    }

    /// Whether it is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self.value, Ok(None))
    }

    /// The encoded value; `None` is NULL.
    ///
    /// # Errors
    /// If the value could not be encoded.
    pub fn bytes(&self) -> Result<Option<&[u8]>> {
        match &self.value {
            Ok(bytes) => Ok(bytes.as_deref()),
            Err(message) => Err(Error::new(ErrorKind::InvalidValue, message.clone())),
        }
    }

    /// The encoded text, when it is text that could be encoded.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Ok(Some(bytes)) if self.ty == SqlType::Text && !self.array => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Param {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "${}{}", self.ty, if self.array { "[]" } else { "" })
    }
}

fn encode<T: FieldType>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(16);
    value.encode(&mut bytes)?;
    if T::TYPE == SqlType::Text && bytes.contains(&0) {
        return Err(Error::new(ErrorKind::InvalidValue, "text cannot hold the character NUL"));
    }
    Ok(bytes)
}

fn encode_array(ty: SqlType, items: impl ExactSizeIterator<Item: Borrow<Param>>) -> Result<Vec<u8>> {
    let length = i32::try_from(items.len())
        .map_err(|_| Error::new(ErrorKind::InvalidValue, "a list of more than 2,147,483,647 values"))?;
    let mut out = Vec::with_capacity(20 + items.len() * 12);
    let dimensions: i32 = if length == 0 { 0 } else { 1 };
    out.extend_from_slice(&dimensions.to_be_bytes());
    out.extend_from_slice(&0i32.to_be_bytes()); // whether there are NULLs; set below
    out.extend_from_slice(&ty.oid().to_be_bytes());
    if length > 0 {
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&1i32.to_be_bytes()); // the lower bound
    }
    for item in items {
        match item.borrow().bytes()? {
            Some(bytes) => {
                let length = i32::try_from(bytes.len())
                    .map_err(|_| Error::new(ErrorKind::InvalidValue, "a value of 2 GiB or more"))?;
                out.extend_from_slice(&length.to_be_bytes());
                out.extend_from_slice(bytes);
            }
            None => {
                out[7] = 1;
                out.extend_from_slice(&(-1i32).to_be_bytes());
            }
        }
    }
    Ok(out)
}
