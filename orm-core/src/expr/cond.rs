//! Conditions. They are two-valued: `!x` means "`x` is not true", so NULL counts as false.

use crate::{Expr, Field, Node, Query, Reach, Value};
use std::ops;

/// A condition on a row: `&`, `|` and `!` combine them.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().filter(|p| p.views.gt(10) & !p.title.eq("x") | p.editor.is_null());
/// ```
#[derive(Clone, Debug)]
#[must_use = "a condition does nothing unless it is given to `filter` or `exclude`"]
pub struct Cond(pub(crate) Node);

/// Whether a query has rows: await it, or use it as a condition inside another query.
#[derive(Clone, Debug)]
#[must_use = "await it, or use it as a condition"]
pub struct Exists(pub(crate) Query);

/// What `filter` takes: a condition, an `exists()`, or a field of type `bool`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "expected a condition, such as `p.title.eq(\"x\")`"
)]
pub trait IntoCond {
    /// The condition.
    fn into_cond(self) -> Cond;
}

/// Types that are a condition by themselves.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` is not a condition",
    label = "expected a condition, such as `.eq(…)`, or a `bool` field"
)]
pub trait Truth: Value {}
impl Truth for bool {}
impl Truth for Option<bool> {}

impl IntoCond for Cond {
    fn into_cond(self) -> Cond {
        self
    }
}
impl IntoCond for Exists {
    fn into_cond(self) -> Cond {
        Cond(Node::Exists(Box::new(self.0)))
    }
}
impl IntoCond for bool {
    fn into_cond(self) -> Cond {
        Cond(Node::Bool(self))
    }
}
impl<T: Truth, N: Reach> IntoCond for Field<T, N> {
    fn into_cond(self) -> Cond {
        Cond(self.node())
    }
}
impl<T: Truth> IntoCond for Expr<T> {
    fn into_cond(self) -> Cond {
        Cond(self.node())
    }
}

macro_rules! logic { ($([$($g:tt)*] $ty:ty;)*) => {$(
    impl<$($g)* R: IntoCond> ops::BitAnd<R> for $ty {
        type Output = Cond;
        fn bitand(self, other: R) -> Cond {
            Cond(Node::And(Box::new(self.into_cond().0), Box::new(other.into_cond().0)))
        }
    }
    impl<$($g)* R: IntoCond> ops::BitOr<R> for $ty {
        type Output = Cond;
        fn bitor(self, other: R) -> Cond {
            Cond(Node::Or(Box::new(self.into_cond().0), Box::new(other.into_cond().0)))
        }
    }
    impl<$($g)*> ops::Not for $ty {
        type Output = Cond;
        fn not(self) -> Cond {
            Cond(Node::Not(Box::new(self.into_cond().0)))
        }
    }
)*}}
logic! {
    [] Cond;
    [] Exists;
    [T: Truth, N: Reach,] Field<T, N>;
    [T: Truth,] Expr<T>;
}

/// `conditions.into_iter().reduce(…)` without the `Option`: all of them.
impl FromIterator<Cond> for Cond {
    fn from_iter<I: IntoIterator<Item = Cond>>(conditions: I) -> Self {
        conditions.into_iter().reduce(|a, b| a & b).unwrap_or(Cond(Node::Bool(true)))
    }
}
