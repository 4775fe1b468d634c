//! `ForeignKey`: the key of a row of another model, and that row when it was loaded.

use super::{RelationField, key::RawKey, one_column};
use crate::{
    ColumnType, Error, ErrorKind, Key as _, Model, ModelMeta, Param, Result, RowRef, Slot, SqlType,
    load::{Loaded, Peers},
    model::at,
    row::null,
    value::Storable,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{
    any::type_name,
    fmt,
    hash::{Hash, Hasher},
    marker::PhantomData,
    panic::Location,
};

/// A field that holds the key of a row of `M`, column `<field>_id`; `Option<ForeignKey<M>>` where there may be none, with
/// the methods of [`OptionalKey`].
///
/// It prints, compares and serializes as its key.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let author = ForeignKey::<User>::to(7);
/// assert_eq!(author.id(), 7);
/// assert_eq!(format!("{author:?}"), "User(7)");
/// assert!(author.get().unwrap_err().is_not_loaded());
///
/// let alice = User { id: 8, username: "alice".into(), email: None, posts: HasMany::default() };
/// assert_eq!(ForeignKey::from(&alice).id(), 8); // post.author = (&alice).into();
/// ```
pub struct ForeignKey<M> {
    // Without a bound on `M`: one on the struct would make a key to something that is no model two errors.
    key: RawKey,
    pub(super) loaded: Option<Loaded>,
    _m: PhantomData<fn() -> M>,
}

impl<M: Model> ForeignKey<M> {
    /// The key of a row, which need not be there until this is stored.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let mut post = Post {
    ///     id: 1,
    ///     title: "Hi".into(),
    ///     views: 0,
    ///     published_at: None,
    ///     author: ForeignKey::to(7),
    ///     editor: None,
    /// };
    /// post.editor = Some(ForeignKey::to(8));
    /// ```
    pub fn to(key: M::Key) -> Self {
        ForeignKey { key: RawKey::new(key), loaded: None, _m: PhantomData }
    }

    /// The key; needs no loading.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// assert_eq!(ForeignKey::<User>::to(7).id(), 7);
    /// ```
    pub fn id(&self) -> M::Key {
        self.key().clone()
    }

    pub(crate) fn key(&self) -> &M::Key {
        self.key.get().expect("a key is made of its model's key type")
    }

    /// The row, if it was loaded together with this one.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let author = ForeignKey::<User>::to(7);
    /// assert_eq!(
    ///     author.get().unwrap_err().to_string(),
    ///     "the related `User` is not loaded; `fetch().await` asks for it"
    /// );
    /// ```
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded) otherwise: this never asks the database. [`fetch`](ForeignKey::fetch)
    /// does.
    pub fn get(&self) -> Result<&M> {
        let loaded = match self.loaded.as_deref() {
            Some(loaded) => match loaded.downcast_ref::<Peers>() {
                Some(peers) => peers.get(&self.to_param()).flatten(),
                None => loaded.downcast_ref(),
            },
            None => None,
        };
        loaded.ok_or_else(|| {
            let model = M::meta().name;
            Error::new(
                ErrorKind::NotLoaded,
                format!("the related `{model}` is not loaded; `fetch().await` asks for it"),
            )
        })
    }

    /// Asks for the row now.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let post = Post::objects().create().title("Hi").author(&alice).await?;
    /// let author: User = post.author.fetch().await?;
    /// assert_eq!(author.username, "alice");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if it has vanished; [`is_not_loaded`](Error::is_not_loaded) by
    /// [`FetchMode::Raise`](crate::FetchMode::Raise).
    #[track_caller]
    pub fn fetch(&self) -> impl Future<Output = Result<M>> + Send {
        let at = Location::caller();
        async move {
            if let Some(peers) = self.loaded.as_deref().and_then(|loaded| loaded.downcast_ref::<Peers>())
                && let Some(Some(row)) = peers.fetch(&self.to_param(), at).await?
            {
                return Ok(row);
            }
            M::objects().shown().get(self).await
        }
    }
}

impl<M: Model> From<&M> for ForeignKey<M> {
    fn from(row: &M) -> Self {
        ForeignKey::to(row.key())
    }
}

