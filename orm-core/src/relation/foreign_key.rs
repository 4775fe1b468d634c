//! `ForeignKey`: the key of a row of another model, and that row when it was loaded.

use super::{RelationField, key::RawKey};
use crate::{
    ColumnType, Error, ErrorKind, Key, KeyColumns, Model, ModelMeta, Node, Param, Path, Result, RowRef, Slot,
    SqlType,
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
pub struct ForeignKey<M, K = Primary> {
    // Without a bound on `M`: one on the struct would make a key to something that is no model two errors.
    key: RawKey,
    pub(super) loaded: Option<Loaded>,
    _m: PhantomData<fn() -> (M, K)>,
}

/// That foreign keys hold the primary key.
#[derive(Debug)]
pub enum Primary {}

/// What a foreign key to `M` holds: the [`Primary`] key, or a unique column that says `#[orm(unique, key = CountryCode)]`, where the
/// derive makes `CountryCode`. A field is then a `ForeignKey<Country, CountryCode>`: Django's
/// [`to_field`](https://docs.djangoproject.com/en/stable/ref/models/fields/#django.db.models.ForeignKey.to_field).
///
/// Its column holds the value, which so is read without a join, `c.country.code`; relations, conditions, loading and managers go
/// by it. A `HasMany` or `HasOne` on the other side says `#[orm(to_field = "code")]`. In closures a relation is compared with
/// rows and primary keys, as any other, and so by a join.
///
/// ```
/// # mod doc { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/run.rs")); } use doc::*;
/// use orm::prelude::*;
///
/// #[derive(Model, Debug)]
/// pub struct Country {
///     pub id: i64,
///     #[orm(unique, key = CountryCode)]
///     pub code: String,
///     #[orm(to_field = "code")]
///     pub cities: HasMany<City>,
/// }
///
/// #[derive(Model, Debug)]
/// pub struct City {
///     pub id: i64,
///     pub name: String,
///     #[orm(column = "country_code")]
///     pub country: ForeignKey<Country, CountryCode>,
/// }
/// # run(orm::models![Country, City], async || {
/// let italy = Country::objects().create().code("IT").await?;
/// let rome = City::objects().create().name("Rome").country(&italy).await?;
/// City::objects().create().name("Milan").country("IT").await?;
/// assert_eq!(rome.country.id(), "IT");
/// let codes = City::objects().filter(|c| c.country.code.eq("IT")).values(|c| c.country.code);
/// assert_eq!(codes.to_sql(), r#"SELECT "city"."country_code" FROM "city" WHERE "city"."country_code" = $1"#);
/// assert_eq!(italy.cities.query().count().await?, 2);
/// # Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no unique column of `{M}`",
    label = "not a key of `{M}`",
    note = "the second parameter of a `ForeignKey` is what `#[orm(unique, key = …)]` of a field of `{M}` names"
)]
pub trait KeyBy<M>: 'static {
    /// The type of the value.
    type Key: Key;
    /// The place of the field in the model; `None` is the primary key.
    const TO: Option<usize>;
    /// The value of a row.
    fn of(row: &M) -> Self::Key;
}

impl<M: Model> KeyBy<M> for Primary {
    type Key = M::Key;
    const TO: Option<usize> = None;
    fn of(row: &M) -> M::Key {
        row.key()
    }
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
        ForeignKey::by(key)
    }
}

impl<M: Model, K: KeyBy<M>> ForeignKey<M, K> {
    /// The key that holds a value: [`to`](ForeignKey::to), also of a unique column.
    pub fn by(key: K::Key) -> Self {
        ForeignKey { key: RawKey::new(key), loaded: None, _m: PhantomData }
    }

    /// The key of a row.
    pub fn of(row: &M) -> Self {
        ForeignKey::by(K::of(row))
    }

    /// The key; needs no loading.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// assert_eq!(ForeignKey::<User>::to(7).id(), 7);
    /// ```
    pub fn id(&self) -> K::Key {
        self.key().clone()
    }

