//! Relations in structs: a key with the row it leads to, and the far sides of keys.
//!
//! Loaded rows are kept as `dyn Any`: `Send` of one model must not ask for `Send` of all models it leads to.

mod foreign_key;
mod has_one;
mod key;
mod link;
mod managers;
mod many;
mod owner;
mod relate;
mod slot;

pub use foreign_key::{ForeignKey, KeyBy, OptionalKey, Primary};
pub use has_one::HasOne;
pub(crate) use link::{Between, Link, link};
pub use many::{HasMany, ManyToMany, ToManyField};
pub(crate) use relate::Paired;
pub use relate::Relate;

use crate::{ColumnType, ModelMeta, Param, Result, RowRef, Slot, SqlType};

/// The type of a field that is a foreign key to `M`. With `M`, so that the message can say what is no model.
#[diagnostic::on_unimplemented(
    message = "`{M}` is not a model",
    label = "not a model",
    note = "add `#[derive(Model)]` to `{M}`"
)]
pub trait RelationField<M>: Sized {
    /// The key's type, as an `Option` if it may be NULL.
    type Id;
    /// The column's type: that of the key it holds.
    const COLUMN: ColumnType;
    /// The types of the columns of a key that has several.
    const PARTS: &'static [SqlType];
    /// The place of the unique field that it holds, if that is not the primary key.
    const TO: Option<usize>;
    /// The model it leads to.
    fn target() -> &'static ModelMeta;
    /// Reads the next cell of a row.
    ///
    /// # Errors
    /// If it does not fit; the error names the field.
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self>;
    /// The key.
    fn id(&self) -> Self::Id;
    /// The key, encoded.
    fn param(&self) -> Param;
    /// The place of the row it leads to.
    fn slot(&mut self) -> Option<&mut dyn Slot>;
}

/// That a key has one column, where those that hold it are not named; the derive calls it at the user's token.
///
/// # Panics
/// If it has several: when the program is compiled.
#[doc(hidden)]
pub const fn one_column(key: &[SqlType]) {
    assert!(
        key.len() == 1,
        "the key has several columns: name those that hold it, `#[orm(columns = [\"…\", \"…\"])]`"
    );
}

/// The same for a column of a table of pairs, which only `ManyToMany` asks for.
pub(crate) const fn pair_column(key: &[SqlType]) -> SqlType {
    assert!(
        key.len() == 1,
        "no table is made for pairs with a key of several columns: declare it as a model, and name that by `through`"
    );
    key[0]
}

/// A foreign key to `M`, among a model's fields.
#[diagnostic::on_unimplemented(
    message = "`via` names a foreign key to `{M}`, and this is `{Self}`",
    label = "not a foreign key to `{M}`"
)]
pub trait KeyTo<M> {}
#[diagnostic::do_not_recommend]
impl<M> KeyTo<M> for crate::Rel<M, crate::One> {}
#[diagnostic::do_not_recommend]
impl<M> KeyTo<M> for crate::Rel<M, crate::Null> {}

/// A many-to-many relation to `M`, among a model's fields.
#[diagnostic::on_unimplemented(
    message = "`via` names a many-to-many relation to `{M}`, and this is `{Self}`",
    label = "no many-to-many relation to `{M}`"
)]
pub trait PairedWith<M> {}
#[diagnostic::do_not_recommend]
impl<M> PairedWith<M> for crate::Rel<M, crate::Many> {}

/// Checks, when the derive's code is compiled, that `through_fields` names a foreign key to `O`.
#[doc(hidden)]
pub const fn key_to<T: crate::Model, O, K: KeyTo<O>>(_: fn(&'static T::Fields<crate::Own>) -> K) {}
