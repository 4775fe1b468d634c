//! Aggregates.

use super::{
    expression::Base,
    kind::{Kind, PerGroup, PerRow},
};
use crate::{
    Expression, Function, IntoCond, IntoOrder, Many, Node, Number, Ordered, Rel,
    node::Aggregate,
    value::{avg, sum},
};
use std::{fmt, marker::PhantomData};

/// An aggregate: over the query's rows, or for each row over its related rows (`K` is [`PerRow`](crate::kind::PerRow)).
///
/// The first kind is taken by [`aggregate`](crate::QuerySet::aggregate) and by
/// [`group_by`](crate::QuerySet::group_by); the second is a value of the row and stands in `filter`, `annotate` and
/// `order_by` too, as a subquery of its own, so that several do not disturb each other. Over nothing, all but `count` are
/// `None`; [`or`](Expression::or) gives them a value.
///
/// | | of | gives |
/// |---|---|---|
/// | `count()` | all, and to-many relations | `i64` |
/// | `min()`, `max()` | [`Ordered`](crate::Ordered) types | `Option` of the type |
/// | `sum()` | integers | `Option<i64>` |
/// | `sum()` | floats and decimals | `Option` of the type |
/// | `avg()` | numbers | `Option<f64>` |
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let (n, views): (i64, Option<i64>) = Post::objects().aggregate(|p| (p.id.count(), p.views.sum())).await?;
/// assert_eq!((n, views), (0, None));
/// let views: i64 = Post::objects().aggregate(|p| p.views.sum().or(0)).await?;
/// assert_eq!(views, 0);
///
/// let query = User::objects()
///     .filter(|u| u.posts.count().gt(3))
///     .order_by(|u| u.posts.views.max().desc().nulls_last())
///     .values(|u| u.username);
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "user"."username" FROM "user" WHERE (SELECT COUNT("post"."id") FROM "post" WHERE "post"."author_id" = "user"."id") > $1 ORDER BY (SELECT MAX("post_2"."views") FROM "post" AS "post_2" WHERE "post_2"."author_id" = "user"."id") DESC NULLS LAST"#
/// );
/// # Ok(())
/// # });
/// ```
#[must_use = "an aggregate does nothing until it is given to a query"]
pub struct Agg<T, K = PerGroup> {
    aggregate: Aggregate,
    /// The type to convert its result to.
    _t: PhantomData<fn() -> (T, K)>,
}

impl<T, K> Agg<T, K> {
    /// An aggregate function of some arguments.
    pub(crate) fn new(function: Function, arguments: impl IntoIterator<Item = Node>) -> Self {
        Agg { aggregate: Aggregate::new(function, arguments), _t: PhantomData }
    }

    pub(crate) fn of(aggregate: Aggregate) -> Self {
        Agg { aggregate, _t: PhantomData }
    }

    pub(crate) fn node(self) -> Node {
        self.aggregate.node()
    }

    pub(crate) fn into_aggregate(self) -> Aggregate {
        self.aggregate
    }

    /// Over those rows only that meet a condition (`FILTER`); several calls are AND.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().aggregate(|p| (p.id.count(), p.id.count().filter(p.views.gt(100))));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COUNT("post"."id"), COUNT("post"."id") FILTER (WHERE "post"."views" > $1) FROM "post""#
    /// );
    /// // Of related rows, the condition speaks of the same row.
    /// let query = User::objects().values(|u| u.posts.count().filter(u.posts.views.gt(100)));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT (SELECT COUNT("post"."id") FILTER (WHERE "post"."views" > $1) FROM "post" WHERE "post"."author_id" = "user"."id") FROM "user""#
    /// );
    /// ```
    pub fn filter<C: IntoCond>(mut self, condition: C) -> Self {
        self.aggregate.add_filter(condition.condition());
        self
    }

    /// Over each value once (`DISTINCT`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().aggregate(|p| p.title.count().distinct());
    /// assert_eq!(query.to_sql(), r#"SELECT COUNT(DISTINCT "post"."title") FROM "post""#);
    /// ```
    pub fn distinct(mut self) -> Self {
        self.aggregate.distinct = true;
        self
    }

    /// In an order: of use for what depends on it, as joined texts and arrays.
    pub fn order_by<O: IntoOrder<K::Over>>(mut self, order: O) -> Self
    where
        K: Kind,
    {
        order.into_order(&mut self.aggregate.order);
        self
    }
}

impl<T, K> Clone for Agg<T, K> {
    fn clone(&self) -> Self {
        Agg::of(self.aggregate.clone())
    }
}

impl<T, K> fmt::Debug for Agg<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.aggregate.fmt(f)
    }
}

/// An aggregate of an expression.
pub(crate) type Of<E, T> = Agg<T, <<E as Expression>::Kind as Kind>::Aggregated>;

/// The aggregates of an expression.
pub trait Aggregates: Expression {
    /// How many values there are, NULLs not counted.
    fn count(self) -> Of<Self, i64> {
        Agg::new(Function::COUNT, [self.node()])
    }

    /// The largest value.
    fn max(self) -> Of<Self, Option<Base<Self>>>
    where
        Base<Self>: Ordered,
    {
        Agg::new(Function::MAX, [self.node()])
    }

    /// The smallest value.
    fn min(self) -> Of<Self, Option<Base<Self>>>
    where
        Base<Self>: Ordered,
    {
        Agg::new(Function::MIN, [self.node()])
    }

    /// The sum: of integers an `i64` (more is an error of the server), of floats a float, of decimals a decimal.
    // `S`, because a method whose return type cannot be made is to rustc no method at all.
    fn sum<S>(self) -> Of<Self, Option<S>>
    where
        Base<Self>: Number<Sum = S>,
    {
        Agg::of(sum::<Base<Self>>(self.node()))
    }

    /// The arithmetic mean.
    fn avg(self) -> Of<Self, Option<f64>>
    where
        Base<Self>: Number,
    {
        Agg::of(avg::<Base<Self>>(self.node()))
    }
}

impl<E: Expression> Aggregates for E {}

impl<M: crate::Model> Rel<M, Many> {
    /// How many rows it leads to.
    pub fn count(self) -> Agg<i64, PerRow> {
        let key = crate::Column(self.path().model().key());
        Agg::new(Function::COUNT, [Node::Column(self.path(), key)])
    }
}