    pub(crate) fn key(&self) -> &K::Key {
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
            let place = KeyColumns::to(M::meta(), K::TO);
            M::objects().shown().get_by(Node::key(Path::root(M::meta(), 0), place), self.to_param()).await
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
pub trait OptionalKey<M: Model, K = Primary> {
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

impl<M: Model, K: KeyBy<M>> OptionalKey<M, K> for Option<ForeignKey<M, K>> {
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

impl<M: Model, K: KeyBy<M>> RelationField<M> for ForeignKey<M, K> {
    type Id = K::Key;
    const COLUMN: ColumnType = ColumnType::new(K::Key::TYPES[0], false);
    const PARTS: &'static [SqlType] = K::Key::TYPES;
    const TO: Option<usize> = K::TO;
    fn target() -> &'static ModelMeta {
        M::meta()
    }
    #[inline]
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self> {
        let key = K::Key::read(row).and_then(|key| key.ok_or_else(null));
        key.map(ForeignKey::by).map_err(|error| at(error, model, field))
    }
    fn id(&self) -> K::Key {
        self.key().clone()
    }
    fn param(&self) -> Param {
        self.to_param()
    }
    fn slot(&mut self) -> Option<&mut dyn Slot> {
        Some(self)
    }
}

impl<M: Model, K: KeyBy<M>> RelationField<M> for Option<ForeignKey<M, K>> {
    type Id = Option<K::Key>;
    const COLUMN: ColumnType = ColumnType::new(K::Key::TYPES[0], true);
    const PARTS: &'static [SqlType] = K::Key::TYPES;
    const TO: Option<usize> = K::TO;
    fn target() -> &'static ModelMeta {
        M::meta()
    }
    #[inline]
    fn read(row: &mut RowRef<'_>, model: &'static ModelMeta, field: usize) -> Result<Self> {
        let key = K::Key::read(row).map_err(|error| at(error, model, field))?;
        Ok(key.map(ForeignKey::by))
    }
    fn id(&self) -> Option<K::Key> {
        self.as_ref().map(ForeignKey::id)
    }
    fn param(&self) -> Param {
        self.to_param()
    }
    fn slot(&mut self) -> Option<&mut dyn Slot> {
        self.as_mut().map(|key| key as _)
    }
}

impl<M: Model, K: KeyBy<M>> Storable for ForeignKey<M, K> {
    const SQL: SqlType = K::Key::TYPES[0];
    fn to_param(&self) -> Param {
        self.key().param()
    }
}

impl<M: Model, K: KeyBy<M>> Storable for Option<ForeignKey<M, K>> {
    const SQL: SqlType = K::Key::TYPES[0];
    fn to_param(&self) -> Param {
        self.as_ref().map_or_else(|| Param::null(Self::SQL), ForeignKey::to_param)
    }
}

impl<M, K> Clone for ForeignKey<M, K> {
    fn clone(&self) -> Self {
        ForeignKey { key: self.key.clone(), loaded: self.loaded.clone(), _m: PhantomData }
    }
}

impl<M, K> PartialEq for ForeignKey<M, K> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl<M: Model, K: KeyBy<M, Key: Eq>> Eq for ForeignKey<M, K> {}

impl<M: Model, K: KeyBy<M, Key: Hash>> Hash for ForeignKey<M, K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

/// `User(7)`
impl<M, K> fmt::Debug for ForeignKey<M, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = type_name::<M>();
        write!(f, "{}({:?})", name.rsplit("::").next().unwrap_or(name), self.key)
    }
}

impl<M: Model, K: KeyBy<M, Key: Serialize>> Serialize for ForeignKey<M, K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.key().serialize(serializer)
    }
}

impl<'de, M: Model, K: KeyBy<M, Key: Deserialize<'de>>> Deserialize<'de> for ForeignKey<M, K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        K::Key::deserialize(deserializer).map(ForeignKey::by)
    }
}
