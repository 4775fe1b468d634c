//! Conditions. They are two-valued: `!x` means "`x` is not true", so NULL counts as false.

use super::kind::{Filters, Free, Kind, PerRow};
use crate::{Expr, Field, Node, Query, Reach, UnaryOp, Value, node::Logic};
use std::{fmt, marker::PhantomData, ops};

/// A condition on a row: `&`, `|` and `!` combine them.
///
/// Conditions are two-valued: `!x` is "x is not true", so a row for which PostgreSQL's `x` is NULL meets it.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(
///     condition(|p| p.views.gt(10) & !p.editor.username.eq("bob") | p.editor.is_null()),
///     r#"("post"."views" > $1 AND ("user"."username" = $2) IS NOT TRUE) OR "post"."editor_id" IS NULL"#
/// );
/// // A condition can be made of many, or of none: then it is true.
/// let words = ["rust", "async"];
/// assert_eq!(
///     condition(|p| words.iter().map(|word| p.title.icontains(*word)).collect::<orm::Cond>()),
///     r#"("post"."title" ILIKE $1) AND ("post"."title" ILIKE $2)"#
/// );
/// // It can be a function, for any path to the model.
/// fn named<N: orm::Reach>(user: &UserFields<N>, name: &str) -> orm::Cond {
///     user.username.eq(name) | user.email.eq(name)
/// }
/// let query = Post::objects().filter(|p| named(&p.author, "alice") | named(&p.editor, "bob"));
/// ```
///
/// It is also a value of type `bool`, for `values` and `annotate`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| (p.title, p.editor.username.eq("bob")));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "post"."title", ("user"."username" = $1) IS TRUE FROM "post" LEFT JOIN "user" ON "user"."id" = "post"."editor_id""#
/// );
/// ```
#[must_use = "a condition does nothing unless it is given to `filter` or `exclude`"]
pub struct Cond<K = PerRow> {
    node: Node,
    _k: PhantomData<fn() -> K>,
}

impl<K> Cond<K> {
    pub(crate) fn new(node: Node) -> Self {
        Cond { node, _k: PhantomData }
    }

    /// As a value: true or false, never NULL.
    pub(crate) fn node(self) -> Node {
        Node::unary(UnaryOp::IsTrue, self.node)
    }
}

impl<K> Clone for Cond<K> {
    fn clone(&self) -> Self {
        Cond::new(self.node.clone())
    }
}

impl<K> fmt::Debug for Cond<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// Whether a query has rows: await it, or use it as a condition inside another query.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let posts = |name: &str| Post::objects().filter(|p| p.author.username.eq(name));
/// let query = User::objects().filter(|_| posts("alice").exists() & !posts("bob").exists());
/// let any: bool = posts("alice").exists().await?;
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug)]
#[must_use = "await it, or use it as a condition"]
pub struct Exists(pub(crate) Query);

/// What `filter` takes: a condition, an `exists()`, or a field of type `bool`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// fn matching<C: orm::IntoCond>(f: impl FnOnce(&'static PostFields) -> C) -> QuerySet<Post> {
///     Post::objects().filter(f)
/// }
/// let query = matching(|p| p.views.gt(3));
/// let query = matching(|_| Post::objects().exists());
/// let query = matching(|_| true);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition `{K}`",
    label = "expected a condition, such as `p.title.eq(\"x\")`",
    note = "an aggregate of the query's own fields is a value `PerGroup`: for `aggregate`, `group_by(…).annotate(…)` and `having`",
    note = "a window function is a value `Windowed`, made of the rows that the conditions let through: for `values`, `annotate` and `order_by`"
)]
pub trait IntoCond<K = PerRow> {
    /// The condition without its type.
    #[doc(hidden)]
    fn condition(self) -> Node;
}

/// Types that are a condition by themselves.
#[diagnostic::on_unimplemented(
    message = "a field of type `{Self}` is not a condition",
    label = "expected a condition, such as `.eq(…)`, or a `bool` field"
)]
pub trait Truth: Value {}
impl Truth for bool {}
impl Truth for Option<bool> {}

impl Exists {
    pub(crate) fn node(self) -> Node {
        Node::Exists(self.0.boxed())
    }
}

macro_rules! conditions { ($([$($g:tt)*] $ty:ty, $kind:ty, $v:ident => $node:expr;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$($g)* K> IntoCond<K> for $ty where $kind: Filters<K> {
        fn condition(self) -> Node {
            let $v = self;
            $node
        }
    }
)*}}
conditions! {
    [J: Kind,] Cond<J>, J, v => v.node;
    [] Exists, Free, v => v.node();
    [] bool, Free, v => Node::Bool(v);
}
impl<T: Truth, N: Reach, K> IntoCond<K> for Field<T, N>
where
    PerRow: Filters<K>,
{
    fn condition(self) -> Node {
        self.node()
    }
}
impl<T: Truth, J: Kind, K> IntoCond<K> for Expr<T, J>
where
    J::Cond: Filters<K>,
{
    fn condition(self) -> Node {
        self.node()
    }
}

macro_rules! logic { ($([$($g:tt)*] $ty:ty, $kind:ty;)*) => {$(
    impl<$($g)* R: IntoCond<$kind>> ops::BitAnd<R> for $ty {
        type Output = Cond<$kind>;
        fn bitand(self, other: R) -> Self::Output {
            Cond::new(IntoCond::<$kind>::condition(self).joined(Logic::And, other.condition()))
        }
    }
    impl<$($g)* R: IntoCond<$kind>> ops::BitOr<R> for $ty {
        type Output = Cond<$kind>;
        fn bitor(self, other: R) -> Self::Output {
            Cond::new(IntoCond::<$kind>::condition(self).joined(Logic::Or, other.condition()))
        }
    }
    impl<$($g)*> ops::Not for $ty {
        type Output = Cond<$kind>;
        fn not(self) -> Self::Output {
            Cond::new(IntoCond::<$kind>::condition(self).negated())
        }
    }
)*}}
logic! {
    [K: Kind + Filters<K>,] Cond<K>, K;
    [] Exists, PerRow;
    [T: Truth, N: Reach,] Field<T, N>, PerRow;
    [T: Truth, K: Kind<Cond: Filters<K::Cond>>,] Expr<T, K>, K::Cond;
}

/// `conditions.into_iter().reduce(…)` without the `Option`: all of them.
impl FromIterator<Cond> for Cond {
    fn from_iter<I: IntoIterator<Item = Cond>>(conditions: I) -> Self {
        conditions.into_iter().reduce(|a, b| a & b).unwrap_or(Cond::new(Node::Bool(true)))
    }
}
