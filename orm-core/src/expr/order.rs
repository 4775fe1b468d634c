//! Orders.

use super::kind::{Free, Kind, PerRow, Stands};
use crate::{
    Agg, Case, Count, Expr, Expression, Field, FieldType, First, Node, Nullness, Single, Totals, Value,
    node::OrderBy,
};
use std::marker::PhantomData;

/// One part of an order, made by `.asc()` and `.desc()`; an expression without them is ascending. NULLs come last, and
/// first in descending order, unless told otherwise.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| p.title);
/// assert_eq!(
///     query.clone().order_by(|p| (p.published_at.desc().nulls_last(), p.id.asc())).to_sql(),
///     r#"SELECT "post"."title" FROM "post" ORDER BY "post"."published_at" DESC NULLS LAST, "post"."id" ASC"#
/// );
/// assert_eq!(
///     query.order_by(|p| p.published_at.asc().nulls_first()).to_sql(),
///     r#"SELECT "post"."title" FROM "post" ORDER BY "post"."published_at" ASC NULLS FIRST"#
/// );
/// ```
#[derive(Clone, Debug)]
#[must_use = "an order does nothing unless it is given to `order_by`"]
pub struct Order<K = PerRow> {
    by: OrderBy,
    _k: PhantomData<fn() -> K>,
}

impl<K> Order<K> {
    pub(crate) fn new(by: Node, descending: bool) -> Self {
        Order { by: OrderBy { by, descending, nulls_first: None }, _k: PhantomData }
    }

    pub(crate) fn into_part(self) -> OrderBy {
        self.by
    }

    /// NULLs before all values; by default they come after, and with `desc` before.
    pub fn nulls_first(mut self) -> Self {
        self.by.nulls_first = Some(true);
        self
    }

    /// NULLs after all values; by default they come after, and with `desc` before.
    pub fn nulls_last(mut self) -> Self {
        self.by.nulls_first = Some(false);
        self
    }
}

/// What `order_by` takes: fields, expressions, `.asc()`, `.desc()`, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "cannot order by `{Self}`",
    label = "expected a field, `.asc()`, `.desc()` or a tuple of them",
    note = "to order by a relation name its column: `p.author.id` or `p.author.username`"
)]
pub trait IntoOrder<K = PerRow> {
    /// Appends the parts of the order.
    #[doc(hidden)]
    fn into_order(self, out: &mut Vec<OrderBy>);
}

/// No order.
impl<K> IntoOrder<K> for () {
    fn into_order(self, _: &mut Vec<OrderBy>) {}
}
impl<K, J: Stands<K>> IntoOrder<K> for Order<J> {
    fn into_order(self, out: &mut Vec<OrderBy>) {
        out.push(self.by);
    }
}
impl<T: Value, N: Single, K> IntoOrder<K> for Field<T, N>
where
    PerRow: Stands<K>,
{
    fn into_order(self, out: &mut Vec<OrderBy>) {
        out.push(self.asc().by);
    }
}

macro_rules! orders { ($([$($g:tt)*] $ty:ty, $kind:ty;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$($g)*, K> IntoOrder<K> for $ty where $kind: Stands<K> {
        fn into_order(self, out: &mut Vec<OrderBy>) {
            out.push(self.asc().by);
        }
    }
)*}}
orders! {
    [T: Value, J: Kind] Expr<T, J>, J;
    [T: Value, J: Kind] Agg<T, J>, J;
    [T: FieldType, N: Nullness, J: Kind] Case<T, N, J>, J;
    [T: Value] First<T>, Free;
    [T: Value] Totals<T>, Free;
}
impl<K> IntoOrder<K> for Count {
    fn into_order(self, out: &mut Vec<OrderBy>) {
        out.push(self.asc().by);
    }
}
