//! `Model`: what the derive says about a struct, and what every instance can do.

use crate::{
    Changes, Column, ColumnType, Columns, Draft, Error, ErrorKind, FieldMeta, FieldType, FullClean, Key,
    ModelMeta, New, Own, Param, Path, QuerySet, Raw, RawSql, Reach, Result, Roots, Row, RowRef, Slot,
    SqlType, Unit, ValidationErrors,
    instance::{Delete, Refresh, Save},
    path::enter,
    value::Storable,
};

/// A struct that is a row of a table. `#[derive(Model)]` implements it; that page
/// lists the attributes.
///
/// `Post::objects()` is where queries begin; the other methods are about the row of one instance.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let alice = User::objects().create().username("alice").await?;
/// let mut post = Post::objects().create().title("Hi").author(&alice).await?;
/// post.title = "Hello".into();
/// post.save().await?;
/// assert_eq!(Post::objects().filter(|p| p.author.eq(&alice)).values(|p| p.title).await?, ["Hello"]);
/// post.delete().await?;
/// # Ok(())
/// # });
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
    /// The builder with its foreign keys given, as far as its type tells.
    type Keyed: From<New<Self>>;

    /// The model's metadata.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let meta = Post::meta();
    /// assert_eq!((meta.name, meta.table, meta.key().name), ("Post", "post", "id"));
    /// let columns: Vec<_> = meta.columns().map(|field| field.column).collect();
    /// assert_eq!(columns, ["id", "title", "views", "published_at", "author_id", "editor_id"]);
    /// ```
    fn meta() -> &'static ModelMeta;
    #[doc(hidden)]
    fn roots() -> &'static Roots;
    #[doc(hidden)]
    fn fields<N: Reach>(at: Path) -> Self::Fields<N>;
    /// The primary key of the instance.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let alice = User { id: 7, username: "alice".into(), email: None, posts: HasMany::default() };
    /// assert_eq!(alice.key(), 7);
    /// ```
    fn key(&self) -> Self::Key;
    #[doc(hidden)]
    fn param(&self, field: usize) -> Param;
    #[doc(hidden)]
    fn slot(&mut self, _field: usize) -> Option<&mut dyn Slot> {
        None
    }
    /// What `#[orm(clean = …)]` names.
    #[doc(hidden)]
    fn clean(_: &Draft<Self>) -> Result<(), ValidationErrors> {
        Ok(())
    }

    /// All rows, to be refined: Django's manager.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().filter(|p| p.views.gt(10)).count();
    /// assert_eq!(query.to_sql(), r#"SELECT COUNT(*) FROM "post" WHERE "post"."views" > $1"#);
    /// ```
    fn objects() -> QuerySet<Self> {
        QuerySet::new()
    }

    /// Rows of the model by raw SQL: its columns are found by their names, others are passed over.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let users = User::raw(r#"SELECT email, id, username FROM "user" WHERE id = :id"#).bind("id", alice.id).await?;
    /// assert_eq!(users[0].username, "alice");
    /// let error = User::raw(r#"SELECT id, username FROM "user""#).await.unwrap_err();
    /// assert_eq!(error.to_string(), "the SQL gives no column \"email\", which `User` needs; it gives id, username");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_schema`](Error::is_schema) if a column is missing or of another type; whatever the server says.
    fn raw(sql: impl Into<RawSql>) -> Raw<Self> {
        Raw::of_model(sql.into())
    }

    /// A builder of values for a row that is not saved yet: `build()` ends it, `bulk_create` takes it.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let drafts = ["alice", "bob"].map(|name| User::draft().username(name).build());
    /// let users: Vec<User> = User::objects().bulk_create(drafts).await?;
    /// assert_eq!(users.len(), 2);
    /// # Ok(())
    /// # });
    /// ```
    fn draft() -> Self::New
    where
        Self: crate::Writable,
    {
        Self::objects().create()
    }

    /// Writes all columns of the row with the instance's key, and reads them back: the instance then holds what the
    /// database holds. `auto_now` fields are set.
    ///
    /// An instance does not know where it was read: the row is that of the default database, or of the one that
    /// [`using`](crate::Save::using) names. The same holds for `refresh` and `delete`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let mut post = Post::objects().create().title("Hi").author(&alice).await?;
    /// post.title = "Hello".into();
    /// assert_eq!(
    ///     post.save().to_sql(),
    ///     r#"UPDATE "post" SET "title" = $1, "views" = $2, "published_at" = $3, "author_id" = $4, "editor_id" = $5 WHERE "post"."id" = $6 RETURNING "id", "title", "views", "published_at", "author_id", "editor_id""#
    /// );
    /// post.save().await?;
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row has vanished, [`is_stale`](Error::is_stale) if it was changed since
    /// it was read and has a `version`; constraint violations; a value that does not fit its column.
    fn save(&mut self) -> Save<'_, Self>
    where
        Self: crate::Writable,
    {
        Save::new(self, None)
    }

    /// Writes some columns, one or a tuple of them, and `auto_now` fields; reads all columns back.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let mut post = Post::objects().create().title("Hi").author(&alice).await?;
    /// (post.title, post.views) = ("Hello".into(), 7);
    /// assert_eq!(
    ///     post.save_fields(|p| (p.title, p.views)).to_sql(),
    ///     r#"UPDATE "post" SET "title" = $1, "views" = $2 WHERE "post"."id" = $3 RETURNING "id", "title", "views", "published_at", "author_id", "editor_id""#
    /// );
    /// post.save_fields(|p| (p.title, p.views)).await?;
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`save`](Model::save).
    fn save_fields<C: Columns>(&mut self, f: impl FnOnce(&'static Self::Fields<Own>) -> C) -> Save<'_, Self>
    where
        Self: crate::Writable,
    {
        let mut columns = Vec::new();
        enter::<Self, _>(f).1.columns(&mut columns);
        Save::new(self, Some(columns))
    }

    /// Makes changes to the row's columns, and to `auto_now` fields; reads all columns back.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let mut alice = User::objects().create().username("alice").await?;
    /// let changes = orm::Changes::<User>::default().with(|u| u.email.set("alice@example.org"));
    /// assert_eq!(
    ///     alice.update(changes.clone()).to_sql(),
    ///     r#"UPDATE "user" SET "email" = $1 WHERE "user"."id" = $2 RETURNING "id", "username", "email""#
    /// );
    /// alice.update(changes).await?;
    /// assert_eq!(alice.email.as_deref(), Some("alice@example.org"));
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`save`](Model::save).
    fn update(&mut self, changes: Changes<Self>) -> Save<'_, Self>
    where
        Self: crate::Writable,
    {
        Save::changing(self, changes)
    }

    /// Validates the values of the instance, as [`Draft::full_clean`] does: gives all that is wrong, by field. `save` does
    /// not.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// User::objects().create().username("alice").await?;
    /// let mut bob = User::objects().create().username("bob").await?;
    /// assert!(bob.full_clean().await.is_ok());
    /// bob.username = "alice".into();
    /// let error = bob.full_clean().await.unwrap_err();
    /// assert_eq!(error.to_string(), "not valid: username: unique");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_validation`](Error::is_validation) if something is wrong; what the database says.
    fn full_clean(&self) -> FullClean<Self> {
        FullClean::of(self)
    }

    /// Reads the row again, in place.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let mut alice = User::objects().create().username("alice").await?;
    /// User::objects().update(|u| u.email.set("alice@example.org")).await?;
    /// assert_eq!(alice.email, None);
    /// alice.refresh().await?;
    /// assert_eq!(alice.email.as_deref(), Some("alice@example.org"));
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row has vanished.
    fn refresh(&mut self) -> Refresh<'_, Self> {
        Refresh::new(self)
    }

    /// Deletes the row.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// Post::objects().create().title("Hi").author(&alice).await?;
    /// alice.delete().await?; // and her posts: `on_delete = "cascade"`
    /// assert_eq!(Post::objects().count().await?, 0);
    /// assert!(alice.delete().await.unwrap_err().is_not_found());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if the row has vanished;
    /// [`is_foreign_key_violation`](Error::is_foreign_key_violation) if others refer to it and `on_delete` does not say
    /// what happens to them.
    fn delete(&self) -> Delete<'_, Self>
    where
        Self: crate::Writable,
    {
        Delete::new(self)
    }
}

/// The type of a field that is a column, and not a relation.
// The message is that of `FieldType`: rustc shows either one, and what is equal only once.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "not a column type",
    note = "column types are the integers, floats, `bool`, `String`, what `FieldType` lists for times, decimals and more, and what derives `DbType`, `DbEnum` or `DbComposite`"
)]
pub trait ModelField: Sized + Send + Sync + 'static {
    /// The type itself, as that of a primary key.
    type Id;
    /// The column.
    const COLUMN: ColumnType;
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
    const COLUMN: ColumnType = ColumnType::of::<S>(false);
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
    const COLUMN: ColumnType = ColumnType::of::<S>(true);
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
    error.in_field(model, &model.fields[field])
}

/// What the derive's `types` answers.
#[doc(hidden)]
pub fn column_types(model: &'static ModelMeta, out: &mut Vec<SqlType>) {
    out.extend(model.columns().map(|field| field.ty));
}

/// What the derive's `param` answers for a field that has no column.
#[doc(hidden)]
#[cold]
pub fn no_column(model: &str, field: usize) -> Param {
    debug_assert!(false, "`{model}` field {field} has no column");
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
