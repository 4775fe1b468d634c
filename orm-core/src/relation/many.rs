//! `HasMany` and `ManyToMany`: fields without a column.

use super::{KeyTo, PairedWith, owner::Owner, pair_column};
use crate::{ColumnType, Error, ErrorKind, Key, Model, ModelMeta, Own, Result, Slot, load::Loaded};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::IgnoredAny};
use std::{fmt, marker::PhantomData};

/// The type of a field without a column that leads to rows of `M`.
#[diagnostic::on_unimplemented(
    message = "`{M}` is not a model",
    label = "not a model",
    note = "add `#[derive(Model)]` to `{M}`"
)]
pub trait ToManyField<M>: Sized {
    /// The model's fields.
    type Fields: 'static;
    /// The column of a key to the model.
    const COLUMN: ColumnType;
    /// The model it leads to.
    fn target() -> &'static ModelMeta;
    /// The field of the row with this key.
    fn of<K: Key>(model: &'static ModelMeta, field: usize, key: K) -> Self;
    /// The place of the rows it leads to.
    fn slot(&mut self) -> Option<&mut dyn Slot>;
    /// Checks, when the derive's code is compiled, that `via` names a foreign key to `O`.
    fn via<O, K: KeyTo<O>>(_: fn(&'static Self::Fields) -> K) {}
    /// Checks, when the derive's code is compiled, that `via` names a many-to-many relation to `O`.
    fn paired<O, K: PairedWith<O>>(_: fn(&'static Self::Fields) -> K) {}
}

macro_rules! many { ($($(#[$m:meta])* $name:ident)*) => {$(
    $(#[$m])*
    pub struct $name<M> {
        pub(super) owner: Option<Owner>,
        pub(super) loaded: Option<Loaded>,
        _m: PhantomData<fn() -> M>,
    }

    impl<M: Model> $name<M> {
        /// The related rows, if they were loaded together with this one.
        ///
        /// # Errors
        /// [`is_not_loaded`](Error::is_not_loaded) otherwise: this never asks the database. `query` does.
        pub fn get(&self) -> Result<&[M]> {
            self.rows().ok_or_else(|| {
                let model = M::meta().name;
                let message = format!("the related rows of `{model}` are not loaded; `query()` asks for them");
                Error::new(ErrorKind::NotLoaded, message)
            })
        }
    }

    #[diagnostic::do_not_recommend]
    impl<M: Model> ToManyField<M> for $name<M> {
        type Fields = M::Fields<Own>;
        const COLUMN: ColumnType = ColumnType::new(pair_column(M::Key::TYPES), false);
        fn target() -> &'static ModelMeta {
            M::meta()
        }
        fn of<K: Key>(model: &'static ModelMeta, field: usize, key: K) -> Self {
            $name { owner: Some(Owner::new(model, field, key)), ..$name::default() }
        }
        fn slot(&mut self) -> Option<&mut dyn Slot> {
            Some(self)
        }
    }

    impl<M: 'static> $name<M> {
        fn rows(&self) -> Option<&[M]> {
            self.loaded.as_deref().and_then(|rows| rows.downcast_ref::<Vec<M>>()).map(|rows| &rows[..])
        }
    }

    impl<M> Default for $name<M> {
        fn default() -> Self {
            $name { owner: None, loaded: None, _m: PhantomData }
        }
    }

    impl<M> Clone for $name<M> {
        fn clone(&self) -> Self {
            $name { owner: self.owner.clone(), loaded: self.loaded.clone(), _m: PhantomData }
        }
    }

    /// Always equal: the rows of another table are no part of a row's value.
    impl<M> PartialEq for $name<M> {
        fn eq(&self, _: &Self) -> bool {
            true
        }
    }

    impl<M> Eq for $name<M> {}

    impl<M> fmt::Debug for $name<M> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(if self.loaded.is_some() { "loaded" } else { "not loaded" })
        }
    }

    /// The loaded rows, or null.
    impl<M: Serialize + 'static> Serialize for $name<M> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.rows().serialize(serializer)
        }
    }

    /// Not loaded, whatever is there.
    impl<'de, M> Deserialize<'de> for $name<M> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            IgnoredAny::deserialize(deserializer).map(|_| Self::default())
        }
    }
)*}}

many! {
    /// The rows of `M` that hold this row's key: the reverse side of a [`ForeignKey`](crate::ForeignKey), without a
    /// column.
    ///
    /// `#[orm(via = "author")]` names the key when `M` has several to this model.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// Post::objects().create().title("Hi").author(&alice).await?;
    ///
    /// assert_eq!(alice.posts.query().values(|p| p.title).await?, ["Hi"]);
    /// let authors = User::objects().filter(|u| u.posts.any(|p| p.title.eq("Hi"))).await?;
    /// # Ok(())
    /// # });
    /// ```
    HasMany
    /// The rows of `M` paired with this row in a table of their own, `post_tags`, which `create_tables` makes too.
    ///
    /// `#[orm(via = "tags")]` on the other model is the same relation seen from there. Of a model with itself it is
    /// symmetrical, unless `#[orm(symmetrical = false)]`. `#[orm(through = Membership)]` takes the table of a model instead,
    /// which may have more columns.
    ///
    /// ```
    /// use orm::prelude::*;
    ///
    /// #[derive(Model)]
    /// struct Tag {
    ///     #[orm(primary_key)]
    ///     name: String,
    ///     #[orm(via = "tags")]
    ///     posts: ManyToMany<Post>,
    /// }
    ///
    /// #[derive(Model)]
    /// struct Post {
    ///     id: i64,
    ///     tags: ManyToMany<Tag>,
    /// }
    ///
    /// assert_eq!(
    ///     Post::objects().filter(|p| p.tags.name.eq("rust")).to_sql(),
    ///     r#"SELECT "post"."id" FROM "post" WHERE EXISTS(SELECT 1 FROM "post_tags" WHERE "post_tags"."post_id" = "post"."id" AND "post_tags"."tag_id" = $1)"#
    /// );
    /// assert_eq!(
    ///     Tag::objects().values(|t| (t.name, t.posts.count())).to_sql(),
    ///     r#"SELECT "tag"."name", (SELECT COUNT("post_tags"."post_id") FROM "post_tags" WHERE "post_tags"."tag_id" = "tag"."name") FROM "tag""#
    /// );
    /// ```
    ManyToMany
}
