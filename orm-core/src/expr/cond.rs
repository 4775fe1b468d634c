//! Conditions. They are two-valued: `!x` means "`x` is not true", so NULL counts as false.

use crate::{Expr, Field, Node, Query, Reach, Value, node::Logic};
use std::ops;

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
#[derive(Clone, Debug)]
#[must_use = "a condition does nothing unless it is given to `filter` or `exclude`"]
pub struct Cond(pub(crate) Node);

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
        Cond(Node::Exists(self.0.boxed()))
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
            Cond(self.into_cond().0.joined(Logic::And, other.into_cond().0))
        }
    }
    impl<$($g)* R: IntoCond> ops::BitOr<R> for $ty {
        type Output = Cond;
        fn bitor(self, other: R) -> Cond {
            Cond(self.into_cond().0.joined(Logic::Or, other.into_cond().0))
        }
    }
    impl<$($g)*> ops::Not for $ty {
        type Output = Cond;
        fn not(self) -> Cond {
            Cond(self.into_cond().0.negated())
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
