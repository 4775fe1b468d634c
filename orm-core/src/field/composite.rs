//! Composite values: what `#[derive(DbComposite)]` calls.
//!
//! The format is that of `record_send` in PostgreSQL's `rowtypes.c`: the number of fields, then each with the OID of its
//! type and its length.

use super::{FieldType, cell};
use crate::{Error, ErrorKind, NamedKind, NamedType, Result, SqlType};

/// The type of a field of a composite type: a [`FieldType`], or an `Option` of one, as such a field may always be NULL.
// The message is that of `FieldType`: rustc shows either one, and what is equal only once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "not a column type",
    note = "column types are the integers, floats, `bool`, `String`, what `FieldType` lists for times, decimals and more, and what derives `DbType`, `DbEnum` or `DbComposite`"
)]
pub trait CompositeField: Sized {
    /// The type of the field.
    const TYPE: SqlType;
    /// Appends the field.
    ///
    /// # Errors
    /// If the field cannot hold the value.
    fn write(&self, record: &mut RecordWriter<'_>) -> Result<()>;
    /// Reads the next field.
    ///
    /// # Errors
    /// If it is NULL or of another type than expected.
    fn read(record: &mut RecordReader<'_>) -> Result<Self>;
}

#[diagnostic::do_not_recommend]
impl<S: FieldType> CompositeField for S {
    const TYPE: SqlType = S::TYPE;
    fn write(&self, record: &mut RecordWriter<'_>) -> Result<()> {
        record.put(Some(self))
    }
    fn read(record: &mut RecordReader<'_>) -> Result<S> {
        let (name, value) = record.take()?;
        value.ok_or_else(|| {
            let message = "the database holds NULL, but the field's type is not `Option`";
            Error::new(ErrorKind::Decode, message).context(name)
        })
    }
}

#[diagnostic::do_not_recommend]
impl<S: FieldType> CompositeField for Option<S> {
    const TYPE: SqlType = S::TYPE;
    fn write(&self, record: &mut RecordWriter<'_>) -> Result<()> {
        record.put(self.as_ref())
    }
    fn read(record: &mut RecordReader<'_>) -> Result<Self> {
        Ok(record.take()?.1)
    }
}

type Fields = &'static [(&'static str, SqlType)];

fn fields<T: FieldType>() -> Fields {
    match T::TYPE {
        SqlType::Named(NamedType { kind: NamedKind::Composite(fields), .. }) => fields,
        _ => &[],
    }
}

/// Writes a composite value, field by field.
#[derive(Debug)]
pub struct RecordWriter<'a> {
    out: &'a mut Vec<u8>,
    left: Fields,
}

impl<'a> RecordWriter<'a> {
    /// Begins a value of type `T`.
    pub fn new<T: FieldType>(out: &'a mut Vec<u8>) -> Self {
        let left = fields::<T>();
        out.extend_from_slice(&u32::try_from(left.len()).unwrap_or(u32::MAX).to_be_bytes());
        RecordWriter { out, left }
    }

    fn put<S: FieldType>(&mut self, value: Option<&S>) -> Result<()> {
        let name = self.left.split_off_first().map_or("", |(name, _)| name);
        self.out.extend_from_slice(&S::TYPE.oid().to_be_bytes());
        let write = |out: &mut Vec<u8>| value.map_or(Ok(false), |value| cell::encode(value, out));
        cell::put(self.out, write).map_err(|error| error.context(name))?;
        Ok(())
    }
}

/// Reads a composite value, field by field.
#[derive(Debug)]
pub struct RecordReader<'a> {
    bytes: &'a [u8],
    left: Fields,
}

impl<'a> RecordReader<'a> {
    /// Begins a value of type `T`.
    ///
    /// # Errors
    /// If the value has not as many fields as the type.
    pub fn new<T: FieldType>(bytes: &'a [u8]) -> Result<Self> {
        let (mut rest, left) = (bytes, fields::<T>());
        let found = cell::word(&mut rest).ok_or_else(broken)?;
        if usize::try_from(found) != Ok(left.len()) {
            let message =
                format!("`{}` has {found} fields in the database, but {} here", T::TYPE, left.len());
            return Err(Error::new(ErrorKind::Decode, message));
        }
        Ok(RecordReader { bytes: rest, left })
    }

    fn take<S: FieldType>(&mut self) -> Result<(&'static str, Option<S>)> {
        let name = self.left.split_off_first().map_or("", |(name, _)| name);
        let value = self.next::<S>().map_err(|error| error.context(name))?;
        Ok((name, value))
    }

    fn next<S: FieldType>(&mut self) -> Result<Option<S>> {
        let oid = cell::word(&mut self.bytes).ok_or_else(broken)?.cast_unsigned();
        if !is(oid, S::TYPE) {
            let message = format!("the field is not of type {} in the database", S::TYPE);
            return Err(Error::new(ErrorKind::Decode, message));
        }
        cell::take(&mut self.bytes).ok_or_else(broken)?.map(S::decode).transpose()
    }
}

#[cold]
fn broken() -> Error {
    Error::new(ErrorKind::Decode, "the bytes end within a composite value")
}

/// Whether a field of a type has the binary format of another; of types that are not PostgreSQL's own, only the server
/// knows the OIDs.
fn is(oid: u32, wanted: SqlType) -> bool {
    const FIRST_MADE: u32 = 16_384;
    oid >= FIRST_MADE
        || wanted.oid()
            == match oid {
                19 | 1042 | 1043 => SqlType::Text.oid(), // name, char(n), varchar(n)
                1003 | 1014 | 1015 => SqlType::Text.array_oid(), // their arrays
                other => other,
            }
}
