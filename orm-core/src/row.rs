//! Rows as they come from the server, cell by cell, straight into structs.

use crate::{Error, ErrorKind, FieldType, Result};

/// One row, read from left to right: cells in PostgreSQL's binary format, `None` is NULL.
#[derive(Debug)]
pub struct RowRef<'a> {
    cells: &'a [Option<&'a [u8]>],
    at: usize,
}

impl<'a> RowRef<'a> {
    /// A row of these cells.
    pub fn new(cells: &'a [Option<&'a [u8]>]) -> Self {
        RowRef { cells, at: 0 }
    }

    /// The next cell, undecoded.
    ///
    /// # Errors
    /// If the row has no more cells.
    #[inline]
    pub fn cell(&mut self) -> Result<Option<&'a [u8]>> {
        let cell = self.cells.get(self.at).ok_or_else(short)?;
        self.at += 1;
        Ok(*cell)
    }

    /// Whether the cell `ahead` places after the next one is NULL.
    pub(crate) fn is_null(&self, ahead: usize) -> bool {
        matches!(self.cells.get(self.at + ahead), Some(None))
    }

    /// Passes over cells.
    pub(crate) fn skip(&mut self, cells: usize) {
        self.at += cells;
    }

    /// The next cell as a value that is not NULL.
    ///
    /// # Errors
    /// If it is NULL, or not a value of the type.
    #[inline]
    pub fn value<T: FieldType>(&mut self) -> Result<T> {
        match self.cell()? {
            Some(bytes) => T::decode(bytes),
            None => Err(null()),
        }
    }

    /// The next cell as a value or NULL.
    ///
    /// # Errors
    /// If it is not a value of the type.
    #[inline]
    pub fn option<T: FieldType>(&mut self) -> Result<Option<T>> {
        self.cell()?.map(T::decode).transpose()
    }
}

#[cold]
fn short() -> Error {
    Error::new(ErrorKind::Decode, "the server sent fewer columns than were asked for")
}

#[cold]
fn null() -> Error {
    Error::new(ErrorKind::Decode, "the database holds NULL, but the field's type is not `Option`")
}

/// Takes the rows of an answer as they arrive.
pub trait RowSink {
    /// Takes one row.
    ///
    /// # Errors
    /// If the row cannot be decoded; the rest of the answer is then thrown away.
    fn row(&mut self, row: RowRef<'_>) -> Result<()>;
}

/// Throws rows away.
impl RowSink for () {
    fn row(&mut self, _: RowRef<'_>) -> Result<()> {
        Ok(())
    }
}
