//! What `HasMany` and `ManyToMany` of an instance do: ask for the related rows, and change which they are.

use super::{
    HasMany, ManyToMany, Paired,
    owner::Owner,
    relate::{How, Relate},
};
use crate::{
    Assigns, Changes, Complete, Error, ForeignKey, GetOrCreate, IntoCond, IntoValue, KeyColumns, Model, New,
    Own, QuerySet, Result, UpdateOrCreate, model::position,
};

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
        Owner::rows(self.owner.as_ref())
    }

    /// A builder of a new row that holds this row's key; `await` inserts it.
    ///
    /// The key is given already. The type does not tell which of several foreign keys that is, so it takes none for
    /// missing: one that is forgotten is an error when the row is inserted.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let post = alice.posts.create().title("Hi").await?;
    /// assert_eq!(post.author.id(), alice.id);
    /// # Ok(())
    /// # });
    /// ```
    pub fn create(&self) -> M::Keyed
    where
        M: crate::Writable,
    {
        self.builder().into()
    }

    fn builder(&self) -> New<M> {
        let key = || {
            let owner = Owner::of(self.owner.as_ref())?;
            match owner.link()?.to {
                KeyColumns::Field(key) => Ok((position(M::meta(), key)?, owner.key())),
                KeyColumns::Primary(_) => {
                    Err(Error::usage("the relation is not the far side of a foreign key"))
                }
            }
        };
        match key() {
            Ok((place, key)) => New::on(None).put(place, key),
            Err(error) => New::on(None).paired(Err(error)),
        }
    }

    /// The related row that meets a condition, or else a new one; and whether it is new. As
    /// [`QuerySet::get_or_create`], among the related rows, with the key given.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let hi = || alice.posts.get_or_create(|p| p.title.eq("Hi"), |new| new.title("Hi"));
    /// let (post, created) = hi().await?;
    /// assert!(created && post.author.id() == alice.id);
    /// assert_eq!(hi().await?.1, false);
    /// # Ok(())
    /// # });
    /// ```
    pub fn get_or_create<C: IntoCond, B: Complete<M>>(
        &self,
        find: impl FnOnce(&'static M::Fields<Own>) -> C,
        new: impl FnOnce(M::Keyed) -> B,
    ) -> GetOrCreate<M>
    where
        M: crate::Writable,
    {
        let query = self.query().filter(find).into_query();
        GetOrCreate::new(query, new(self.create()).into_new().draft())
    }

    /// Changes the related row that meets a condition, or else makes one, with this row's key; and whether it is new. As
    /// [`QuerySet::update_or_create`].
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// for views in 1..=2 {
    ///     let seen = alice.posts.update_or_create(
    ///         |p| p.title.eq("Hi"),
    ///         |p| p.views.set(p.views + 1),
    ///         |new| new.title("Hi").views(1),
    ///     );
    ///     assert_eq!(seen.await?.0.views, views);
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn update_or_create<C: IntoCond, A: Assigns, B: Complete<M>>(
        &self,
        find: impl FnOnce(&'static M::Fields<Own>) -> C,
        change: impl FnOnce(&'static M::Fields<Own>) -> A,
        new: impl FnOnce(M::Keyed) -> B,
    ) -> UpdateOrCreate<M>
    where
        M: crate::Writable,
    {
        let query = self.query().filter(find).into_query();
        UpdateOrCreate::new(query, change, new(self.create()).into_new().draft())
    }

    /// Gives this row's key to rows: instances or keys.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let bob = User::objects().create().username("bob").await?;
    /// let post = alice.posts.create().title("Hi").await?;
    /// assert_eq!(
    ///     bob.posts.add(&[&post]).to_sql(),
    ///     r#"UPDATE "post" SET "author_id" = $1 WHERE "post"."id" = ANY($2)"#
    /// );
    /// bob.posts.add([post.id]).await?;
    /// assert_eq!(alice.posts.query().count().await?, 0);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if one of the rows is not there; none is changed then.
    pub fn add<K: IntoValue<ForeignKey<M>>>(&self, rows: impl IntoIterator<Item = K>) -> Relate {
        Relate::new(How::Add, self.owner.as_ref(), rows)
    }

    /// Takes the key from related rows: instances or keys. Only of a key that may be NULL; another is an error that says so.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let post = alice.posts.create().title("Hi").await?;
    /// let error = alice.posts.remove(&[&post]).await.unwrap_err();
    /// assert!(error.to_string().contains("`Post.author` is never NULL"));
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if one of the rows is not related; none is changed then.
    pub fn remove<K: IntoValue<ForeignKey<M>>>(&self, rows: impl IntoIterator<Item = K>) -> Relate {
        Relate::new(How::Remove, self.owner.as_ref(), rows)
    }

    /// Takes the key from all related rows. Only of a key that may be NULL; another is an error that says so.
    pub fn clear(&self) -> Relate {
        Relate::new(How::Clear, self.owner.as_ref(), None::<ForeignKey<M>>)
    }

    /// Makes these rows, instances or keys, the related ones, and no others: rows that stay are left alone.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let bob = User::objects().create().username("bob").await?;
    /// let post = alice.posts.create().title("Hi").await?;
    /// bob.posts.set(&[&post]).await?;
    /// assert_eq!(bob.posts.query().count().await?, 1);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if one of the rows is not there; also if a row would have to leave and the
    /// key is never NULL. Nothing is changed then.
    pub fn set<K: IntoValue<ForeignKey<M>>>(&self, rows: impl IntoIterator<Item = K>) -> Relate {
        Relate::new(How::Set, self.owner.as_ref(), rows)
    }
}

impl<M: Model> ManyToMany<M> {
    /// The related rows, to be refined.
    ///
    /// Awaiting it is an error if this instance was not read from the database.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/tags.rs")); } use models::*;
    /// # run(async || {
    /// let post = Post::objects().create().title("Hi").await?;
    /// assert_eq!(
    ///     post.tags.query().order_by(|t| t.name).to_sql(),
    ///     r#"SELECT "tag"."id", "tag"."name" FROM "tag" WHERE "tag"."id" IN (SELECT "post_tags"."tag_id" FROM "post_tags" WHERE "post_tags"."post_id" = $1) ORDER BY "tag"."name" ASC"#
    /// );
    /// # Ok(())
    /// # });
    /// ```
    pub fn query(&self) -> QuerySet<M> {
        Owner::rows(self.owner.as_ref())
    }

    /// The same relation with values for the other columns of new pairs, which are in the table of a model: for `add`, `set`,
    /// `create` and `get_or_create`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/tags.rs")); } use models::*;
    /// # run(async || {
    /// let (team, ann) = (Team::objects().create().await?, Person::objects().create().await?);
    /// let captain = Changes::<Membership>::default().with(|m| m.role.set("captain"));
    /// team.members.through_defaults(captain).add(&[&ann]).await?;
    /// let roles = Membership::objects().filter(|m| m.team.eq(&team)).values(|m| m.role);
    /// assert_eq!(roles.await?, ["captain"]);
    /// # Ok(())
    /// # });
    /// ```
    #[must_use = "it is the relation, and changes nothing"]
    pub fn through_defaults<T: Model>(&self, values: Changes<T>) -> Self {
        let mut with = self.clone();
        let values = values.into_values();
        with.owner = self.owner.as_ref().map(|owner| owner.with(T::meta(), values));
        with
    }

    /// A builder of a new row; `await` inserts it and pairs it with this one, in one transaction.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/tags.rs")); } use models::*;
    /// # run(async || {
    /// let post = Post::objects().create().title("Hi").await?;
    /// let rust = post.tags.create().name("rust").await?;
    /// assert_eq!(post.tags.query().get(rust.id).await?.name, "rust");
    /// # Ok(())
    /// # });
    /// ```
    pub fn create(&self) -> M::New
    where
        M: crate::Writable,
    {
        New::on(None).paired(self.paired()).into()
    }

    fn paired(&self) -> Result<Paired> {
        Paired::of(self.owner.as_ref())
    }

    /// The related row that meets a condition, or else a new one, which is then paired; and whether it is new. As
    /// [`QuerySet::get_or_create`], among the related rows: to find any row, use that one, and [`add`](ManyToMany::add).
    pub fn get_or_create<C: IntoCond, B: Complete<M>>(
        &self,
        find: impl FnOnce(&'static M::Fields<Own>) -> C,
        new: impl FnOnce(M::New) -> B,
    ) -> GetOrCreate<M>
    where
        M: crate::Writable,
    {
        self.query().get_or_create(find, new).paired(self.paired())
    }

    /// Changes the related row that meets a condition, or else makes one, which is then paired; and whether it is new. As
    /// [`QuerySet::update_or_create`], among the related rows.
    pub fn update_or_create<C: IntoCond, A: Assigns, B: Complete<M>>(
        &self,
        find: impl FnOnce(&'static M::Fields<Own>) -> C,
        change: impl FnOnce(&'static M::Fields<Own>) -> A,
        new: impl FnOnce(M::New) -> B,
    ) -> UpdateOrCreate<M>
    where
        M: crate::Writable,
    {
        self.query().update_or_create(find, change, new).paired(self.paired())
    }

    /// Pairs this row with others, instances or keys, where it is not paired with them yet; gives how many pairs are new.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/tags.rs")); } use models::*;
    /// # run(async || {
    /// let post = Post::objects().create().title("Hi").await?;
    /// let rust = Tag::objects().create().name("rust").await?;
    /// assert_eq!(post.tags.add(&[&rust]).await?, 1);
    /// assert_eq!(post.tags.add([rust.id]).await?, 0);
    /// assert_eq!(
    ///     post.tags.add([rust.id]).to_sql(),
    ///     r##"INSERT INTO "post_tags" ("post_id", "tag_id") SELECT "post_id", "tag_id" FROM unnest($1, $2) WITH ORDINALITY AS "rows" ("post_id", "tag_id", "#") ORDER BY "#" ON CONFLICT DO NOTHING RETURNING "post_id", "tag_id""##
    /// );
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_foreign_key_violation`](crate::Error::is_foreign_key_violation) if one of the rows is not there; no pair is made then.
    pub fn add<K: IntoValue<ForeignKey<M>>>(&self, rows: impl IntoIterator<Item = K>) -> Relate {
        Relate::new(How::Add, self.owner.as_ref(), rows)
    }

    /// Ends the pairs with some rows, instances or keys; gives how many there were. The rows themselves stay.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/tags.rs")); } use models::*;
    /// # run(async || {
    /// let post = Post::objects().create().title("Hi").await?;
    /// let rust = post.tags.create().name("rust").await?;
    /// assert_eq!(post.tags.remove(&[&rust]).await?, 1);
    /// assert_eq!(Tag::objects().count().await?, 1);
    /// # Ok(())
    /// # });
    /// ```
    pub fn remove<K: IntoValue<ForeignKey<M>>>(&self, rows: impl IntoIterator<Item = K>) -> Relate {
        Relate::new(How::Remove, self.owner.as_ref(), rows)
    }

    /// Ends all pairs of this row; gives how many there were. The rows themselves stay.
    pub fn clear(&self) -> Relate {
        Relate::new(How::Clear, self.owner.as_ref(), None::<ForeignKey<M>>)
    }

    /// Pairs this row with these, instances or keys, and no others: pairs that stay are left alone.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/tags.rs")); } use models::*;
    /// # run(async || {
    /// let post = Post::objects().create().title("Hi").await?;
    /// let rust = post.tags.create().name("rust").await?;
    /// let web = Tag::objects().create().name("web").await?;
    /// post.tags.set(&[&web]).await?;
    /// assert_eq!(post.tags.query().values(|t| t.name).await?, ["web"]);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_foreign_key_violation`](crate::Error::is_foreign_key_violation) if one of the rows is not there; nothing is changed
    /// then.
    pub fn set<K: IntoValue<ForeignKey<M>>>(&self, rows: impl IntoIterator<Item = K>) -> Relate {
        Relate::new(How::Set, self.owner.as_ref(), rows)
    }
}
