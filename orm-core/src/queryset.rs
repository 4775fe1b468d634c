//! `QuerySet`: how to read and change. Inert, cheap to clone; refining methods are here, the others below.

mod annotate;
mod bulk;
mod bulk_update;
pub(crate) mod call;
mod combine;
mod conflicts;
mod create;
mod dates;
mod ends;
mod explain;
mod get_or_create;
mod keyset;
mod load;
mod lock;
mod over;
mod page;
mod read;
mod soft_delete;
mod stream;
mod write;

pub use annotate::Grouped;
pub use bulk::{BulkCreate, InBulk};
pub use bulk_update::BulkUpdate;
pub use call::ToStatement;
pub use conflicts::{Always, InsertFrom, Outcome, Upsert, Upserted};
pub(crate) use create::nothing_inserted;
pub use create::{Builder, Complete, Given, Missing, New};
pub use ends::InBulkBy;
pub use explain::Explain;
#[cfg(feature = "serde-json-1")]
pub use explain::{Actual, Parsed, Plan, PlanNode};
pub use get_or_create::{GetOrCreate, UpdateOrCreate};
pub use keyset::{Keyset, Slice, secret_key};
pub use load::{PrefetchObjects, prefetch_related_objects};
pub use page::{GetPage, Page};
pub use read::{Count, First, Get, Totals};
pub use soft_delete::SoftDelete;
pub use stream::RowStream;
pub use write::{Change, Returning};

use crate::{
    Annotations, BinaryOp, Db, ForeignKey, IntoCond, IntoOrder, IntoValue, Model, Node, Path, Projection,
    Select,
    kind::PerRow,
    node::{Output, Query},
    path::{enter, enter_with},
    value::Storable,
};
use std::{fmt, marker::PhantomData};

/// Rows of model `M`, read as `R`: a query that can be refined, printed and cloned, and does nothing until it is
/// awaited. Then it gives a `Vec<R>`.
///
/// Every refining method returns a QuerySet, and the order of calls does not matter except where said. Closures receive
/// the model's fields: columns are [`Field`](crate::Field)s, relations are [`Rel`](crate::Rel)s that lead to the fields of
/// the other model. An inner closure may capture an outer field, which then refers to the outer query's row.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let popular = Post::objects().filter(|p| p.views.gt(100));
/// let query = popular
///     .clone()
///     .filter(|p| p.author.username.eq("alice"))
///     .order_by(|p| p.views.desc())
///     .values(|p| p.title)
///     .limit(20);
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "post"."title" FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" WHERE "post"."views" > $1 AND "user"."username" = $2 ORDER BY "post"."views" DESC LIMIT $3"#
/// );
/// // An outer reference is a captured variable.
/// let busy = User::objects().filter(|u| popular.filter(|p| p.author.eq(u.id)).exists()).count();
/// assert_eq!(
///     busy.to_sql(),
///     r#"SELECT COUNT(*) FROM "user" WHERE EXISTS(SELECT 1 FROM "post" WHERE "post"."views" > $1 AND "post"."author_id" = "user"."id")"#
/// );
/// ```
#[must_use = "a query does nothing until it is awaited"]
pub struct QuerySet<M, R = M, A = ()> {
    query: Query,
    _m: PhantomData<fn() -> (M, R, A)>,
}

impl<M, R, A> Clone for QuerySet<M, R, A> {
    fn clone(&self) -> Self {
        QuerySet { query: self.query.clone(), _m: PhantomData }
    }
}

impl<M, R, A> fmt::Debug for QuerySet<M, R, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}

impl<M: Model> QuerySet<M> {
    pub(crate) fn new() -> Self {
        QuerySet { query: Query::new(M::meta()), _m: PhantomData }
    }

    /// A query whose awaiting is an error.
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        let query = Query { refused: Some(why.into()), ..Query::new(M::meta()) };
        QuerySet { query, _m: PhantomData }
    }
}

impl<M: Model, R, A: Annotations> QuerySet<M, R, A> {
    pub(crate) fn into_query(self) -> Query {
        self.query
    }

    pub(crate) fn query_ref(&self) -> &Query {
        &self.query
    }

    pub(crate) fn query_mut(&mut self) -> &mut Query {
        &mut self.query
    }

    pub(crate) fn from_query(query: Query) -> Self {
        QuerySet { query, _m: PhantomData }
    }

    fn read_as<X, B>(self) -> QuerySet<M, X, B> {
        QuerySet { query: self.query, _m: PhantomData }
    }

    /// One more condition, written at depth 0.
    pub(crate) fn with(mut self, condition: Node) -> Self {
        self.query.filters.push((0, condition));
        self
    }

    /// The row with this primary key.
    pub(crate) fn by_key(self, key: impl IntoValue<ForeignKey<M>>) -> Self {
        let column = Node::primary(Path::root(M::meta(), 0));
        self.with(Node::binary(column, BinaryOp::Eq, Node::Param(key.into_value().to_param())))
    }

