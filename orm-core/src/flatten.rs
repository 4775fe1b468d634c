//! Columns that several models share.

use crate::{FieldMeta, Model, ModelMeta, New, Param, Path, Reach, Result, RowRef, Slot};
use std::{any::Any, marker::PhantomData, ops::Deref};

/// A struct of columns that several models share; `#[derive(Flatten)]` implements it, and that page shows it. A field
/// `#[orm(flatten)]` of a model has them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no struct of shared columns",
    label = "not `Flatten`",
    note = "add `#[derive(Flatten)]` to `{Self}`, or remove `flatten` from the field"
)]
pub trait Flatten: Sized + Send + Sync + 'static {
    /// The fields in a query's closure, as reached by `N`.
    type Fields<N: Reach>: Send + Sync + 'static;
    /// What a builder knows that was not given one: `Missing` if a column has no default, else `Given`.
    type State;
    /// What the columns are.
    const FIELDS: &'static [FieldMeta];
    #[doc(hidden)]
    fn fields<N: Reach>(at: Path, of: &'static [FieldMeta]) -> Self::Fields<N>;
    /// Reads the next cells of a row, which are the model's fields from `first` on.
    #[doc(hidden)]
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, first: usize) -> Result<Self>;
    #[doc(hidden)]
    fn param(&self, field: usize) -> Param;
    #[doc(hidden)]
    fn slot(&mut self, _field: usize) -> Option<&mut dyn Slot> {
        None
    }
    /// As a part of a model's fields in a query.
    #[doc(hidden)]
    fn shared<N: Reach>(at: Path, of: &'static [FieldMeta]) -> Shared<Self, N> {
        Shared { fields: Box::new(Self::fields::<N>(at, of)), _m: PhantomData }
    }
    /// Gives a new row these values, of the fields from `first` on.
    #[doc(hidden)]
    fn give<M: Model>(&self, mut new: New<M>, first: usize) -> New<M> {
        for (at, field) in Self::FIELDS.iter().enumerate() {
            if field.generated.is_none() {
                new = new.put(first + at, self.param(at));
            }
        }
        new
    }
}

/// The fields of a flattened struct in a query's closure, as reached by `N`.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "its fields are what is shown")]
pub struct Shared<T, N> {
    /// `T::Fields<N>`: naming the type of a model's fields must ask nothing of `T`.
    fields: Box<dyn Any + Send + Sync>,
    _m: PhantomData<fn() -> (T, N)>,
}

impl<T: Flatten, N: Reach> Deref for Shared<T, N> {
    type Target = T::Fields<N>;

    fn deref(&self) -> &T::Fields<N> {
        self.fields.downcast_ref().expect("it was made of these")
    }
}

/// What a builder knows of a flattened struct that it was not given.
#[doc(hidden)]
#[derive(Debug)]
pub struct Untold<T>(PhantomData<fn() -> T>);

/// The fields of a model, and those of the structs it flattens.
#[doc(hidden)]
pub const fn flattened<const N: usize>(own: &[FieldMeta], shared: &[&[FieldMeta]]) -> [FieldMeta; N] {
    let mut all = [own[0]; N];
    let (mut at, mut part) = (0, 0);
    while at < own.len() {
        all[at] = own[at];
        at += 1;
    }
    while part < shared.len() {
        let mut field = 0;
        while field < shared[part].len() {
            all[at] = shared[part][field];
            (at, field) = (at + 1, field + 1);
        }
        part += 1;
    }
    all
}

/// That the names of fields and columns are all different.
///
/// # Panics
/// If they are not: when the program is compiled.
#[doc(hidden)]
pub const fn differ(fields: &[FieldMeta]) {
    let mut at = 0;
    while at < fields.len() {
        let mut other = 0;
        while other < at {
            let (field, other_field) = (&fields[at], &fields[other]);
            assert!(
                !equal(field.name, other_field.name),
                "a field of the flattened struct is named as another of the model: rename one"
            );
            assert!(
                !(field.is_column() && other_field.is_column() && equal(field.column, other_field.column)),
                "a column of the flattened struct is named as another of the model: name one by `column = \"…\"`"
            );
            other += 1;
        }
        at += 1;
    }
}

/// That there is a field of a name.
///
/// # Panics
/// If there is none: when the program is compiled.
#[doc(hidden)]
pub const fn has(fields: &[FieldMeta], name: &str) {
    let there = equal(fields[place_of(fields, name)].name, name);
    assert!(there, "neither the model nor a struct it flattens has this field to order by");
}

/// The place of a field by its name, if there is [one](has).
#[doc(hidden)]
pub const fn place_of(fields: &[FieldMeta], name: &str) -> usize {
    let mut at = fields.len() - 1;
    while at > 0 && !equal(fields[at].name, name) {
        at -= 1;
    }
    at
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
