//! `QuerySet`: how to read and change. Inert, cheap to clone; refining methods are here, the others below.

mod bulk;
pub(crate) mod call;
mod create;
mod get_or_create;
mod read;
mod write;

pub use bulk::{BulkCreate, InBulk};
pub use call::ToStatement;
pub use create::{Builder, Complete, Draft, Given, Missing, New};
pub use get_or_create::{GetOrCreate, UpdateOrCreate};
pub use read::{Count, Explain, First, Get, RowStream, Totals};
pub use write::Change;

use crate::{
    BinaryOp, Column, Db, ForeignKey, IntoCond, IntoOrder, IntoValue, Model, Node, Own, Path, Select,
    node::{LockWait, Output, Query},
    path::enter,
    value::Storable,
};
use std::{fmt, marker::PhantomData};

/// Rows of model `M`, read as `R`: a query that can be refined, printed and cloned, and does nothing until it is
/// awaited.
///
/// Every refining method returns a QuerySet, and the order of calls does not matter except where said. Two `filter`
/// calls are AND. Closures receive the model's fields; an inner closure may capture an outer field, which then refers to
/// the outer query's row.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects()
///     .filter(|p| p.title.icontains("rust") & p.author.username.eq("alice"))
///     .exclude(|p| p.editor.is_null())
///     .order_by(|p| (p.views.desc(), p.id.asc()))
///     .limit(20);
/// ```
#[must_use = "a query does nothing until it is awaited"]
pub struct QuerySet<M, R = M> {
    query: Query,
    _m: PhantomData<fn() -> (M, R)>,
}

impl<M, R> Clone for QuerySet<M, R> {
    fn clone(&self) -> Self {
        QuerySet { query: self.query.clone(), _m: PhantomData }
    }
}

impl<M, R> fmt::Debug for QuerySet<M, R> {
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

    /// Locks the rows until the end of the transaction (`FOR UPDATE` of the model's own table). Outside of a
    /// transaction the lock ends with the statement.
    pub fn select_for_update(self) -> Self {
        self.lock(LockWait::Wait)
    }

    /// With `select_for_update`: a row that somebody else has locked is an error at once,
    /// [`is_lock_not_available`](crate::Error::is_lock_not_available).
    pub fn nowait(self) -> Self {
        self.lock(LockWait::NoWait)
    }

    /// With `select_for_update`: rows that somebody else has locked are left out.
    pub fn skip_locked(self) -> Self {
        self.lock(LockWait::SkipLocked)
    }

    fn lock(mut self, wait: LockWait) -> Self {
        self.query.lock = Some(wait);
        self
    }
}

impl<M: Model, R> QuerySet<M, R> {
    pub(crate) fn into_query(self) -> Query {
        self.query
    }

    fn read_as<X>(self) -> QuerySet<M, X> {
        QuerySet { query: self.query, _m: PhantomData }
    }

    /// One more condition, written at depth 0.
    pub(crate) fn with(mut self, condition: Node) -> Self {
        self.query.filters.push((0, condition));
        self
    }

    /// The row with this primary key.
    pub(crate) fn by_key(self, key: impl IntoValue<ForeignKey<M>>) -> Self {
        let column = Node::Column(Path::root(M::meta(), 0), Column(M::meta().key()));
        self.with(Node::binary(column, BinaryOp::Eq, Node::Param(key.into_value().to_param())))
    }

    /// The query itself: for symmetry with Django.
    pub fn all(self) -> Self {
        self
    }

    /// Asks this database, whatever the default is. In an `atomic` on it, it is part of the transaction.
    pub fn using(mut self, db: &Db) -> Self {
        self.query.db = Some(db.clone());
        self
    }

    /// Only rows that meet the condition. What one call says about a to-many relation speaks of one related row.
    pub fn filter<C: IntoCond>(mut self, f: impl FnOnce(&'static M::Fields<Own>) -> C) -> Self {
        let (depth, condition) = enter::<M, _>(f);
        self.query.filters.push((depth, condition.into_cond().0));
        self
    }

    /// Only rows for which the condition is not true: where it is NULL, the row stays.
    pub fn exclude<C: IntoCond>(mut self, f: impl FnOnce(&'static M::Fields<Own>) -> C) -> Self {
        let (depth, condition) = enter::<M, _>(f);
        self.query.filters.push((depth, Node::Not(Box::new(condition.into_cond().0))));
        self
    }

    /// No rows. Awaiting it asks nothing.
    pub fn none(mut self) -> Self {
        self.query.none = true;
        self.with(Node::Bool(false))
    }

    /// The order of rows, instead of any given before and of the model's own; `()` is none.
    pub fn order_by<O: IntoOrder>(mut self, f: impl FnOnce(&'static M::Fields<Own>) -> O) -> Self {
        let (depth, order) = enter::<M, _>(f);
        let mut parts = Vec::new();
        order.into_order(&mut parts);
        self.query.order = Some(parts.into_iter().map(|part| (depth, part)).collect());
        self
    }

    /// The opposite order; without any order, by descending primary key.
    pub fn reverse(mut self) -> Self {
        self.query.reversed = !self.query.reversed;
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.query.limit = Some(rows);
        self
    }

    /// Passes over so many rows first.
    pub fn offset(mut self, rows: u64) -> Self {
        self.query.offset = Some(rows);
        self
    }

    /// Each row once (`SELECT DISTINCT`): of use after `values`.
    pub fn distinct(mut self) -> Self {
        self.query.distinct = true;
        self
    }

    /// Reads these values instead of the model: `values(|p| (p.id, p.author.username))`.
    pub fn values<S: Select>(mut self, f: impl FnOnce(&'static M::Fields<Own>) -> S) -> QuerySet<M, S::Row> {
        let (depth, selected) = enter::<M, _>(f);
        let mut output: Vec<Output> = Vec::new();
        selected.select(&mut output);
        self.query.output = output.into_iter().map(|output| (depth, output)).collect();
        self.read_as()
    }
}

impl IntoOrder for () {
    fn into_order(self, _: &mut Vec<crate::Order>) {}
}