/// `get` and `fetch` of a key that may be missing, an `Option<ForeignKey<M>>`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let alice = User::objects().create().username("alice").await?;
/// let post = Post::objects().create().title("Hi").author(&alice).editor(&alice).await?;
/// assert!(post.editor.get().unwrap_err().is_not_loaded());
/// let editor: Option<User> = post.editor.fetch().await?;
/// assert_eq!(editor.map(|editor| editor.username), Some("alice".into()));
///
/// let post = Post::objects().create().title("Hello").author(&alice).await?;
/// assert!(post.editor.get()?.is_none() && post.editor.fetch().await?.is_none());
/// # Ok(())
/// # });
/// ```
pub trait OptionalKey<M: Model> {
    /// The row, if there is one and it was loaded together with this one.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded) if there is a key but the row was not loaded.
    fn get(&self) -> Result<Option<&M>>;

    /// Asks for the row now, if there is one.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if it has vanished.
    #[track_caller]
    fn fetch(&self) -> impl Future<Output = Result<Option<M>>> + Send;
}

impl<M: Model> OptionalKey<M> for Option<ForeignKey<M>> {
    fn get(&self) -> Result<Option<&M>> {
        self.as_ref().map(ForeignKey::get).transpose()
    }

    #[track_caller]
    fn fetch(&self) -> impl Future<Output = Result<Option<M>>> + Send {
        #[expect(clippy::manual_map, reason = "a closure would hide who called")]
        let row = match self {
            Some(key) => Some(key.fetch()),
            None => None,
        };
        async move {
            match row {
                Some(row) => row.await.map(Some),
                None => Ok(None),
            }
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> RelationField<M> for ForeignKey<M> {
    type Id = M::Key;
    const COLUMN: ColumnType = ColumnType::new(one_column(M::Key::TYPES), false);
    const PARTS: &'static [SqlType] = M::Key::TYPES;
    fn target() -> &'static ModelMeta {
        M::meta()
    }
    #[inline]
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self> {
        let key = M::Key::read(row).and_then(|key| key.ok_or_else(null));
        key.map(ForeignKey::to).map_err(|error| at(error, model, field))
    }
    fn id(&self) -> M::Key {
        self.key().clone()
    }
    fn param(&self) -> Param {
        self.to_param()
    }
    fn slot(&mut self) -> Option<&mut dyn Slot> {
        Some(self)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> RelationField<M> for Option<ForeignKey<M>> {
    type Id = Option<M::Key>;
    const COLUMN: ColumnType = ColumnType::new(one_column(M::Key::TYPES), true);
    const PARTS: &'static [SqlType] = M::Key::TYPES;
    fn target() -> &'static ModelMeta {
        M::meta()
    }
    #[inline]
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self> {
        let key = M::Key::read(row).map_err(|error| at(error, model, field))?;
        Ok(key.map(ForeignKey::to))
    }
    fn id(&self) -> Option<M::Key> {
        self.as_ref().map(ForeignKey::id)
    }
    fn param(&self) -> Param {
        self.to_param()
    }
    fn slot(&mut self) -> Option<&mut dyn Slot> {
        self.as_mut().map(|key| key as _)
    }
}

impl<M: Model> Storable for ForeignKey<M> {
    const SQL: SqlType = M::Key::TYPES[0];
    fn to_param(&self) -> Param {
        self.key().param()
    }
}

impl<M: Model> Storable for Option<ForeignKey<M>> {
    const SQL: SqlType = M::Key::TYPES[0];
    fn to_param(&self) -> Param {
        self.as_ref().map_or_else(|| Param::null(Self::SQL), ForeignKey::to_param)
    }
}

impl<M> Clone for ForeignKey<M> {
    fn clone(&self) -> Self {
        ForeignKey { key: self.key.clone(), loaded: self.loaded.clone(), _m: PhantomData }
    }
}

impl<M> PartialEq for ForeignKey<M> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<M: Model<Key: Eq>> Eq for ForeignKey<M> {}

impl<M: Model<Key: Hash>> Hash for ForeignKey<M> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// `User(7)`
impl<M> fmt::Debug for ForeignKey<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = type_name::<M>();
        write!(f, "{}({:?})", name.rsplit("::").next().unwrap_or(name), self.key)
    }
}

impl<M: Model<Key: Serialize>> Serialize for ForeignKey<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.key().serialize(serializer)
    }
}

impl<'de, M: Model<Key: Deserialize<'de>>> Deserialize<'de> for ForeignKey<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        M::Key::deserialize(deserializer).map(ForeignKey::to)
    }
}
