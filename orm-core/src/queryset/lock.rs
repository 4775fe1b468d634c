//! `select_for_update` and its relatives.

use super::QuerySet;
use crate::{
    Annotations, Model, One, Rel,
    kind::PerRow,
    node::{Lock, LockStrength, LockWait},
    path::enter_with,
};

impl<M: Model, R, A: Annotations<Kind = PerRow>> QuerySet<M, R, A> {
    /// Locks the rows until the end of the transaction (`FOR UPDATE` of the model's own table;
    /// [PostgreSQL, section 13.3.2](https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS)). Outside of a
    /// transaction the lock ends with the statement. Only rows that are read are locked: `count`, `exists` and
    /// `aggregate` lock none.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// assert_eq!(
    ///     Post::objects().select_for_update().values(|p| p.title).to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" FOR UPDATE OF "post""#
    /// );
    /// ```
    ///
    /// # Errors
    /// With `distinct`, `distinct_on`, and of the rows of a subquery: those are no rows of a table.
    pub fn select_for_update(self) -> Self {
        self.lock(|lock| lock.strength = LockStrength::Update)
    }

    /// Keeps others from changing or deleting the rows until the end of the transaction, and lets them read and share them (`FOR
    /// SHARE`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().select_for_share().values(|p| p.title);
    /// assert_eq!(query.to_sql(), r#"SELECT "post"."title" FROM "post" FOR SHARE OF "post""#);
    /// ```
    pub fn select_for_share(self) -> Self {
        self.lock(|lock| lock.strength = LockStrength::Share)
    }

    /// Locks the rows but for their keys: others can make rows that refer to them (`FOR NO KEY UPDATE`), or, after
    /// [`select_for_share`](QuerySet::select_for_share), change all but the key (`FOR KEY SHARE`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().select_for_update().no_key().values(|p| p.title);
    /// assert_eq!(query.to_sql(), r#"SELECT "post"."title" FROM "post" FOR NO KEY UPDATE OF "post""#);
    /// ```
    pub fn no_key(self) -> Self {
        self.lock(|lock| {
            lock.strength = match lock.strength {
                LockStrength::Update | LockStrength::NoKeyUpdate => LockStrength::NoKeyUpdate,
                LockStrength::Share | LockStrength::KeyShare => LockStrength::KeyShare,
            }
        })
    }

    /// Locks the rows of a relation too; several calls lock several. A relation that may be NULL does not compile: PostgreSQL cannot
    /// lock what may not be there.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().select_for_update().lock_of(|p| p.author).values(|p| p.title);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" FOR UPDATE OF "post", "user""#
    /// );
    /// ```
    pub fn lock_of<T: Model>(self, f: impl FnOnce(A::Arg<M>) -> Rel<T, One>) -> Self {
        let (depth, relation) = enter_with::<M, A, _>(f);
        self.lock(|lock| lock.of.push((depth, relation.path())))
    }

    /// Locks the rows as [`select_for_update`](QuerySet::select_for_update) does, but a row that somebody else has locked is an
    /// error at once, [`is_lock_not_available`](crate::Error::is_lock_not_available).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().select_for_update().nowait().values(|p| p.title);
    /// assert_eq!(query.to_sql(), r#"SELECT "post"."title" FROM "post" FOR UPDATE OF "post" NOWAIT"#);
    /// ```
    pub fn nowait(self) -> Self {
        self.lock(|lock| lock.wait = LockWait::NoWait)
    }

    /// Locks the rows as [`select_for_update`](QuerySet::select_for_update) does, and leaves out those that somebody else has
    /// locked: several workers can take from one queue.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().select_for_update().skip_locked().values(|p| p.title).limit(1);
    /// assert_eq!(query.to_sql(), r#"SELECT "post"."title" FROM "post" LIMIT $1 FOR UPDATE OF "post" SKIP LOCKED"#);
    /// ```
    pub fn skip_locked(self) -> Self {
        self.lock(|lock| lock.wait = LockWait::SkipLocked)
    }

    fn lock(mut self, change: impl FnOnce(&mut Lock)) -> Self {
        change(self.query.lock.get_or_insert_default());
        self
    }
}
