//! Typed expressions: thin wrappers over one untyped tree, a line a method.

mod aggregate;
pub(crate) mod arithmetic;
mod case;
mod cond;
mod expression;
pub(crate) mod functions;
pub mod kind;
mod order;
mod own;
mod postgres;
mod relation;
mod select;
mod statistics;
pub(crate) mod text;
pub(crate) mod typed;
pub mod window;
mod write;

pub use aggregate::{Agg, Aggregates};
pub use arithmetic::{Minus, Plus};
pub use case::{Case, CaseStart, case};
pub use cond::{Cond, Exists, IntoCond, Truth};
pub use expression::{Base, Expression, Like};
pub use functions::{
    MathFunctions, Moment, TextFunctions, TimeFunctions,
    time::{Dated, Instant, LessBy, Span, SumWith, Timed, Timestamp, Unit},
};
pub use order::{IntoOrder, Order};
pub use own::{aggregate, func, sql};
pub use postgres::search;
pub use postgres::{
    ArrayFunctions, ContainedBy, Containment, HasKeys, IsArray, IsRange, MaybeEmpty, Overlap, PartOf,
    RangeFunctions, array_subquery, part,
};
#[cfg(feature = "bit-vec-010")]
pub use postgres::{BitFunctions, IsBits};
pub use postgres::{HstoreFunctions, IsNetwork, NetFunctions, Network, OfHstore, SimilarityFunctions};
#[cfg(feature = "serde-json-1")]
pub use postgres::{IsJson, JsonLookups, JsonPath};
pub use select::{Projection, Select, selected};
pub use statistics::Statistics;
pub use text::TextLookups;
pub use typed::{Alike, Arguments, Typed};
pub use write::{Assign, Assigns, Columns};

use self::kind::PerRow;
use crate::{Column, FieldMeta, Function, Node, Own, Path};
use std::{fmt, marker::PhantomData};

/// A column of declared type `T` (`i32`, `Option<String>`) in a query, reached by `N`.
///
/// An [`Expr`] has the same methods. What they become, shown by a function that gives the SQL after `WHERE`:
///
/// # Comparison
/// The other side is a value, a column or an expression of the same type.
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.views.eq(3)), r#""post"."views" = $1"#);
/// assert_eq!(condition(|p| p.views.ne(3)), r#""post"."views" <> $1"#);
/// assert_eq!(condition(|p| p.views.gt(3)), r#""post"."views" > $1"#); // `gte`, `lt`, `lte`
/// assert_eq!(condition(|p| p.views.range(1, 9)), r#""post"."views" BETWEEN $1 AND $2"#);
/// assert_eq!(condition(|p| p.id.gt(p.author.id)), r#""post"."id" > "post"."author_id""#);
/// ```
///
/// # NULL
/// Conditions are two-valued: NULL is a value like any other for `eq(None)` and `ne`, and [`Cond`] says what `!` does.
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.published_at.is_null()), r#""post"."published_at" IS NULL"#);
/// assert_eq!(condition(|p| p.published_at.is_not_null()), r#""post"."published_at" IS NOT NULL"#);
/// assert_eq!(condition(|p| p.published_at.eq(None)), r#""post"."published_at" IS NULL"#);
/// assert_eq!(condition(|p| p.published_at.ne(Utc::now())), r#""post"."published_at" IS DISTINCT FROM $1"#);
/// assert_eq!(condition(|p| p.editor.email.or("").eq("")), r#"COALESCE("user"."email", $1) = $2"#);
/// ```
///
/// # Lists
/// An array, a slice, a `Vec`, or a query of one value; one parameter however long the list, and an empty one matches
/// nothing.
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.views.in_([1, 2, 3])), r#""post"."views" = ANY($1)"#);
/// let names = User::objects().filter(|u| u.email.is_null()).values(|u| u.username);
/// assert_eq!(
///     condition(|p| p.title.in_(names)),
///     r#""post"."title" IN (SELECT "user"."username" FROM "user" WHERE "user"."email" IS NULL)"#
/// );
/// ```
///
/// # Text
/// Lookups of texts, as [Django's](https://docs.djangoproject.com/en/stable/ref/models/querysets/#field-lookups), those with
/// `i` ignoring case. `%`, `_` and `\` in values are ordinary characters.
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.title.iexact("rust")), r#"UPPER("post"."title") = UPPER($1)"#);
/// assert_eq!(condition(|p| p.title.contains("rust")), r#""post"."title" LIKE $1"#); // `startswith`, `endswith`
/// assert_eq!(condition(|p| p.title.icontains("rust")), r#""post"."title" ILIKE $1"#); // `istartswith`, `iendswith`
/// assert_eq!(condition(|p| p.title.regex("^[A-Z]")), r#""post"."title" ~ $1"#); // `iregex`
/// ```
///
/// # Calculation
/// Numbers have `+`, `-`, `*`, `/` and `%`, with PostgreSQL's rules: integers divide to integers, overflow is an error.
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| (p.views * 2 + 1).gt(7)), r#"("post"."views" * $1) + $2 > $3"#);
/// assert_eq!(condition(|p| (p.views.cast::<f64>() / 2.0).lt(0.5)), r#"CAST("post"."views" AS double precision) / $1 < $2"#);
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
    #[doc(hidden)]
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

/// A computed value of one row, with the methods of a [`Field`].
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(
///     condition(|p| (p.views + 1).in_([1, 2]) | p.editor.email.or(p.title).icontains("@")),
///     r#""post"."views" + $1 = ANY($2) OR (COALESCE("user"."email", "post"."title") ILIKE $3)"#
/// );
/// ```
#[must_use = "an expression does nothing until it is given to a query"]
pub struct Expr<T, K = PerRow> {
    node: Node,
    _t: PhantomData<fn() -> (T, K)>,
}

impl<T, K> Expr<T, K> {
    pub(crate) fn new(node: Node) -> Self {
        Expr { node, _t: PhantomData }
    }

    pub(crate) fn call(function: Function, arguments: impl IntoIterator<Item = Node>) -> Self {
        Expr::new(Node::call(function, arguments))
    }

    pub(crate) fn node(self) -> Node {
        self.node
    }
}

impl<T, K> Clone for Expr<T, K> {
    fn clone(&self) -> Self {
        Expr::new(self.node.clone())
    }
}

impl<T, K> fmt::Debug for Expr<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}
