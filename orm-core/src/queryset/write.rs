//! `update` and `delete` of a query's rows.

use super::{
    QuerySet, ToStatement,
    call::{BoxFuture, Call},
};
use crate::{
    Assigns, Model, Own, Path, Result, Row, Select, Statement, Unhooked, lower,
    node::{Change as How, Changed, Derived, Output, Place, Query, Rows},
    path::enter,
};
use std::{fmt, marker::PhantomData, sync::Arc};

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
    pub fn update<A: Assigns>(self, f: impl FnOnce(&'static M::Fields<Own>) -> A) -> Change<M>
    where
        M: crate::Writable,
    {
        let (depth, assigns) = enter::<M, _>(f);
        let mut set = Vec::new();
        assigns.assigns(&mut set);
        Change::new(self.into_query(), How::Update(depth, set))
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
    pub fn delete(self) -> Change<M>
    where
        M: crate::Writable,
    {
        Change::new(self.into_query(), How::Delete)
    }
}

/// A change of a query's rows, to be awaited; gives the number of rows changed, or what [`returning`](Change::returning) says.
#[must_use = "nothing is changed until it is awaited"]
pub struct Change<M> {
    pub(super) query: Query,
    how: How,
    _m: PhantomData<fn() -> M>,
}

impl<M: Model> Change<M> {
    pub(super) fn new(query: Query, how: How) -> Self {
        Change { query, how, _m: PhantomData }
    }

    /// Reads values of each row that was changed, as it is then (`RETURNING`); of a deleted row, as it was. One value or a tuple or
    /// struct of them, as for [`values`](QuerySet::values): of the row's own columns, and by subqueries.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let rows: Vec<(i64, i32)> =
    ///     Post::objects().update(|p| p.views.set(p.views + 1)).returning(|p| (p.id, p.views)).await?;
    /// let titles: Vec<String> = Post::objects().filter(|p| p.views.eq(0)).delete().returning(|p| p.title).await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn returning<S: Select>(self, f: impl FnOnce(&'static M::Fields<Own>) -> S) -> Returning<M, S::Row> {
        let (depth, selected) = enter::<M, _>(f);
        let mut output = Vec::new();
        selected.select(&mut output);
        self.giving(output.into_iter().map(|output| (depth, output)).collect())
    }

    /// Reads the rows that were changed.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let posts: Vec<Post> = Post::objects().update(|p| p.views.set(0)).returning_all().await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn returning_all(self) -> Returning<M, M> {
        let whole = whole(&self.query);
        self.giving(vec![whole])
    }

    fn giving<R>(self, output: Vec<(u8, Output)>) -> Returning<M, R> {
        let changed = Changed { query: self.query, how: self.how, output };
        Returning { changed, _m: PhantomData }
    }
}

/// A query's rows as what is read of a change.
pub(super) fn whole(query: &Query) -> (u8, Output) {
    (0, Output::Model(Path::root(query.model, 0)))
}

impl<M> ToStatement for Change<M> {
    fn to_statement(&self) -> Result<Statement> {
        lower::changed(&self.query, &self.how, &[])
    }
}

impl<M> IntoFuture for Change<M> {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.query.db.as_ref(), &self);
        let none = self.query.none;
        Box::pin(async move { if none { Ok(0) } else { call.run(&mut ()).await } })
    }
}

/// A change of a query's rows that gives an `R` for each, to be awaited.
#[must_use = "nothing is changed until it is awaited"]
pub struct Returning<M, R> {
    pub(super) changed: Changed,
    _m: PhantomData<fn() -> (M, R)>,
}

impl<M: Model, R: Row> Returning<M, R> {
    /// A query over the rows that are changed: the change is part of the statement that reads them (`WITH … AS (DELETE …
    /// RETURNING …)`). Awaiting it changes them, so it is a write: it is never asked twice.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let deleted = Post::objects().filter(|p| p.views.eq(0)).delete().returning(|p| (p.author.id, p.title)).cte();
    /// let by_author: Vec<(i64, i64)> =
    ///     deleted.group_by(|(author, _)| author).annotate(|(_, title)| title.count()).await?;
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// Of models without [`Hooks`](crate::Hooks) only, which could not be told.
    pub fn cte(self) -> QuerySet<R::Lead<M>, R, R::Over>
    where
        M: Unhooked,
    {
        let Changed { query, how, output } = self.changed;
        let changed = Changed { query: query.part(), how, output };
        let like = Query { output: changed.output.clone(), ..Query::new(M::meta()) };
        let like = Query { db: changed.query.db.clone(), refused: changed.query.refused.clone(), ..like };
        let rows = Rows::Changed(Box::new(changed));
        QuerySet::from_query(like.over(Arc::new(Derived { rows, place: Place::With, leads: R::LEADS })))
    }
}

impl<M, R> ToStatement for Returning<M, R> {
    fn to_statement(&self) -> Result<Statement> {
        lower::changed(&self.changed.query, &self.changed.how, &self.changed.output)
    }
}

impl<M, R: Row> IntoFuture for Returning<M, R> {
    type Output = Result<Vec<R>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.changed.query.db.as_ref(), &self);
        let none = self.changed.query.none;
        Box::pin(async move { if none { Ok(Vec::new()) } else { call.rows().await } })
    }
}

impl<M> fmt::Debug for Change<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Change").field(&self.query).field(&self.how).finish()
    }
}

impl<M, R> fmt::Debug for Returning<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Returning").field(&self.changed).finish()
    }
}
