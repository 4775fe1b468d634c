//! `Model`: what the derive says about a struct, and what every instance can do.

use crate::{
    Column, Columns, Error, ErrorKind, FieldMeta, FieldType, Key, ModelMeta, New, Own, Param, Path, QuerySet,
    Reach, Result, Roots, Row, RowRef, SqlType, Unit,
    instance::{Delete, Refresh, Save},
    path::enter,
    value::Storable,
};

/// A struct that is a row of a table. `#[derive(Model)]` implements it.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().filter(|p| p.views.gt(10));
/// let draft = Post::draft().title("Hi").author(1).build();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model",
    label = "not a model",
    note = "add `#[derive(Model)]` to `{Self}`"
)]
pub trait Model: Unit + Row + Send + Sync + Sized + 'static {
    /// The primary key's type.
    type Key: Key;
    /// The fields in a query's closure, as reached by `N`.
    type Fields<N: Reach>: Send + Sync + 'static;
    /// The builder with nothing given.
    type New: From<New<Self>>;

    /// The model's metadata.
    fn meta() -> &'static ModelMeta;
    #[doc(hidden)]
    fn roots() -> &'static Roots;
    #[doc(hidden)]
    fn fields<N: Reach>(at: Path) -> Self::Fields<N>;
    /// The primary key of the instance.
    fn key(&self) -> Self::Key;
    #[doc(hidden)]
    fn param(&self, field: usize) -> Param;

    /// All rows, to be refined: Django's manager.
    fn objects() -> QuerySet<Self> {
        QuerySet::new()
    }

    /// A builder of values for a row that is not saved yet: `build()` ends it, `bulk_create` takes it.
    fn draft() -> Self::New {
        Self::objects().create()
    }

    /// Writes all columns of the row with the instance's key, and reads them back: the instance then holds what the
    /// database holds. `auto_now` fields are set.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row has vanished; constraint violations; a value that does not
    /// fit its column.
    fn save(&mut self) -> Save<'_, Self> {
        Save::new(self, None)
    }

    /// Writes some columns: `post.save_fields(|p| (p.title, p.views)).await?`.
    ///
    /// # Errors
    /// As [`save`](Model::save).
    fn save_fields<C: Columns>(&mut self, f: impl FnOnce(&'static Self::Fields<Own>) -> C) -> Save<'_, Self> {
        let mut columns = Vec::new();
        enter::<Self, _>(f).1.columns(&mut columns);
        Save::new(self, Some(columns))
    }

    /// Reads the row again, in place.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row has vanished.
    fn refresh(&mut self) -> Refresh<'_, Self> {
        Refresh::new(self)
    }

    /// Deletes the row.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row has vanished;
    /// [`is_foreign_key_violation`](Error::is_foreign_key_violation) if others refer to it and `on_delete` does not say
    /// what happens to them.
    fn delete(&self) -> Delete<'_, Self> {
        Delete::new(self)
    }
}

/// The type of a field that is a column, and not a relation.
// The message is that of `FieldType`: rustc shows either one, and what is equal only once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "not a column type",
    note = "column types are the integers, floats, `bool`, `String`, chrono's and uuid's types, and what derives `DbType`"
)]
pub trait ModelField: Sized + Send + Sync + 'static {
    /// The type itself, as that of a primary key.
    type Id;
    /// The column's type.
    const TYPE: SqlType;
    /// Whether the column may be NULL.
    const NULLABLE: bool;
    /// Makes a key for a new row, if the client does.
    const GENERATE: Option<fn() -> Param>;
    /// Reads the next cell of a row.
    ///
    /// # Errors
    /// If it does not fit; the error names the field.
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self>;
    /// The value, as a primary key.
    fn id(&self) -> Self::Id;
    /// The value, encoded.
    fn param(&self) -> Param;
}

fn generate<S: FieldType>() -> Param {
    Param::new(S::generate().as_ref())
}

#[diagnostic::do_not_recommend]
impl<S: FieldType> ModelField for S {
    type Id = Self;
    const TYPE: SqlType = S::TYPE;
    const NULLABLE: bool = false;
    const GENERATE: Option<fn() -> Param> = match S::TYPE {
        SqlType::Uuid => Some(generate::<S>),
        _ => None,
    };
    #[inline]
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<S> {
        row.value().map_err(|error| at(error, model, field))
    }
    fn id(&self) -> Self {
        self.clone()
    }
    fn param(&self) -> Param {
        self.to_param()
    }
}

#[diagnostic::do_not_recommend]
impl<S: FieldType> ModelField for Option<S> {
    type Id = Self;
    const TYPE: SqlType = S::TYPE;
    const NULLABLE: bool = true;
    const GENERATE: Option<fn() -> Param> = None;
    #[inline]
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self> {
        row.option().map_err(|error| at(error, model, field))
    }
    fn id(&self) -> Self {
        self.clone()
    }
    fn param(&self) -> Param {
        self.to_param()
    }
}

/// Names the field in a decoding error.
#[cold]
pub(crate) fn at(error: Error, model: &'static ModelMeta, field: usize) -> Error {
    error.context(format!("{}.{}", model.name, model.fields[field].name))
}

/// What the derive's `param` answers for a field that has no column.
#[doc(hidden)]
#[cold]
pub fn no_column(model: &'static ModelMeta, field: usize) -> Param {
    debug_assert!(false, "`{}` field {field} has no column", model.name);
    Param::new(None::<&bool>)
}

/// The place of a column among a model's fields.
///
/// # Errors
/// If it is a column of another model.
pub(crate) fn position(model: &'static ModelMeta, column: Column) -> Result<usize> {
    let same = |field: &FieldMeta| std::ptr::eq(field, column.0);
    model.fields.iter().position(same).ok_or_else(|| {
        Error::new(ErrorKind::Usage, format!("`{}` is not a column of `{}` itself", column.name, model.name))
    })
}
