//! Functions, aggregates and SQL that the library does not know: the user's own.

use super::typed::Arguments;
use crate::{Agg, Expr, Function, Node, Value, kind::Kind};

/// A function of PostgreSQL, of an extension or of your own, by its name: what it gives, its name, and a value or a tuple of
/// values. All before a `.` in the name is its schema.
///
/// A function of your own in Rust makes it a word of the program. Its type says what the server's function gives: an `Option`
/// if that can be NULL. The two are compared when the statement is prepared, and another type is an error. A query with such a
/// function in it is never asked again when the connection was lost: who knows what the function does.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::{Expr, types::Typed};
///
/// fn soundex<A: Typed>(text: A) -> Expr<String, A::Kind> {
///     orm::func("soundex", text)
/// }
/// assert_eq!(
///     condition(|p| soundex(p.title).eq(soundex("rust"))),
///     r#""soundex"("post"."title") = "soundex"($1)"#
/// );
/// // Or where it is used.
/// let query = Post::objects().values(|p| orm::func::<i32, _>("app.clamp", (p.views, 0, 100)));
/// assert_eq!(query.to_sql(), r#"SELECT "app"."clamp"("post"."views", $1, $2) FROM "post""#);
/// ```
pub fn func<T: Value, A: Arguments>(name: &'static str, arguments: A) -> Expr<T, A::Kind> {
    Expr::call(Function::quoted(name), arguments.nodes())
}

/// An aggregate function by its name, as [`func`] is a function, with all that an [`Agg`] has: `filter`, `distinct`,
/// `order_by`, `over`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().aggregate(|p| orm::aggregate::<Option<f64>, _>("geometric_mean", p.views).filter(p.views.gt(0)));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "geometric_mean"("post"."views") FILTER (WHERE "post"."views" > $1) FROM "post""#
/// );
/// ```
pub fn aggregate<T: Value, A: Arguments>(
    name: &'static str,
    arguments: A,
) -> Agg<T, <A::Kind as Kind>::Aggregated> {
    Agg::new(Function::quoted(name), arguments.nodes())
}

/// SQL as a value, for what nothing else says: an operator of an extension, a construct of its own. `$1`, `$2`, … stand for
/// the values of a tuple, which are fields, expressions and parameters.
///
/// It stands in parentheses. Its type says what the SQL gives, as in [`func`]; a `bool` is a condition. A number without a
/// value, and a value without a number, are errors of the query.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::{Expr, types::{Typed, kind::Beside}};
///
/// /// A lookup of your own.
/// fn sounds_like<A: Typed, B: Typed>(text: A, other: B) -> Expr<bool, Beside<A::Kind, B::Kind>> {
///     orm::sql("difference($1, $2) > 3", (text, other))
/// }
/// assert_eq!(condition(|p| sounds_like(p.title, "rust")), r#"(difference("post"."title", $1) > 3)"#);
/// // Or where it is used.
/// let query = Post::objects().values(|p| orm::sql::<String, _>("lower($1) || $2", (p.title, "!")));
/// assert_eq!(query.to_sql(), r#"SELECT (lower("post"."title") || $1) FROM "post""#);
/// ```
pub fn sql<T: Value, A: Arguments>(sql: &'static str, values: A) -> Expr<T, A::Kind> {
    Expr::new(Node::Fragment(sql, values.nodes().into_iter().map(Node::part).collect()))
}
