//! `to_sql()`: what a query or a write will send.

use crate::render::render;
use orm_core::ToStatement;

/// Shows the SQL of anything that can be awaited: queries, counts, `create()`, `save()`, `update()`, …
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let sql = Post::objects().filter(|p| p.author.username.eq("alice")).count().to_sql();
/// assert_eq!(
///     sql,
///     r#"SELECT COUNT(*) FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" WHERE "user"."username" = $1"#
/// );
/// ```
pub trait ToSql {
    /// The SQL, with `$1`, `$2`, … for the values. A query that cannot be sent gives a comment that says why.
    fn to_sql(&self) -> String;
}

impl<S: ToStatement> ToSql for S {
    fn to_sql(&self) -> String {
        match self.to_statement() {
            Ok(statement) => render(&statement.shape).sql,
            Err(error) => format!("/* {error} */"),
        }
    }
}
