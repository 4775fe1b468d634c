//! Window functions: values of a row that depend on the rows around it.
//!
//! [`over`](Agg::over) makes one of an aggregate, of what this module has, and of [`WindowLookups`]; its closure says which
//! rows are around. It stands in `values`, `annotate` and `order_by`; of groups of rows, what it is over are groups.
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
//! use orm::window::rank;
//!
//! let query = Post::objects().values(|p| {
//!     let running = p.views.sum().over(|w| w.partition_by(p.author).order_by(p.id));
//!     (p.title, running, rank().over(|w| w.order_by(p.views.desc())))
//! });
//! assert_eq!(
//!     query.to_sql(),
//!     r#"SELECT "post"."title", SUM("post"."views") OVER (PARTITION BY "post"."author_id" ORDER BY "post"."id"), RANK() OVER (ORDER BY "post"."views" DESC) FROM "post""#
//! );
//! ```

use super::{
    expression::Base,
    kind::{Beside, Free, Kind, PerRow},
};
pub use crate::ast::Edge;
use crate::{
    Agg, Expr, Expression, FieldType, Function, Model, Node, Operand, Order, Param, Rel, Single,
    ast::{Exclude, Frame, FrameUnit, Nulls},
    node::{self, Aggregate, OrderBy},
};
use std::{
    fmt,
    marker::PhantomData,
    ops::{Bound, RangeBounds},
};

/// Which rows a window function is over: what the closure of [`over`](Agg::over) receives, all of them, and refines.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| p.views.avg().over(|w| w.order_by((p.views, p.id)).rows(-2..=0)));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT CAST((AVG("post"."views") OVER (ORDER BY "post"."views", "post"."id" ROWS BETWEEN $1 PRECEDING AND CURRENT ROW)) AS double precision) FROM "post""#
/// );
/// ```
#[must_use = "a window is what the closure of `over` returns"]
pub struct Window<K = Free> {
    partition: Vec<OrderBy>,
    order: Vec<OrderBy>,
    frame: Option<Frame<Param>>,
    _k: PhantomData<fn() -> K>,
}

impl<K> fmt::Debug for Window<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Window { partition, order, frame, .. } = self;
        f.debug_tuple("Window").field(partition).field(order).field(frame).finish()
    }
}

impl<K: Kind> Window<K> {
    fn of<J>(self) -> Window<J> {
        Window { partition: self.partition, order: self.order, frame: self.frame, _k: PhantomData }
    }

    /// The rows that are the same in this: values, relations to one row, or a tuple of them.
    pub fn partition_by<P: Ordering>(mut self, by: P) -> Window<Beside<K, P::Kind>> {
        by.parts(&mut self.partition);
        self.of()
    }

    /// In this order; without a frame, a function then sees the rows up to the current one and those equal to it.
    pub fn order_by<P: Ordering>(mut self, by: P) -> Window<Beside<K, P::Kind>> {
        by.parts(&mut self.order);
        self.of()
    }

    /// Only rows so many before (negative) to so many after the current one (0): `-2..=0`, `..=0`, `1..`, `..`.
    pub fn rows(self, of: impl RangeBounds<i64>) -> Self {
        self.frame(FrameUnit::Rows, of)
    }

    /// Only rows whose value in the order differs so much from that of the current row.
    /// [`range_between`](Window::range_between) takes differences of other types.
    pub fn range(self, of: impl RangeBounds<i64>) -> Self {
        self.frame(FrameUnit::Range, of)
    }

    /// Only rows whose value in the order differs so much from that of the current row: of times, by an interval.
    pub fn range_between(self, from: Edge, to: Edge) -> Self {
        self.between(FrameUnit::Range, from, to)
    }

    /// Only rows so many groups before or after that of the current row; a group are rows equal in order.
    pub fn groups(self, of: impl RangeBounds<i64>) -> Self {
        self.frame(FrameUnit::Groups, of)
    }

    /// Without the current row.
    pub fn exclude_current_row(self) -> Self {
        self.exclude(Exclude::CurrentRow)
    }

    /// Without the current row and those equal to it in order.
    pub fn exclude_group(self) -> Self {
        self.exclude(Exclude::Group)
    }

    /// Without those equal to the current row in order, but with itself.
    pub fn exclude_ties(self) -> Self {
        self.exclude(Exclude::Ties)
    }

    fn frame(self, unit: FrameUnit, of: impl RangeBounds<i64>) -> Self {
        let edge = |bound: Bound<&i64>, step: i64| match bound {
            Bound::Unbounded => Edge::Unbounded,
            Bound::Included(n) => Edge::at(*n),
            Bound::Excluded(n) => Edge::at(n.saturating_add(step)),
        };
        self.between(unit, edge(of.start_bound(), 1), edge(of.end_bound(), -1))
    }

