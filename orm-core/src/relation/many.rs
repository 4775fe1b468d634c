//! `HasMany` and `ManyToMany`: fields without a column.

use super::{KeyTo, key::RawKey};
use crate::{
    BinaryOp, Column, Error, ErrorKind, FieldMeta, Key, Model, ModelMeta, Node, Own, Path, QuerySet,
    RelationKind, Result,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::IgnoredAny};
use std::{any::Any, fmt, marker::PhantomData, sync::Arc};

/// The type of a field that leads to any number of rows of `M`.
#[diagnostic::on_unimplemented(
    message = "`{M}` is not a model",
    label = "not a model",
    note = "add `#[derive(Model)]` to `{M}`"
)]
pub trait ToManyField<M>: Sized {
    /// The model's fields.
    type Fields: 'static;
    /// The model it leads to.
    fn target() -> &'static ModelMeta;
    /// The field of the row with this key.
    fn of<K: Key>(model: &'static ModelMeta, field: usize, key: K) -> Self;
    /// Checks, when the derive's code is compiled, that `via` names a foreign key to `O`.
    fn via<O, K: KeyTo<O>>(_: fn(&'static Self::Fields) -> K) {}
}

/// The row whose relation this is.
#[derive(Clone)]
struct Owner {
    model: &'static ModelMeta,
    field: usize,
    key: RawKey,
}

macro_rules! many { ($($(#[$m:meta])* $name:ident)*) => {$(
    $(#[$m])*
    pub struct $name<M> {
        owner: Option<Owner>,
        loaded: Option<Arc<dyn Any + Send + Sync>>,
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
        fn target() -> &'static ModelMeta {
            M::meta()
        }
        fn of<K: Key>(model: &'static ModelMeta, field: usize, key: K) -> Self {
            $name { owner: Some(Owner { model, field, key: RawKey::new(key) }), ..$name::default() }
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
    /// The rows of `M` paired with this row in a table of their own. Declared already, offered later: asking for the
    /// rows is an error that says so.
    ///
    /// ```
    /// use orm::{ManyToMany, prelude::*};
    ///
    /// #[derive(Model)]
    /// struct Tag {
    ///     #[orm(primary_key)]
    ///     name: String,
    ///     related: ManyToMany<Tag>,
    /// }
    /// let tag = Tag { name: "rust".into(), related: ManyToMany::default() };
    /// assert_eq!(tag.related.query().to_sql(), "/* Tag: many-to-many relations are not offered yet */");
    /// ```
    ManyToMany
}

impl<M: Model> HasMany<M> {
    /// The related rows, to be refined.
    ///
    /// Awaiting it is an error if this instance was not read from the database, or if it is not clear which of several
    /// keys of `M` is meant.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let popular = alice.posts.query().filter(|p| p.views.gt(3)).order_by(|p| p.views.desc());
    /// assert_eq!(
    ///     popular.clone().count().to_sql(),
    ///     r#"SELECT COUNT(*) FROM "post" WHERE "post"."author_id" = $1 AND "post"."views" > $2"#
    /// );
    /// assert!(popular.await?.is_empty());
    /// # Ok(())
    /// # });
    /// ```
    pub fn query(&self) -> QuerySet<M> {
        let Some(owner) = &self.owner else {
            return QuerySet::refused(
                "the instance was not read from the database, so it has no related rows",
            );
        };
        match reverse(owner.model, &owner.model.fields[owner.field]) {
            Ok(key) => {
                let key = Node::Column(Path::root(M::meta(), 0), Column(key));
                QuerySet::new().with(Node::binary(key, BinaryOp::Eq, Node::Param(owner.key.param())))
            }
            Err(error) => QuerySet::refused(error.to_string()),
        }
    }
}

impl<M: Model> ManyToMany<M> {
    /// The related rows: not offered yet.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// # use orm::ManyToMany;
    /// let users = ManyToMany::<User>::default();
    /// assert!(users.query().await.is_err());
    /// # Ok(())
    /// # });
    /// ```
    pub fn query(&self) -> QuerySet<M> {
        QuerySet::refused("many-to-many relations are not offered yet")
    }
}

/// The foreign key of the target that a to-many field is the reverse side of.
pub(crate) fn reverse(model: &'static ModelMeta, field: &'static FieldMeta) -> Result<&'static FieldMeta> {
    let unsupported = || {
        let message = format!(
            "`{}.{}`: many-to-many relations are not offered yet; declare their table as a model, and `HasMany` of it",
            model.name, field.name
        );
        Error::new(ErrorKind::Unsupported, message)
    };
    let relation = field.relation.ok_or_else(unsupported)?;
    let RelationKind::HasMany { via } = relation.kind else { return Err(unsupported()) };
    let target = (relation.target)();
    let to_model = |key: &&'static FieldMeta| {
        key.is_column() && key.relation.is_some_and(|relation| std::ptr::eq((relation.target)(), model))
    };
    let mut keys = target.fields.iter().filter(to_model).filter(|key| via.is_none_or(|via| via == key.name));
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => Err(Error::usage(format!(
            "`{}.{}`: `{}` has no foreign key to `{}`",
            model.name, field.name, target.name, model.name
        ))),
        (Some(first), Some(second)) => Err(Error::usage(format!(
            "`{}.{}`: `{}` has several foreign keys to `{}`; say which, as `#[orm(via = \"{}\")]` or `#[orm(via = \"{}\")]`",
            model.name, field.name, target.name, model.name, first.name, second.name
        ))),
    }
}
