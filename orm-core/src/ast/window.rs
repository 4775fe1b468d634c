//! Window functions of a statement.

use super::{Aggregate, Expr, OrderBy};

/// A function of a row and the rows around it: `f(…) OVER (…)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The function.
    pub of: Aggregate,
    /// `PARTITION BY`.
    pub partition: Vec<Expr>,
    /// `ORDER BY`.
    pub order: Vec<OrderBy>,
    /// Which rows of the partition; `None` is the server's default.
    pub frame: Option<Frame<Expr>>,
}

/// Which rows of a partition a window function sees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame<E> {
    /// What is counted.
    pub unit: FrameUnit,
    /// Where it begins.
    pub from: Edge<E>,
    /// Where it ends.
    pub to: Edge<E>,
    /// What is left out.
    pub exclude: Option<Exclude>,
}

/// What a frame counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameUnit {
    /// Rows.
    Rows,
    /// Differences of the value that rows are ordered by.
    Range,
    /// Groups of rows that are equal in order.
    Groups,
}

/// Where a frame begins or ends.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::window::Edge;
///
/// // How many posts the week before brought.
/// let week = || Edge::preceding(TimeDelta::days(7));
/// let query = Post::objects()
///     .values(|p| p.id.count().over(|w| w.order_by(p.published_at).range_between(week(), Edge::Current)));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT COUNT("post"."id") OVER (ORDER BY "post"."published_at" RANGE BETWEEN $1 PRECEDING AND CURRENT ROW) FROM "post""#
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edge<E = crate::Param> {
    /// With the partition.
    Unbounded,
    /// So far before the current row.
    Preceding(E),
    /// At the current row, and with `range` and `groups` at the rows equal to it in order.
    Current,
    /// So far after the current row.
    Following(E),
}

/// What a frame leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exclude {
    /// The current row.
    CurrentRow,
    /// The current row and those equal to it in order.
    Group,
    /// Those equal to the current row in order, but not itself.
    Ties,
}

impl<E> Edge<E> {
    /// The same with another kind of distance.
    pub(crate) fn try_map<F, X>(&self, f: impl FnOnce(&E) -> Result<F, X>) -> Result<Edge<F>, X> {
        Ok(match self {
            Edge::Unbounded => Edge::Unbounded,
            Edge::Preceding(distance) => Edge::Preceding(f(distance)?),
            Edge::Current => Edge::Current,
            Edge::Following(distance) => Edge::Following(f(distance)?),
        })
    }
}
