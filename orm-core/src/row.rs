//! Rows as they come from the server, cell by cell, straight into structs.

use crate::{
    Alone, Annotation, Annotations, Error, ErrorKind, Expr, FieldType, Instance, Model, Result, SqlType,
    load::{self, Load},
};
use std::{fmt, marker::PhantomData};

/// One row, read from left to right: cells in PostgreSQL's binary format, `None` is NULL.
pub struct RowRef<'a> {
    cells: &'a [Option<&'a [u8]>],
    at: usize,
    /// What follows the next unit, to be put into it.
    pub(crate) loads: &'a [Load],
}

/// Without the values.
impl fmt::Debug for RowRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowRef({} cells)", self.cells.len())
    }
}

impl<'a> RowRef<'a> {
    /// A row of these cells.
    pub fn new(cells: &'a [Option<&'a [u8]>]) -> Self {
        RowRef { cells, at: 0, loads: &[] }
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

    /// The same row, which begins with a model that joined rows follow.
    pub(crate) fn with(self, loads: &'a [Load]) -> Self {
        RowRef { loads, ..self }
    }

    /// The row's last cells.
    pub(crate) fn last(&self, cells: usize) -> Self {
        RowRef { at: self.cells.len().saturating_sub(cells), loads: &[], ..*self }
    }

    /// Whether the cell `ahead` places after the next one is NULL.
    pub(crate) fn is_null(&self, ahead: usize) -> bool {
        matches!(self.cells.get(self.at + ahead), Some(None))
    }

    /// A cell by its place in the row.
    pub(crate) fn peek(&self, place: usize) -> Option<&'a [u8]> {
        self.cells.get(place).copied().flatten()
    }

    /// The cells, to be kept.
    pub(crate) fn to_cells(&self) -> Vec<Option<Vec<u8>>> {
        self.cells.iter().map(|cell| cell.map(<[u8]>::to_vec)).collect()
    }

    /// Names the last cell in a decoding error.
    #[cold]
    fn numbered(&self, error: Error) -> Error {
        error.context(format!("column {}", self.at))
    }

    /// The cells that are left.
    pub(crate) fn rest(&mut self) -> impl Iterator<Item = Option<&'a [u8]>> {
        let rest = self.cells.get(self.at..).unwrap_or_default();
        self.at = self.cells.len();
        rest.iter().copied()
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
pub(crate) fn null() -> Error {
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

/// One thing read from a row that is there as a whole or not at all: a scalar, or a model.
pub trait Unit: Sized + Send + 'static {
    /// How many cells it is made of.
    const COLUMNS: usize = 1;
    /// Which of them is NULL when it is not there.
    const KEY: usize = 0;

    /// What closures receive of it, where a query reads rows with it.
    type Nature: Nature;

    /// Appends the types of its cells.
    fn types(out: &mut Vec<SqlType>);

    /// Reads it.
    ///
    /// # Errors
    /// If a cell is NULL or of another type than expected.
    fn read_unit(row: &mut RowRef<'_>) -> Result<Self>;

    /// The instance, if it is one of a model with relations.
    fn instance(&mut self) -> Option<&mut dyn Instance> {
        None
    }
}

/// What closures receive of a [`Unit`], where a query reads rows with it.
pub trait Nature {
    /// Whether closures receive the fields of its model if rows begin with it.
    const LEADS: bool;
    /// That model, or else the one of the query.
    type Lead<M: Model>: Model;
    /// Of rows that begin with it.
    type First: Annotations;
    /// As one more value of a row.
    type Given: Annotation;
    /// The same of one that may be missing.
    type Maybe: Annotation;
}

/// That of a value.
#[derive(Debug)]
pub struct OfValue<S>(PhantomData<fn() -> S>);

impl<S: FieldType> Nature for OfValue<S> {
    const LEADS: bool = false;
    type Lead<M: Model> = M;
    type First = Alone<(Expr<S>,)>;
    type Given = Expr<S>;
    type Maybe = Expr<Option<S>>;
}

/// That of a model.
#[derive(Debug)]
pub struct OfRows<T>(PhantomData<fn() -> T>);

impl<T: Model> Nature for OfRows<T> {
    const LEADS: bool = true;
    type Lead<M: Model> = T;
    type First = ();
    type Given = ();
    type Maybe = ();
}

impl<S: FieldType> Unit for S {
    type Nature = OfValue<S>;

    fn types(out: &mut Vec<SqlType>) {
        out.push(S::TYPE);
    }

    #[inline]
    fn read_unit(row: &mut RowRef<'_>) -> Result<S> {
        row.value().map_err(|error| row.numbered(error))
    }
}

/// What a query's row becomes: a unit, an `Option` of one, or a tuple of rows.
#[diagnostic::on_unimplemented(message = "a row cannot become `{Self}`")]
pub trait Row: Sized + Send + 'static {
    /// The row with one more thing in it, flat.
    type Push<X: Row>: Row;
    /// Another row with the parts of this one at its end, flat.
    type After<P: Row>: Row;
    /// Whether closures receive the fields of the model that it begins with.
    const LEADS: bool = false;
    /// That model, or else the query's, `M`.
    type Lead<M: Model>: Model;
    /// What closures receive of a query that reads such rows.
    type Over: Annotations;
    /// The annotations `A`, and its own.
    type Onto<A: Annotations>: Annotations;
    /// Appends the types of its cells, which raw SQL must give.
    fn types(out: &mut Vec<SqlType>);

    /// Reads a row.
    ///
    /// # Errors
    /// If a cell does not fit.
    fn read_row(row: &mut RowRef<'_>) -> Result<Self>;

    /// The instance it begins with, if that is of a model with relations.
    fn instance(&mut self) -> Option<&mut dyn Instance> {
        None
    }
}

impl<U: Unit> Row for U {
    type Push<X: Row> = (U, X);
    type After<P: Row> = P::Push<U>;
    const LEADS: bool = <U::Nature as Nature>::LEADS;
    type Lead<M: Model> = <U::Nature as Nature>::Lead<M>;
    type Over = <U::Nature as Nature>::First;
    type Onto<A: Annotations> = A::Push<<U::Nature as Nature>::Given>;

    fn types(out: &mut Vec<SqlType>) {
        U::types(out);
    }

    #[inline]
    fn read_row(row: &mut RowRef<'_>) -> Result<U> {
        let mut unit = U::read_unit(row)?;
        if !row.loads.is_empty() {
            load::read_joined(unit.instance(), row)?;
        }
        Ok(unit)
    }
    fn instance(&mut self) -> Option<&mut dyn Instance> {
        Unit::instance(self)
    }
}

impl<U: Unit> Row for Option<U> {
    type Push<X: Row> = (Option<U>, X);
    type After<P: Row> = P::Push<Self>;
    type Lead<M: Model> = M;
    type Over = Alone<(<U::Nature as Nature>::Maybe,)>;
    type Onto<A: Annotations> = A::Push<<U::Nature as Nature>::Maybe>;

    fn types(out: &mut Vec<SqlType>) {
        U::types(out);
    }

    #[inline]
    fn read_row(row: &mut RowRef<'_>) -> Result<Self> {
        if row.is_null(U::KEY) {
            row.skip(U::COLUMNS);
            return Ok(None);
        }
        U::read_unit(row).map(Some)
    }
}

/// A row with some things at its end.
macro_rules! push { ($p:ty,) => { $p }; ($p:ty, $t:ident $($rest:ident)*) => { push!(<$p as Row>::Push<$t>, $($rest)*) } }
/// Annotations with those of some things at their end.
macro_rules! onto { ($a:ty,) => { $a }; ($a:ty, $t:ident $($rest:ident)*) => { onto!(<$t as Row>::Onto<$a>, $($rest)*) } }
/// The annotations of a row of some things.
macro_rules! over { ($t:ident $($rest:ident)*) => { onto!(<$t as Row>::Over, $($rest)*) } }
/// The model that a row of some things begins with.
macro_rules! leads {
    ($t:ident $($rest:ident)*) => { <$t as Row>::LEADS };
    ($m:ty, $t:ident $($rest:ident)*) => { <$t as Row>::Lead<$m> };
}
/// Tuples, and what one more thing makes of them: the last ones nest.
macro_rules! tuples {
    (($($t:ident),*)) => { tuples!(@($($t),*) (Self, X)); };
    (($($t:ident),*) $($more:tt)+) => {
        tuples!(@($($t),*) ($($t,)* X,));
        tuples!($($more)+);
    };
    (@($($t:ident),*) $push:ty) => {
        impl<$($t: Row),*> Row for ($($t,)*) {
            type Push<X: Row> = $push;
            type After<__P: Row> = push!(__P, $($t)*);
            const LEADS: bool = leads!($($t)*);
            type Lead<__M: Model> = leads!(__M, $($t)*);
            type Over = over!($($t)*);
            type Onto<__A: Annotations> = onto!(__A, $($t)*);
            fn types(out: &mut Vec<SqlType>) {
                $($t::types(out);)*
            }

            #[inline]
            fn read_row(row: &mut RowRef<'_>) -> Result<Self> {
                Ok(($($t::read_row(row)?,)*))
            }
            fn instance(&mut self) -> Option<&mut dyn Instance> {
                self.0.instance()
            }
        }
    };
}
crate::for_tuples!(tuples);

/// Collects rows into a `Vec`.
#[derive(Debug)]
pub(crate) struct Collect<R>(pub(crate) Vec<R>);

impl<R: Row> RowSink for Collect<R> {
    fn row(&mut self, mut row: RowRef<'_>) -> Result<()> {
        self.0.push(R::read_row(&mut row)?);
        Ok(())
    }
}
