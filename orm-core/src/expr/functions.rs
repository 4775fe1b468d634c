//! Functions: those of several values here, those of one value by theme.

mod math;
pub(crate) mod now;
mod text;
pub(crate) mod time;

pub use math::MathFunctions;
pub use now::Moment;
pub use text::TextFunctions;
pub use time::TimeFunctions;

use super::typed::{Alike, Arguments, BaseOf, Typed};
use crate::{Agg, Expr, Free, Function, Nullness, Operand, ast::Nulls, kind::Beside};

/// The type of the first of some values, as an `Option` if all may be NULL.
type AllOf<A> = <<A as Alike>::All as Nullness>::Of<<A as Alike>::Base>;

/// A value of Rust as an expression, which has all an expression's methods.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| (p.id, orm::value("post")));
/// assert_eq!(query.to_sql(), r#"SELECT "post"."id", $1 FROM "post""#);
/// ```
pub fn value<V: Typed>(value: V) -> Expr<V::Value, V::Kind> {
    Expr::new(value.typed())
}

/// The first of some values that is not NULL (`COALESCE`); of two, [`or`](crate::Expression::or) is shorter.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| orm::coalesce((p.editor.email, p.author.email))); // Option<String>
/// assert!(query.to_sql().starts_with(r#"SELECT COALESCE("user"."email", "user_2"."email") FROM "post""#));
/// ```
pub fn coalesce<A: Alike>(values: A) -> Expr<AllOf<A>, A::Kind> {
    Expr::call(Function::COALESCE, values.nodes())
}

/// The largest of some values, NULLs passed over (`GREATEST`).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| orm::greatest((p.views, 10)).lt(20)), r#"GREATEST("post"."views", $1) < $2"#);
/// ```
pub fn greatest<A: Alike>(values: A) -> Expr<AllOf<A>, A::Kind> {
    Expr::call(Function::named("GREATEST", Nulls::All), values.nodes())
}

/// The smallest of some values, NULLs passed over (`LEAST`).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| orm::least((p.views, 10)).lt(20)), r#"LEAST("post"."views", $1) < $2"#);
/// ```
pub fn least<A: Alike>(values: A) -> Expr<AllOf<A>, A::Kind> {
    Expr::call(Function::named("LEAST", Nulls::All), values.nodes())
}

/// NULL if two values are equal, else the first of them (`NULLIF`).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| orm::value(100) / orm::nullif(p.views, 0)); // Option<i32>
/// assert_eq!(query.to_sql(), r#"SELECT $1 / NULLIF("post"."views", $2) FROM "post""#);
/// ```
pub fn nullif<A: Typed, B: Operand<BaseOf<A>>>(
    value: A,
    other: B,
) -> Expr<Option<BaseOf<A>>, Beside<A::Kind, B::Kind>> {
    Expr::call(Function::named("NULLIF", Nulls::Maybe), [value.typed(), other.into_node()])
}

/// The texts of some values, one after the other; a NULL is empty (`CONCAT`).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| orm::concat((p.title, " by ", p.author.username))); // String
/// assert!(query.to_sql().starts_with(r#"SELECT CONCAT("post"."title", $1, "user"."username") FROM "post""#));
/// ```
pub fn concat<A: Arguments>(values: A) -> Expr<String, A::Kind> {
    Expr::call(Function::named("CONCAT", Nulls::Never), values.nodes())
}

/// How many rows there are (`COUNT(*)`): for `aggregate`, and for the annotations of groups.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().group_by(|p| p.author.id).annotate(|_| orm::count_all());
/// assert_eq!(query.to_sql(), r#"SELECT "post"."author_id", COUNT(*) FROM "post" GROUP BY "post"."author_id""#);
/// ```
pub fn count_all() -> Agg<i64> {
    Agg::new(Function::template("COUNT(*)", Nulls::Never), [])
}

/// A random number from 0 to less than 1, another one for each row (`RANDOM`).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().order_by(|_| orm::random()).values(|p| p.id).limit(3);
/// assert_eq!(query.to_sql(), r#"SELECT "post"."id" FROM "post" ORDER BY RANDOM() ASC LIMIT $1"#);
/// ```
pub fn random() -> Expr<f64, Free> {
    Expr::call(Function::named("RANDOM", Nulls::Never), [])
}

/// π (`PI`).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.views.sqrt().lt(orm::pi())), r#"SQRT("post"."views") < PI()"#);
/// ```
pub fn pi() -> Expr<f64, Free> {
    Expr::call(Function::named("PI", Nulls::Never), [])
}

/// A random UUID, version 4, made by the server (`gen_random_uuid`).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|_| orm::uuid4());
/// assert_eq!(query.to_sql(), r#"SELECT GEN_RANDOM_UUID() FROM "post""#);
/// ```
#[cfg(feature = "uuid-1")]
pub fn uuid4() -> Expr<uuid::Uuid, Free> {
    Expr::call(Function::named("GEN_RANDOM_UUID", Nulls::Never), [])
}

/// A UUID, version 7, made by the server (`uuidv7`, of PostgreSQL 18 and later).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|_| orm::uuid7());
/// assert_eq!(query.to_sql(), r#"SELECT UUIDV7() FROM "post""#);
/// ```
#[cfg(feature = "uuid-1")]
pub fn uuid7() -> Expr<uuid::Uuid, Free> {
    Expr::call(Function::named("UUIDV7", Nulls::Never), [])
}
