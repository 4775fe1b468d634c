//! `update` and `delete` of a query's rows.

use super::{
    QuerySet, ToStatement,
    call::{BoxFuture, Call},
};
use crate::{Assign, Assigns, Model, Own, Result, Statement, lower, node::Query, path::enter};

impl<M: Model> QuerySet<M> {
    /// Changes all rows of the query in one statement; gives their number. `auto_now` fields are left alone.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let change = Post::objects()
    ///     .filter(|p| p.author.username.eq("alice"))
    ///     .update(|p| (p.views.set(p.views + 1), p.editor.set(None)));
    /// assert_eq!(
    ///     change.to_sql(),
    ///     r#"UPDATE "post" SET "views" = "post"."views" + $1, "editor_id" = $2 WHERE "post"."id" IN (SELECT "post_2"."id" FROM "post" AS "post_2" INNER JOIN "user" ON "user"."id" = "post_2"."author_id" WHERE "user"."username" = $3 FOR UPDATE OF "post_2")"#
    /// );
    /// let changed: u64 = change.await?;
    /// assert_eq!(changed, 0);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// Constraint violations; a value that does not fit its column.
    pub fn update<A: Assigns>(self, f: impl FnOnce(&'static M::Fields<Own>) -> A) -> Change {
        let (depth, assigns) = enter::<M, _>(f);
        let mut set = Vec::new();
        assigns.assigns(&mut set);
        Change { query: self.into_query(), what: What::Update(depth, set) }
    }

    /// Deletes all rows of the query in one statement; gives their number. Rows that refer to them follow their
    /// `on_delete`, which the database carries out.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let delete = Post::objects().filter(|p| p.views.eq(0)).delete();
    /// assert_eq!(delete.to_sql(), r#"DELETE FROM "post" WHERE "post"."views" = $1"#);
    /// let deleted: u64 = delete.await?;
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_foreign_key_violation`](crate::Error::is_foreign_key_violation) if others refer to a row and their `on_delete` does
    /// not say what happens to them.
    pub fn delete(self) -> Change {
        Change { query: self.into_query(), what: What::Delete }
    }
}

/// A change of a query's rows, to be awaited; gives the number of rows changed.
#[derive(Clone, Debug)]
#[must_use = "nothing is changed until it is awaited"]
pub struct Change {
    pub(super) query: Query,
    pub(super) what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    Update(u8, Vec<Assign>),
    Delete,
    HardDelete,
}

impl ToStatement for Change {
    fn to_statement(&self) -> Result<Statement> {
        match &self.what {
            What::Update(depth, set) => lower::update(&self.query, *depth, set, false),
            What::Delete => lower::delete(&self.query),
            What::HardDelete => lower::hard_delete(&self.query),
        }
    }
}

impl IntoFuture for Change {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.query.db.as_ref(), &self);
        Box::pin(async move { if self.query.none { Ok(0) } else { call.run(&mut ()).await } })
    }
}