    fn between(mut self, unit: FrameUnit, from: Edge, to: Edge) -> Self {
        let exclude = self.frame.and_then(|frame| frame.exclude);
        self.frame = Some(Frame { unit, from, to, exclude });
        self
    }

    fn exclude(mut self, exclude: Exclude) -> Self {
        let default =
            Frame { unit: FrameUnit::Range, from: Edge::Unbounded, to: Edge::Current, exclude: None };
        self.frame = Some(Frame { exclude: Some(exclude), ..self.frame.unwrap_or(default) });
        self
    }
}

impl Edge {
    /// So far before the current row.
    #[expect(clippy::needless_pass_by_value, reason = "so that calls read well")]
    pub fn preceding<T: FieldType>(distance: T) -> Self {
        Edge::Preceding(Param::new(Some(&distance)))
    }

    /// So far after the current row.
    #[expect(clippy::needless_pass_by_value, reason = "so that calls read well")]
    pub fn following<T: FieldType>(distance: T) -> Self {
        Edge::Following(Param::new(Some(&distance)))
    }

    fn at(n: i64) -> Self {
        match n {
            0 => Edge::Current,
            ..0 => Edge::preceding(n.saturating_neg()),
            _ => Edge::following(n),
        }
    }
}

/// What a window is partitioned and ordered by: expressions, relations to one row, `.asc()` and `.desc()`, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing to partition or order a window by",
    label = "expected fields, expressions, `.desc()`, or a tuple of them"
)]
pub trait Ordering {
    /// What it has a value for.
    type Kind: Kind;
    #[doc(hidden)]
    fn parts(self, out: &mut Vec<OrderBy>);
}

#[diagnostic::do_not_recommend]
impl<E: Expression> Ordering for E {
    type Kind = E::Kind;
    fn parts(self, out: &mut Vec<OrderBy>) {
        out.push(self.asc().into_part());
    }
}

impl<K: Kind> Ordering for Order<K> {
    type Kind = K;
    fn parts(self, out: &mut Vec<OrderBy>) {
        out.push(self.into_part());
    }
}

impl<M: Model, N: Single> Ordering for Rel<M, N> {
    type Kind = PerRow;
    fn parts(self, out: &mut Vec<OrderBy>) {
        out.push(Order::<PerRow>::new(self.key(), false).into_part());
    }
}

macro_rules! beside { ($a:ty,) => { $a }; ($a:ty, $t:ident $($rest:ident)*) => { beside!(Beside<$a, $t::Kind>, $($rest)*) } }
macro_rules! tuples { ($(($($t:ident),*))*) => {$(
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$($t: Ordering),*> Ordering for ($($t,)*) {
        type Kind = beside!(Free, $($t)*);
        fn parts(self, out: &mut Vec<OrderBy>) {
            let ($($t,)*) = self;
            $($t.parts(out);)*
        }
    }
)*}}
crate::for_tuples!(tuples);

/// A function that is over a window only: a value when [`over`](WindowFunction::over) has said which.
#[must_use = "a window function is a value only after `over`"]
pub struct WindowFunction<T, K = Free> {
    of: Aggregate,
    _t: PhantomData<fn() -> (T, K)>,
}

impl<T, K> fmt::Debug for WindowFunction<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.fmt(f)
    }
}

impl<T, K: Kind> WindowFunction<T, K> {
    fn new(name: &'static str, nulls: Nulls, arguments: impl IntoIterator<Item = Node>) -> Self {
        WindowFunction { of: Aggregate::new(Function::named(name, nulls), arguments), _t: PhantomData }
    }

    /// The function over a [`Window`].
    pub fn over<W: Kind>(
        self,
        f: impl FnOnce(Window) -> Window<W>,
    ) -> Expr<T, <Beside<K, W> as Kind>::Windowed> {
        over(self.of, f)
    }
}

impl<T, K: Kind> Agg<T, K> {
    /// The aggregate for each row, over a [`Window`](crate::window::Window) of rows around it. Of groups, it is over groups.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().annotate(|p| p.views.sum().over(|w| w.partition_by(p.author)));
    /// let query = query.order_by(|(p, of_author)| (of_author.desc(), p.id)).values(|(p, _)| p.title);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" ORDER BY SUM("post"."views") OVER (PARTITION BY "post"."author_id") DESC, "post"."id" ASC"#
    /// );
    /// ```
    pub fn over<W: Kind>(
        self,
        f: impl FnOnce(Window) -> Window<W>,
    ) -> Expr<T, <Beside<K::Over, W> as Kind>::Windowed> {
        over(self.into_aggregate(), f)
    }
}

