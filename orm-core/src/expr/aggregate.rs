//! Aggregates.

use crate::{
    Aggregate, Expr, Field, Function, IntoValue, Many, Node, Number, Own, Reach, Rel, Value,
    value::{Storable, avg, sum},
};
use std::{fmt, marker::PhantomData};

/// An aggregate: over the query's rows, or (`N` is [`Many`]) for each row over its related rows.
///
/// The first kind is taken by [`aggregate`](crate::QuerySet::aggregate); the second is a value of the row and stands in
/// `filter`, `values` and `order_by` too, as a subquery of its own, so that several do not disturb each other. Over nothing,
/// all but `count` are `None`; [`or`](Agg::or) gives them a value.
///
/// | | of | gives |
/// |---|---|---|
/// | `count()` | all, and to-many relations | `i64` |
/// | `min()`, `max()` | all | `Option` of the type |
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
pub struct Agg<T, N = Own> {
    node: Node,
    _t: PhantomData<fn() -> (T, N)>,
}

impl<T, N> Agg<T, N> {
    pub(crate) fn new(node: Node) -> Self {
        Agg { node, _t: PhantomData }
    }

    pub(crate) fn node(self) -> Node {
        self.node
    }
}

impl<T, N> Clone for Agg<T, N> {
    fn clone(&self) -> Self {
        Agg::new(self.node.clone())
    }
}

impl<T, N> fmt::Debug for Agg<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

impl<S: Storable, N> Agg<Option<S>, N> {
    /// The value to take instead of `None`, when there is nothing to aggregate.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let most: i32 = Post::objects().aggregate(|p| p.views.max().or(0)).await?;
    /// assert_eq!(most, 0);
    /// # Ok(())
    /// # });
    /// ```
    pub fn or(self, value: impl IntoValue<S>) -> Agg<S, N> {
        Agg::new(Node::Call(
            Function::Coalesce,
            vec![self.node.part(), Node::Param(value.into_value().to_param())],
        ))
    }
}

fn of<T, N>(aggregate: Aggregate, node: Node) -> Agg<T, N> {
    Agg::new(Node::Aggregate(aggregate, node.boxed()))
}

macro_rules! aggregates { ($([$($g:tt)*] $ty:ty, $t:ty, $n:ty;)*) => {$(
    impl<$($g)*> $ty {
        /// How many values there are, NULLs not counted.
        pub fn count(self) -> Agg<i64, $n> {
            of(Aggregate::Count, self.node())
        }

        /// The largest value.
        pub fn max(self) -> Agg<Option<<$t as Value>::Base>, $n> {
            of(Aggregate::Max, self.node())
        }

        /// The smallest value.
        pub fn min(self) -> Agg<Option<<$t as Value>::Base>, $n> {
            of(Aggregate::Min, self.node())
        }

        /// The sum: of integers an `i64` (more is an error of the server), of floats a float, of decimals a decimal.
        // `S`, because a method whose return type cannot be made is to rustc no method at all.
        pub fn sum<S>(self) -> Agg<Option<S>, $n>
        where
            <$t as Value>::Base: Number<Sum = S>,
        {
            Agg::new(sum::<<$t as Value>::Base>(self.node()))
        }

        /// The arithmetic mean.
        pub fn avg(self) -> Agg<Option<f64>, $n>
        where
            <$t as Value>::Base: Number,
        {
            Agg::new(avg::<<$t as Value>::Base>(self.node()))
        }
    }
)*}}
aggregates! {
    [T: Value, N: Reach] Field<T, N>, T, N;
    [T: Value] Expr<T>, T, Own;
}

impl<M: crate::Model> Rel<M, Many> {
    /// How many rows it leads to.
    pub fn count(self) -> Agg<i64, Many> {
        of(Aggregate::Count, self.key())
    }
}