    /// The query itself: for symmetry with Django.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// assert_eq!(Post::objects().all().to_sql(), Post::objects().to_sql());
    /// ```
    pub fn all(self) -> Self {
        self
    }

    /// Asks this database, whatever the default is. In an `atomic` on it, it is part of the transaction.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// # let replica = db;
    /// let n = Post::objects().using(&replica).count().await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn using(mut self, db: &Db) -> Self {
        self.query.db = Some(db.clone());
        self
    }

    /// Only rows that meet the condition; several calls are AND.
    ///
    /// Within one call the mentions of a to-many relation under an AND speak of the same related row; two calls speak of any
    /// row each. [`Field`](crate::Field), [`Rel`](crate::Rel) and [`Cond`](crate::Cond) say what conditions there are.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().filter(|p| p.views.gt(10) & p.title.icontains("rust"));
    /// assert_eq!(
    ///     query.count().to_sql(),
    ///     r#"SELECT COUNT(*) FROM "post" WHERE "post"."views" > $1 AND ("post"."title" ILIKE $2)"#
    /// );
    /// // Somebody with a popular post, and with a post about Rust: perhaps two posts.
    /// let query = User::objects().filter(|u| u.posts.views.gt(10)).filter(|u| u.posts.title.icontains("rust"));
    /// assert_eq!(query.count().to_sql().matches("EXISTS").count(), 2);
    /// // With a popular post about Rust: one post.
    /// let query = User::objects().filter(|u| u.posts.views.gt(10) & u.posts.title.icontains("rust"));
    /// assert_eq!(query.count().to_sql().matches("EXISTS").count(), 1);
    /// ```
    pub fn filter<C: IntoCond>(mut self, f: impl FnOnce(A::Arg<M>) -> C) -> Self {
        let (depth, condition) = enter_with::<M, A, _>(f);
        self.query.filters.push((depth, condition.condition()));
        self
    }

    /// Only rows that meet the condition, if there is a value for it: a form's field that may be left empty.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// fn search(word: Option<&str>, least: Option<i32>) -> QuerySet<Post> {
    ///     Post::objects()
    ///         .filter_opt(word, |p, word| p.title.icontains(word))
    ///         .filter_opt(least, |p, least| p.views.gte(least))
    /// }
    /// assert_eq!(
    ///     search(None, Some(3)).count().to_sql(),
    ///     r#"SELECT COUNT(*) FROM "post" WHERE "post"."views" >= $1"#
    /// );
    /// ```
    pub fn filter_opt<T, C: IntoCond>(self, value: Option<T>, f: impl FnOnce(A::Arg<M>, T) -> C) -> Self {
        match value {
            Some(value) => self.filter(|fields| f(fields, value)),
            None => self,
        }
    }

    /// Only rows for which the condition is not true: where it is NULL, the row stays.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().exclude(|p| p.editor.username.eq("bob"));
    /// assert_eq!(
    ///     query.count().to_sql(),
    ///     r#"SELECT COUNT(*) FROM "post" LEFT JOIN "user" ON "user"."id" = "post"."editor_id" WHERE ("user"."username" = $1) IS NOT TRUE"#
    /// );
    /// ```
    pub fn exclude<C: IntoCond>(mut self, f: impl FnOnce(A::Arg<M>) -> C) -> Self {
        let (depth, condition) = enter_with::<M, A, _>(f);
        self.query.filters.push((depth, condition.condition().negated()));
        self
    }

    /// No rows. Awaiting it asks nothing.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// assert!(Post::objects().none().await?.is_empty());
    /// assert_eq!(Post::objects().none().count().await?, 0);
    /// # Ok(())
    /// # });
    /// ```
    pub fn none(mut self) -> Self {
        self.query.none = true;
        self.with(Node::Bool(false))
    }

    /// The order of rows, instead of any given before and of the model's own: fields, expressions and
    /// [`Order`](crate::Order)s, one or a tuple of them; `()` is no order.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.title);
    /// let by_name = query.clone().order_by(|p| (p.author.username, p.views.desc()));
    /// assert_eq!(
    ///     by_name.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" ORDER BY "user"."username" ASC, "post"."views" DESC"#
    /// );
    /// assert_eq!(query.order_by(|_| ()).to_sql(), r#"SELECT "post"."title" FROM "post""#);
    /// ```
    pub fn order_by<O: IntoOrder<A::Kind>>(mut self, f: impl FnOnce(A::Arg<M>) -> O) -> Self {
        let (depth, order) = enter_with::<M, A, _>(f);
        let mut parts = Vec::new();
        order.into_order(&mut parts);
        self.query.order = Some(parts.into_iter().map(|part| (depth, part)).collect());
        self
    }

    /// The opposite order; without any order, by descending primary key.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.title).order_by(|p| (p.views.desc(), p.title)).reverse();
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" ORDER BY "post"."views" ASC, "post"."title" DESC"#
    /// );
    /// ```
    pub fn reverse(mut self) -> Self {
        self.query.reversed = !self.query.reversed;
        self
    }

    /// At most so many rows.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let page = Post::objects().values(|p| p.title).order_by(|p| p.id).offset(40).limit(20);
    /// assert_eq!(
    ///     page.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" ORDER BY "post"."id" ASC LIMIT $1 OFFSET $2"#
    /// );
    /// ```
    pub fn limit(mut self, rows: u64) -> Self {
        self.query.limit = Some(rows);
        self
    }

    /// Passes over so many rows first.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let rest = Post::objects().values(|p| p.title).order_by(|p| p.id).offset(40);
    /// assert_eq!(rest.to_sql(), r#"SELECT "post"."title" FROM "post" ORDER BY "post"."id" ASC OFFSET $1"#);
    /// ```
    pub fn offset(mut self, rows: u64) -> Self {
        self.query.offset = Some(rows);
        self
    }

    /// Each row once (`SELECT DISTINCT`): of use after `values`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let authors = Post::objects().values(|p| p.author.username).distinct();
    /// assert_eq!(
    ///     authors.to_sql(),
    ///     r#"SELECT DISTINCT "user"."username" FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id""#
    /// );
    /// ```
    pub fn distinct(mut self) -> Self {
        self.query.distinct = true;
        self
    }

    /// The first row of each value, by the order (`SELECT DISTINCT ON`): of all posts of an author, the newest. Rows are ordered by
    /// these values first; PostgreSQL wants it so.
    ///
    /// A value that is calculated with parameters is better annotated, and named here as `|(p, value)| value`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let newest = Post::objects().distinct_on(|p| p.author.id).order_by(|p| p.published_at.desc());
    /// assert_eq!(
    ///     newest.values(|p| p.title).to_sql(),
    ///     r#"SELECT DISTINCT ON ("post"."author_id") "post"."title" FROM "post" ORDER BY "post"."author_id" ASC, "post"."published_at" DESC"#
    /// );
    /// ```
    pub fn distinct_on<S: Select<A::Kind>>(mut self, f: impl FnOnce(A::Arg<M>) -> S) -> Self {
        let (depth, selected) = enter_with::<M, A, _>(f);
        let mut output = Vec::new();
        selected.select(&mut output);
        let nodes = output.into_iter().map(|output| (depth, output.into_node()));
        self.query.distinct_on = nodes.collect();
        self
    }

    /// Reads these values instead of the model: fields, expressions, relations, aggregates of related rows, subqueries; one
    /// or a tuple of up to twelve.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// Post::objects().create().title("Hi").author(&alice).await?;
    ///
    /// let rows: Vec<(String, Option<DateTime<Utc>>)> = Post::objects().values(|p| (p.title, p.published_at)).await?;
    /// assert_eq!(rows, [("Hi".into(), None)]);
    /// // A relation is read as its model; behind a key that may be NULL, all is an `Option`.
    /// let rows: Vec<(User, Option<String>)> = Post::objects().values(|p| (p.author, p.editor.username)).await?;
    /// assert_eq!((rows[0].0.id, &rows[0].1), (alice.id, &None));
    /// let counts: Vec<(String, i64)> = User::objects().values(|u| (u.username, u.posts.count())).await?;
    /// assert_eq!(counts, [("alice".into(), 1)]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn values<S: Select<A::Kind>>(self, f: impl FnOnce(A::Arg<M>) -> S) -> QuerySet<M, S::Row, A> {
        let (depth, selected) = enter_with::<M, A, _>(f);
        let mut output = Vec::new();
        selected.select(&mut output);
        self.read(depth, output)
    }

    /// Reads a part of the model instead: a struct with some of its fields, and perhaps values behind its relations. What
    /// Django's `only` and `defer` leave out of an instance, the struct does not have.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// #[derive(Projection)]
    /// #[orm(model = Post)]
    /// struct Headline {
    ///     id: i64,
    ///     title: String,
    /// }
    ///
    /// let query = Post::objects().filter(|p| p.views.gt(100)).only::<Headline>();
    /// assert_eq!(query.to_sql(), r#"SELECT "post"."id", "post"."title" FROM "post" WHERE "post"."views" > $1"#);
    /// ```
    pub fn only<P: Projection<M>>(self) -> QuerySet<M, P, A>
    where
        A: Annotations<Kind = PerRow>,
    {
        let mut output = Vec::new();
        let (depth, ()) = enter::<M, _>(|fields| P::select(fields, &mut output));
        self.read(depth, output)
    }

    fn read<X>(mut self, depth: u8, output: Vec<Output>) -> QuerySet<M, X, A> {
        self.query.output = output.into_iter().map(|output| (depth, output)).collect();
        self.read_as()
    }
}
