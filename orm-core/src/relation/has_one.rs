//! `HasOne`: the reverse side of a one-to-one relation.

use super::{ToManyField, owner::Owner, pair_column};
use crate::{
    ColumnType, Error, ErrorKind, Key, Model, ModelMeta, Own, Result, Slot,
    load::{Loaded, Peers},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::IgnoredAny};
use std::{fmt, marker::PhantomData, panic::Location};

/// The row of `M` that holds this row's key, if there is one: the reverse side of a [`ForeignKey`](crate::ForeignKey) that is
/// unique, without a column.
///
/// In queries it is a relation that may lead nowhere: a LEFT JOIN, and no `EXISTS`. `#[orm(via = "user")]` names the key when
/// `M` has several to this model.
///
/// ```
/// use orm::prelude::*;
///
/// #[derive(Model)]
/// struct User {
///     id: i64,
///     profile: HasOne<Profile>,
/// }
///
/// #[derive(Model)]
/// struct Profile {
///     id: i64,
///     city: String,
///     #[orm(unique, on_delete = "cascade")]
///     user: ForeignKey<User>,
/// }
///
/// assert_eq!(
///     User::objects().filter(|u| u.profile.city.eq("Rome") | u.profile.is_null()).to_sql(),
///     r#"SELECT "user"."id" FROM "user" LEFT JOIN "profile" ON "profile"."user_id" = "user"."id" WHERE "profile"."city" = $1 OR "profile"."id" IS NULL"#
/// );
/// # async fn example(user: User) -> orm::Result<()> {
/// let profile: Option<Profile> = user.profile.fetch().await?;
/// # Ok(())
/// # }
/// ```
pub struct HasOne<M> {
    owner: Option<Owner>,
    /// The row, or that there is none.
    pub(super) loaded: Option<Option<Loaded>>,
    _m: PhantomData<fn() -> M>,
}

impl<M: Model> HasOne<M> {
    /// The related row, if there is one and it was loaded together with this one.
    ///
    /// # Errors
    /// [`is_not_loaded`](Error::is_not_loaded) if it was not loaded: this never asks the database. [`fetch`](HasOne::fetch) does.
    pub fn get(&self) -> Result<Option<&M>> {
        let with_others = || self.peers()?.get(&self.owner.as_ref()?.key());
        self.row().or_else(with_others).ok_or_else(|| {
            let model = M::meta().name;
            let message = format!("the related `{model}` is not loaded; `fetch().await` asks for it");
            Error::new(ErrorKind::NotLoaded, message)
        })
    }

    /// Asks for the row now, if there is one; what it does with the other rows of the QuerySet says its
    /// [`fetch_mode`](crate::QuerySet::fetch_mode).
    ///
    /// # Errors
    /// If this instance was not read from the database; [`is_not_loaded`](Error::is_not_loaded) if
    /// [`FetchMode::Raise`](crate::FetchMode::Raise) forbids it.
    #[track_caller]
    pub fn fetch(&self) -> impl Future<Output = Result<Option<M>>> + Send {
        let at = Location::caller();
        async move {
            if let (Some(peers), Some(owner)) = (self.peers(), &self.owner)
                && let Some(row) = peers.fetch(&owner.key(), at).await?
            {
                return Ok(row);
            }
            let mut rows = Owner::rows::<M>(self.owner.as_ref()).order_by(|_| ()).limit(1).await?;
            Ok(rows.pop())
        }
    }
}

impl<M: 'static> HasOne<M> {
    /// What knows the rows of the same QuerySet.
    fn peers(&self) -> Option<&Peers> {
        self.loaded.as_ref()?.as_ref()?.downcast_ref()
    }

    fn row(&self) -> Option<Option<&M>> {
        match self.loaded.as_ref()? {
            Some(row) => row.downcast_ref().map(Some),
            None => Some(None),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model> ToManyField<M> for HasOne<M> {
    type Fields = M::Fields<Own>;
    const COLUMN: ColumnType = ColumnType::new(pair_column(M::Key::TYPES), false);
    fn target() -> &'static ModelMeta {
        M::meta()
    }
    fn of<K: Key>(model: &'static ModelMeta, field: usize, key: K) -> Self {
        HasOne { owner: Some(Owner::new(model, field, key)), ..HasOne::default() }
    }
    fn slot(&mut self) -> Option<&mut dyn Slot> {
        Some(self)
    }
}

impl<M> Default for HasOne<M> {
    fn default() -> Self {
        HasOne { owner: None, loaded: None, _m: PhantomData }
    }
}

impl<M> Clone for HasOne<M> {
    fn clone(&self) -> Self {
        HasOne { owner: self.owner.clone(), loaded: self.loaded.clone(), _m: PhantomData }
    }
}

/// Always equal: the row of another table is no part of a row's value.
impl<M> PartialEq for HasOne<M> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl<M> Eq for HasOne<M> {}

impl<M: 'static> fmt::Debug for HasOne<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.loaded.is_some() && self.peers().is_none() { "loaded" } else { "not loaded" })
    }
}

/// The loaded row, or null.
impl<M: Serialize + 'static> Serialize for HasOne<M> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.row().flatten().serialize(serializer)
    }
}

/// Not loaded, whatever is there.
impl<'de, M> Deserialize<'de> for HasOne<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self::default())
    }
}
