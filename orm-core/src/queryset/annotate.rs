//! More than the model in a row: annotations, groups, aggregates.

use super::{QuerySet, Totals};
use crate::{
    Annotations, By, Groups, IntoCond, Model, Node, Path, Row, Select,
    kind::{PerGroup, PerRow},
    node::{Output, Query, Total},
    path::enter_with,
};
use std::{fmt, marker::PhantomData};

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// Adds values to each row: one, or a tuple of them. Rows stay flat, `(Post, i64)` and then `(Post, i64, String)`, and
    /// closures of later calls receive the values beside the model's fields, `|(p, n)|`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// Post::objects().create().title("Hi").author(&alice).await?;
    ///
    /// let users: Vec<(User, i64)> =
    ///     User::objects().annotate(|u| u.posts.count()).filter(|(_, n)| n.gt(0)).order_by(|(_, n)| n.desc()).await?;
    /// assert_eq!((users[0].0.id, users[0].1), (alice.id, 1));
    /// let rows: Vec<(String, i64, i64)> = User::objects()
    ///     .values(|u| u.username)
    ///     .annotate(|u| u.posts.count())
    ///     .annotate(|(_, n)| n * 10)
    ///     .await?;
    /// assert_eq!(rows, [("alice".into(), 1, 10)]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn annotate<S: Select<A::Kind>>(
        mut self,
        f: impl FnOnce(A::Arg<M>) -> S,
    ) -> QuerySet<M, S::After<R>, S::Then<A>> {
        let (depth, selected) = enter_with::<M, A, _>(f);
        let mut output = Vec::new();
        selected.select(&mut output);
        self.query.annotate(depth, output);
        self.read_as()
    }

    /// Reads only groups (of [`group_by`](QuerySet::group_by)) that meet a condition; several calls are AND. `filter` is about the
    /// rows that are grouped.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects()
    ///     .group_by(|p| p.author.username)
    ///     .annotate(|p| p.id.count())
    ///     .filter(|(p, _, _)| p.views.gt(10))
    ///     .having(|(_, _, n)| n.gt(3));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "user"."username", COUNT("post"."id") FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" WHERE "post"."views" > $1 GROUP BY "user"."username" HAVING COUNT("post"."id") > $2"#
    /// );
    /// ```
    pub fn having<C: IntoCond<PerGroup>>(mut self, f: impl FnOnce(A::Arg<M>) -> C) -> Self
    where
        A: Groups,
    {
        let (depth, condition) = enter_with::<M, A, _>(f);
        self.query.having.push((depth, condition.condition()));
        self
    }

    /// Aggregates of all rows, one [`Agg`](crate::Agg) or a tuple of them.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let (n, most, mean) = Post::objects()
    ///     .filter(|p| p.author.username.eq("alice"))
    ///     .aggregate(|p| (p.id.count(), p.views.max(), p.views.avg().or(0.0)))
    ///     .await?;
    /// assert_eq!((n, most, mean), (0, None, 0.0));
    /// # Ok(())
    /// # });
    /// ```
    pub fn aggregate<S: Select<PerGroup>>(self, f: impl FnOnce(A::Arg<M>) -> S) -> Totals<S::Row>
    where
        A: Annotations<Kind = PerRow>,
    {
        let (depth, aggregates) = enter_with::<M, A, _>(f);
        let mut output = Vec::new();
        aggregates.select(&mut output);
        Totals { total: Total { query: self.into_query(), depth, output }, _r: PhantomData }
    }
}

impl<M: Model, R: Row, A: Annotations<Kind = PerRow>> QuerySet<M, R, A> {
    /// Groups rows by values, one or a tuple of them: `annotate` then gives aggregates of each group. Rows are the keys and the
    /// aggregates, flat; closures of later calls receive them beside the model's fields, `|(p, key, n)|`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// for views in [1, 2] {
    ///     Post::objects().create().title("Hi").views(views).author(&alice).await?;
    /// }
    /// let query = Post::objects()
    ///     .group_by(|p| p.author.username)
    ///     .annotate(|p| p.views.sum().or(0))
    ///     .order_by(|(_, _, views)| views.desc());
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "user"."username", COALESCE(SUM("post"."views"), $1) FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" GROUP BY "user"."username" ORDER BY COALESCE(SUM("post"."views"), $1) DESC"#
    /// );
    /// let top: Vec<(String, i64)> = query.await?;
    /// assert_eq!(top, [("alice".into(), 3)]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn group_by<S: Select>(
        self,
        f: impl FnOnce(A::Arg<M>) -> S,
    ) -> Grouped<M, S::Row, A, S::Then<By<A>>> {
        let (depth, keys) = enter_with::<M, A, _>(f);
        let mut output = Vec::new();
        keys.select(&mut output);
        let mut query = Query { output: Vec::new(), ..self.into_query() };
        let first = query.annotations.len();
        query.keys = Some(first..first + output.len());
        query.annotate(depth, output);
        Grouped { query, _m: PhantomData }
    }
}

/// Rows of a query, annotated with `A`, in groups with keys `R`: [`annotate`](Grouped::annotate) says what is read of each group.
#[must_use = "a query does nothing until it is awaited"]
pub struct Grouped<M, R, A, B> {
    query: Query,
    _m: PhantomData<fn() -> (M, R, A, B)>,
}

impl<M: Model, R: Row, A: Annotations, B: Annotations> Grouped<M, R, A, B> {
    /// Aggregates of each group, one or a tuple of them.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().group_by(|p| p.author.id).annotate(|p| (p.id.count(), p.views.max()));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."author_id", COUNT("post"."id"), MAX("post"."views") FROM "post" GROUP BY "post"."author_id""#
    /// );
    /// ```
    pub fn annotate<S: Select<PerGroup>>(
        mut self,
        f: impl FnOnce(A::Arg<M>) -> S,
    ) -> QuerySet<M, S::After<R>, S::Then<B>> {
        let (depth, aggregates) = enter_with::<M, A, _>(f);
        let mut output = Vec::new();
        aggregates.select(&mut output);
        self.query.annotate(depth, output);
        QuerySet { query: self.query, _m: PhantomData }
    }
}

impl<M, R, A, B> fmt::Debug for Grouped<M, R, A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}

impl Query {
    /// Names the model as what rows begin with, if they are the model so far.
    pub(super) fn begin(&mut self) {
        if self.output.is_empty() && !self.is_grouped() {
            self.output.push((0, Output::Model(Path::root(self.model, 0))));
        }
    }

    /// Adds values to the rows, and keeps them for later clauses.
    pub(super) fn annotate(&mut self, depth: u8, output: Vec<Output>) {
        let root = Path::root(self.model, depth);
        self.begin();
        let first = self.annotations.len();
        for (place, output) in output.iter().enumerate() {
            let output = match output {
                Output::Model(_) | Output::Given(..) => output.clone(),
                Output::Value(_, ty) => Output::Value(Node::Annotation(root, first + place), *ty),
            };
            self.output.push((depth, output));
        }
        let more = output.into_iter().map(|output| (depth, output));
        self.annotations = self.annotations.iter().cloned().chain(more).collect();
    }
}
