//! Values on their way to the server, in its binary format.

use crate::{
    Error, ErrorKind, FieldType, Result, SqlType, ValidationErrors,
    field::{array::Writer, no_nul},
};
use std::borrow::Borrow;

/// One value for one place of a statement, encoded when it was given.
///
/// A value that cannot be encoded keeps its error; it comes out when the statement is made.
/// `Debug` does not show the value.
#[derive(Clone)]
pub struct Param {
    ty: SqlType,
    array: bool,
    value: Result<Held, Refused>,
}

/// Why there is no value.
#[derive(Clone)]
enum Refused {
    Value(String),
    Input(ValidationErrors),
}

/// What a parameter holds.
#[derive(Clone)]
enum Held {
    Null,
    Bytes(Vec<u8>),
    /// The values of a key of several columns.
    Row(Box<[Param]>),
}

impl From<Option<Vec<u8>>> for Held {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        bytes.map_or(Held::Null, Held::Bytes)
    }
}

impl Param {
    /// Encodes a value; `None` is NULL.
    pub fn new<T: FieldType>(value: Option<&T>) -> Self {
        let encoded = value.map(|value| encode(value)).transpose();
        let value = encoded.map(Held::from).map_err(refused);
        Param { ty: T::TYPE, array: false, value }
    }

    /// An array of values, for `= ANY($1)` and `unnest($1)`
    /// (the format is that of `array_send` in PostgreSQL's `arrayfuncs.c`).
    ///
    /// # Errors
    /// If one of the values could not be encoded.
    pub fn array(ty: SqlType, items: impl ExactSizeIterator<Item: Borrow<Param>>) -> Self {
        let value = encode_array(ty, items).map(Held::Bytes);
        Param { ty, array: true, value: value.map_err(refused) }
    }

    /// Arrays of elements of a type as three: all their elements, and the places of the first and the last of each,
    /// NULL for one that is NULL.
    pub(crate) fn arrays(of: SqlType, arrays: &[impl Borrow<Param>]) -> [Self; 3] {
        let mut bytes = Vec::new();
        let mut all = Writer::new(of, &mut bytes);
        let mut ends = Vec::with_capacity(arrays.len());
        let mut last = 0i32;
        let joined = arrays.iter().try_for_each(|array| {
            let Some(array) = array.borrow().bytes()? else {
                ends.push([None, None]);
                return Ok(());
            };
            let first = last + 1;
            last = all.append(array)?;
            ends.push([Some(first), Some(last)]);
            Ok(())
        });
        all.end();
        let value = joined.map(|()| Held::Bytes(bytes)).map_err(refused);
        let [from, to] = [0, 1].map(|end| {
            let places = ends.iter().map(|ends| Param::new(ends[end].as_ref()));
            Param::array(SqlType::Int4, places.collect::<Vec<_>>().iter())
        });
        [Param { ty: of, array: true, value }, from, to]
    }

    /// A value that is encoded already.
    pub(crate) fn raw(ty: SqlType, bytes: Vec<u8>) -> Self {
        Param { ty, array: false, value: Ok(Held::Bytes(bytes)) }
    }

    /// A cell as it was read; `None` is NULL.
    pub(crate) fn cell(ty: SqlType, bytes: Option<Vec<u8>>) -> Self {
        Param { ty, array: false, value: Ok(bytes.into()) }
    }

    /// The same bytes as a value of another type that is written alike.
    pub(crate) fn retyped(self, ty: SqlType) -> Self {
        Param { ty, ..self }
    }

    /// NULL.
    pub(crate) fn null(ty: SqlType) -> Self {
        Param { ty, array: false, value: Ok(Held::Null) }
    }

    /// The values of a key of several columns.
    pub(crate) fn row(ty: SqlType, parts: Vec<Param>) -> Self {
        Param { ty, array: false, value: Ok(Held::Row(parts.into())) }
    }

    /// The values of a key's columns: of most keys one, itself.
    pub(crate) fn parts(&self) -> &[Param] {
        match &self.value {
            Ok(Held::Row(parts)) => parts,
            _ => std::slice::from_ref(self),
        }
    }

    /// Keys as arrays: one for each column.
    pub(crate) fn list(ty: SqlType, keys: &[Param]) -> Self {
        match keys.first().map_or(1, |key| key.parts().len()) {
            1 => Param::array(ty, keys.iter()),
            columns => {
                let column = |at: usize| {
                    let parts: Vec<_> = keys.iter().filter_map(|key| key.parts().get(at)).collect();
                    Param::array(parts[0].ty, parts.into_iter())
                };
                Param::row(ty, (0..columns).map(column).collect())
            }
        }
    }

    /// In place of a value that cannot be taken: the error that comes out when the statement is made.
    pub(crate) fn refused(ty: SqlType, why: &'static str) -> Self {
        Param { ty, array: false, value: Err(Refused::Value(why.to_owned())) }
    }

    /// In place of a value that a client sent: what is wrong with all that it sent.
    pub(crate) fn invalid(ty: SqlType, errors: ValidationErrors) -> Self {
        Param { ty, array: false, value: Err(Refused::Input(errors)) }
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
        matches!(self.value, Ok(Held::Null))
    }

    /// The encoded value; `None` is NULL.
    ///
    /// # Errors
    /// If the value could not be encoded.
    pub fn bytes(&self) -> Result<Option<&[u8]>> {
        match &self.value {
            Ok(Held::Null) => Ok(None),
            Ok(Held::Bytes(bytes)) => Ok(Some(bytes)),
            Ok(Held::Row(_)) => Err(Error::usage(
                "a key of several columns stands where one value is needed; name its columns",
            )),
            Err(Refused::Value(message)) => Err(Error::new(ErrorKind::InvalidValue, message.clone())),
            Err(Refused::Input(errors)) => Err(errors.clone().into()),
        }
    }

    /// The encoded text, when it is text that could be encoded.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Ok(Held::Bytes(bytes)) if self.ty.is_text() && !self.array => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Param {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "${}{}", self.ty, if self.array { "[]" } else { "" })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` calls it")]
fn refused(error: Error) -> Refused {
    Refused::Value(error.to_string())
}

fn encode<T: FieldType>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(16);
    value.encode(&mut bytes)?;
    no_nul(T::TYPE, &bytes)?;
    Ok(bytes)
}

fn encode_array(ty: SqlType, items: impl ExactSizeIterator<Item: Borrow<Param>>) -> Result<Vec<u8>> {
    if let SqlType::Array(_) = ty {
        let message = format!(
            "a list of values of type {ty}: PostgreSQL has no arrays of arrays; compare with each by `eq`"
        );
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let mut out = Vec::with_capacity(20 + items.len() * 12);
    let mut array = Writer::new(ty, &mut out);
    for item in items {
        let item = item.borrow().bytes()?;
        array.push(|out| {
            out.extend_from_slice(item.unwrap_or_default());
            Ok(item.is_some())
        })?;
    }
    array.end();
    Ok(out)
}