fn over<T, W: Kind, K>(of: Aggregate, f: impl FnOnce(Window) -> Window<W>) -> Expr<T, K> {
    let Window { partition, order, frame, .. } =
        f(Window { partition: Vec::new(), order: Vec::new(), frame: None, _k: PhantomData });
    let partition = partition.into_iter().map(|part| part.by).collect();
    Expr::new(node::Window { of, partition, order, frame }.node())
}

macro_rules! functions { ($($(#[$m:meta])* $name:ident $sql:literal $t:ty;)*) => {$(
    $(#[$m])*
    pub fn $name() -> WindowFunction<$t> {
        WindowFunction::new($sql, Nulls::Never, [])
    }
)*}}
functions! {
    /// The number of the row in its window, from 1 (`ROW_NUMBER`).
    row_number "ROW_NUMBER" i64;
    /// The rank of the row: rows equal in order have the same, and leave a gap after it (`RANK`).
    rank "RANK" i64;
    /// The rank of the row, without gaps (`DENSE_RANK`).
    dense_rank "DENSE_RANK" i64;
    /// The rank of the row as a part of all others, from 0 to 1 (`PERCENT_RANK`).
    percent_rank "PERCENT_RANK" f64;
    /// How many rows come before the row or are equal to it, as a part of all, up to 1 (`CUME_DIST`).
    cume_dist "CUME_DIST" f64;
}

/// Divides the rows in order into so many parts, as equal as can be, and gives the number of the row's part, from 1 (`NTILE`).
pub fn ntile(parts: i32) -> WindowFunction<i32> {
    WindowFunction::new("NTILE", Nulls::Never, [number(parts)])
}

fn number(n: i32) -> Node {
    Node::Param(Param::new(Some(&n)))
}

/// Values of other rows of a window, each a value when [`over`](WindowFunction::over) has said which window.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::window::WindowLookups;
///
/// // How much more a post was seen than the one before it.
/// let query = Post::objects().values(|p| p.views - p.views.lag_or(1, 0).over(|w| w.order_by(p.id)));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "post"."views" - (LAG("post"."views", $1, $2) OVER (ORDER BY "post"."id")) FROM "post""#
/// );
/// ```
pub trait WindowLookups: Expression {
    /// The value so many rows before; `None` where there is no such row (`LAG`).
    fn lag(self, rows: i32) -> Of<Self> {
        WindowFunction::new("LAG", Nulls::Maybe, [self.node(), number(rows)])
    }

    /// The value so many rows after; `None` where there is no such row (`LEAD`).
    fn lead(self, rows: i32) -> Of<Self> {
        WindowFunction::new("LEAD", Nulls::Maybe, [self.node(), number(rows)])
    }

    /// The value so many rows before, or another where there is no such row (`LAG`).
    fn lag_or<R: Operand<Self::Value>>(
        self,
        rows: i32,
        default: R,
    ) -> WindowFunction<Self::Value, Beside<Self::Kind, R::Kind>> {
        WindowFunction::new("LAG", Nulls::Maybe, [self.node(), number(rows), default.into_node()])
    }

    /// The value so many rows after, or another where there is no such row (`LEAD`).
    fn lead_or<R: Operand<Self::Value>>(
        self,
        rows: i32,
        default: R,
    ) -> WindowFunction<Self::Value, Beside<Self::Kind, R::Kind>> {
        WindowFunction::new("LEAD", Nulls::Maybe, [self.node(), number(rows), default.into_node()])
    }

    /// The value of the first row of the frame; `None` if it is empty (`FIRST_VALUE`).
    fn first_value(self) -> Of<Self> {
        WindowFunction::new("FIRST_VALUE", Nulls::Maybe, [self.node()])
    }

    /// The value of the last row of the frame, which ends with the current row unless told otherwise; `None` if it is empty
    /// (`LAST_VALUE`).
    fn last_value(self) -> Of<Self> {
        WindowFunction::new("LAST_VALUE", Nulls::Maybe, [self.node()])
    }

    /// The value of the row of the frame with this number, from 1; `None` if it has fewer (`NTH_VALUE`).
    fn nth_value(self, n: i32) -> Of<Self> {
        WindowFunction::new("NTH_VALUE", Nulls::Maybe, [self.node(), number(n)])
    }
}

impl<E: Expression> WindowLookups for E {}

/// A function over a window that gives an expression's values, or NULL.
type Of<E> = WindowFunction<Option<Base<E>>, <E as Expression>::Kind>;
