//! Typed expressions: thin wrappers over one untyped tree, a line a method.

mod aggregate;
mod arithmetic;
mod compare;
mod cond;
mod relation;
mod select;
mod write;

pub use aggregate::Agg;
pub use compare::IntoOrder;
pub use cond::{Cond, Exists, IntoCond, Truth};
pub use select::{AggregateRow, Select};
pub use write::{Assign, Assigns, Columns};

use crate::{Column, FieldMeta, Node, Own, Path};
use std::{fmt, marker::PhantomData};

/// A column of declared type `T` (`i32`, `Option<String>`), reached by `N`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().filter(|p| p.views.gt(10) & p.title.icontains("rust"));
/// ```
pub struct Field<T, N = Own> {
    path: Path,
    column: Column,
    _t: PhantomData<fn() -> (T, N)>,
}

impl<T, N> Clone for Field<T, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T, N> Copy for Field<T, N> {}

impl<T, N> fmt::Debug for Field<T, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}.{:?}", self.path, self.column)
    }
}

impl<T, N> Field<T, N> {
    /// The field at a path; called once for each path by the derive's code.
    pub fn new(path: Path, field: &'static FieldMeta) -> Self {
        Field { path, column: Column(field), _t: PhantomData }
    }

    pub(crate) fn node(self) -> Node {
        Node::Column(self.path, self.column)
    }

    pub(crate) fn column(self) -> Column {
        self.column
    }
}

/// A computed value of one row.
#[must_use = "an expression does nothing until it is given to a query"]
pub struct Expr<T> {
    node: Node,
    _t: PhantomData<fn() -> T>,
}

impl<T> Expr<T> {
    pub(crate) fn new(node: Node) -> Self {
        Expr { node, _t: PhantomData }
    }

    pub(crate) fn node(self) -> Node {
        self.node
    }
}

impl<T> Clone for Expr<T> {
    fn clone(&self) -> Self {
        Expr::new(self.node.clone())
    }
}

impl<T> fmt::Debug for Expr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
