//! Relations in structs: a key with the row it leads to, and the far sides of keys.
//!
//! Loaded rows are kept as `dyn Any`: `Send` of one model must not ask for `Send` of all models it leads to.

mod foreign_key;
mod key;
mod many;

pub use foreign_key::{ForeignKey, OptionalKey};
pub(crate) use many::reverse;
pub use many::{HasMany, ManyToMany, ToManyField};

use crate::{ModelMeta, Param, Result, RowRef, SqlType};

/// The type of a field that is a foreign key. A trait of its own with one impl each for the two forms, so that a key to
/// something that is no model is one error.
pub trait RelationField: Sized {
    /// The column's type: that of the key it holds.
    const TYPE: SqlType;
    /// Whether the column may be NULL.
    const NULLABLE: bool;
    /// The model it leads to.
    fn target() -> &'static ModelMeta;
    /// Reads the next cell of a row.
    ///
    /// # Errors
    /// If it does not fit; the error names the field.
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self>;
    /// The key, encoded.
    fn param(&self) -> Param;
}

/// Checks, in the derive's code, that `via` names a foreign key to the right model.
#[doc(hidden)]
pub fn via<F: 'static, M, N>(_: fn(&'static F) -> crate::Rel<M, N>) {}
