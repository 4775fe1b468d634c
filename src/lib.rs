//! An async, Django-class ORM for PostgreSQL.
//!
//! Four words explain it: **Model** (what), **QuerySet** (how to read and change), **Db** (where) and **Migration** (how
//! it evolves; not there yet). [`#[derive(Model)]`](derive@Model) on a struct gives it a manager, `Post::objects()`, whose
//! queries are awaited where they stand, with no thread between the handler and the socket.
//!
//! # Models
//!
//! ```
//! use orm::prelude::*;
//!
//! #[derive(Model, Debug, Clone)]
//! pub struct User {
//!     pub id: i64, // `id` is the primary key, numbered by the database
//!     #[orm(unique, max_length = 150)]
//!     pub username: String,
//!     pub email: Option<String>, // Option = NULL
//!     #[orm(via = "author")]
//!     pub posts: HasMany<Post>, // the reverse side of `Post::author`; no column
//! }
//!
//! #[derive(Model, Debug, Clone)]
//! pub struct Post {
//!     pub id: i64,
//!     pub title: String,
//!     #[orm(default = 0)]
//!     pub views: i32,
//!     pub published_at: Option<DateTime<Utc>>,
//!     #[orm(on_delete = "cascade")]
//!     pub author: ForeignKey<User>, // column author_id
//!     pub editor: Option<ForeignKey<User>>,
//! }
//! # assert_eq!(orm::models![User, Post].map(|model| model.table), ["user", "post"]);
//! ```
//!
//! The derives' pages list the attributes, [`FieldType`] the types of columns. The examples in this documentation use
//! these two models.
//!
//! # Queries
//!
//! A [`QuerySet`] is a value: it is refined, cloned and printed, and asks the database when it is awaited. Closures get
//! the model's fields, so a misspelt name or a wrong type is an error of the compiler at that place. [`to_sql`](ToSql)
//! shows the SQL of anything that can be awaited.
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/models.rs")); } use models::*;
//! // Joins come from the dot.
//! let query = Post::objects()
//!     .filter(|p| p.author.username.eq("alice") & p.title.icontains("rust"))
//!     .order_by(|p| (p.views.desc(), p.id))
//!     .values(|p| p.title)
//!     .limit(20);
//! assert_eq!(
//!     query.to_sql(),
//!     r#"SELECT "post"."title" FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" WHERE "user"."username" = $1 AND ("post"."title" ILIKE $2) ORDER BY "post"."views" DESC, "post"."id" ASC LIMIT $3"#
//! );
//!
//! // `!` and `exclude` are "not true": rows whose value is NULL stay.
//! assert_eq!(
//!     Post::objects().exclude(|p| p.published_at.gt(Utc::now())).count().to_sql(),
//!     r#"SELECT COUNT(*) FROM "post" WHERE ("post"."published_at" > $1) IS NOT TRUE"#
//! );
//!
//! // To-many relations are `EXISTS`: no row is found twice.
//! assert_eq!(
//!     User::objects().filter(|u| u.posts.any(|p| p.views.gt(100))).count().to_sql(),
//!     r#"SELECT COUNT(*) FROM "user" WHERE EXISTS(SELECT 1 FROM "post" WHERE "post"."author_id" = "user"."id" AND "post"."views" > $1)"#
//! );
//!
//! // Queries stand in queries; an outer reference is a captured variable.
//! let edited = |u: &UserFields| Post::objects().filter(|p| p.editor.eq(u.id));
//! assert_eq!(
//!     User::objects().filter(|u| !edited(u).exists()).values(|u| (u.id, u.posts.count())).to_sql(),
//!     r#"SELECT "user"."id", (SELECT COUNT("post"."id") FROM "post" WHERE "post"."author_id" = "user"."id") FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "post" AS "post_2" WHERE "post_2"."editor_id" = "user"."id")"#
//! );
//! ```
//!
//! [`Field`] lists the lookups, [`Rel`] what relations can do, [`Cond`] how conditions are combined, [`Agg`] the aggregates.
//!
//! # Reading and writing
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/models.rs")); } use models::*;
//! # run(async |_| {
//! let alice = User::objects().create().username("alice").email("alice@example.org").await?;
//! let mut post = Post::objects().create().title("Hi").author(&alice).await?;
//!
//! post.title = "Hello".into();
//! post.save().await?;
//! Post::objects().filter(|p| p.author.eq(&alice)).update(|p| p.views.set(p.views + 1)).await?;
//! post.refresh().await?;
//!
//! let posts: Vec<Post> = Post::objects().await?;
//! let post: Post = Post::objects().get(post.id).await?;
//! let first: Option<Post> = alice.posts.query().order_by(|p| p.views.desc()).first().await?;
//! let author: User = post.author.fetch().await?;
//! let (n, most): (i64, Option<i32>) = Post::objects().aggregate(|p| (p.id.count(), p.views.max())).await?;
//! assert_eq!((n, most), (1, Some(1)));
//!
//! post.delete().await?;
//! # Ok(())
//! # });
//! ```
//!
//! # Databases and transactions
//!
//! The first database that [`connect`]s is the default, and queries need no handle. Inside [`atomic`] they use the
//! transaction's connection; an `Err`, a panic or a dropped future rolls back, and an inner `atomic` is a savepoint.
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/models.rs")); } use models::*;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> orm::Result<()> {
//! # let test = orm::testing::TestDb::create().await?;
//! # let url = test.url();
//! let db = orm::connect(url).await?; // "postgres://user:password@localhost/blog", or a `Config`
//! db.create_tables(orm::models![User, Post]).await?; // those that do not exist yet
//!
//! atomic(async {
//!     let alice = User::objects().create().username("alice").await?;
//!     Post::objects().create().title("Hi").author(&alice).await?;
//!     on_commit(async || println!("welcome, alice"))
//! })
//! .await?;
//!
//! // Elsewhere than the default: for one query, or for all in a future.
//! let n = Post::objects().using(&db).count().await?;
//! let m = db.scope(async { Post::objects().count().await }).await?;
//! # assert_eq!((n, m), (1, 1));
//! # Ok(())
//! # }
//! ```
//!
//! [`Transaction`] has isolation levels and retries, [`try_atomic`] error types of your own.
//!
//! # Errors
//!
//! There is one [`Error`]. It says what it is by predicates and a [kind](ErrorKind), and never shows a value that was sent.
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/models.rs")); } use models::*;
//! # run(async |_| {
//! # User::objects().create().username("alice").await?;
//! match User::objects().create().username("alice").await {
//!     Ok(user) => println!("welcome, {}", user.username),
//!     Err(error) if error.is_unique_violation() => println!("taken: {:?}", error.constraint()),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # });
//! ```
//!
//! # Tests
//!
//! A `testing::TestDb` (feature `testing`) is an empty database for one test, on a server that is found or started.
//!
//! ```
//! # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/models.rs")); } use models::*;
//! use orm::testing::TestDb;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! async fn no_posts_at_first() -> orm::Result<()> {
//!     let test = TestDb::create().await?;
//!     test.db().create_tables(orm::models![User, Post]).await?;
//!     test.db()
//!         .scope(async {
//!             assert_eq!(Post::objects().count().await?, 0);
//!             Ok(())
//!         })
//!         .await
//! }
//! # no_posts_at_first().unwrap();
//! ```
//!
//! # Logging
//!
//! Each statement is a span of [`tracing`](https://docs.rs/tracing) and, when it was answered, an event with the SQL, `rows`,
//! `error` and `elapsed`, both at the level DEBUG under the target `orm`; parameters are never shown. `RUST_LOG=orm=debug`
//! prints them, if the program's subscriber reads it.
//!
//! # Django's words
//!
//! | Django | here |
//! |---|---|
//! | `Post.objects` | [`Post::objects()`](Model::objects()) |
//! | `filter(views__gt=3)` | [`.filter(\|p\| p.views.gt(3))`](QuerySet::filter) |
//! | `filter(author__username="x")` | `.filter(\|p\| p.author.username.eq("x"))`, see [`Rel`] |
//! | `Q(…) & ~Q(…)` | `a & !b`, see [`Cond`] |
//! | `F("views") + 1` | `p.views + 1`, see [`Field`] |
//! | `exclude`, `order_by("-x")`, `reverse`, `distinct`, `none` | [`exclude`](QuerySet::exclude), [`order_by`](QuerySet::order_by)`(\|p\| p.x.desc())`, [`reverse`](QuerySet::reverse), [`distinct`](QuerySet::distinct), [`none`](QuerySet::none) |
//! | `query[10:30]` | [`.offset(10)`](QuerySet::offset)[`.limit(20)`](QuerySet::limit) |
//! | `get(pk=7)`, `get(title="x")` | [`get(7)`](QuerySet::get), [`.filter(…).one()`](QuerySet::one) |
//! | `first`, `last`, `count`, `exists`, `in_bulk`, `explain` | [`first`](QuerySet::first), [`last`](QuerySet::last), [`count`](QuerySet::count), [`exists`](QuerySet::exists), [`in_bulk`](QuerySet::in_bulk), [`explain`](QuerySet::explain) |
//! | `values`, `values_list` | [`values`](QuerySet::values) |
//! | `aggregate(Sum("views"))` | [`.aggregate(\|p\| p.views.sum())`](QuerySet::aggregate) |
//! | `annotate(n=Count("posts"))` | `u.posts.count()` in `values`, `filter` and `order_by`, see [`Agg`] |
//! | `Exists(…)`, `OuterRef("id")` | [`exists()`](QuerySet::exists), a captured field |
//! | `iterator` | [`stream`](QuerySet::stream) |
//! | `select_for_update(nowait, skip_locked)` | [`select_for_update`](QuerySet::select_for_update), [`nowait`](QuerySet::nowait), [`skip_locked`](QuerySet::skip_locked) |
//! | `create`, `bulk_create`, `get_or_create`, `update_or_create` | [`create`](QuerySet::create), [`bulk_create`](QuerySet::bulk_create), [`get_or_create`](QuerySet::get_or_create), [`update_or_create`](QuerySet::update_or_create) |
//! | `update`, `delete` | [`update`](QuerySet::update), [`delete`](QuerySet::delete) |
//! | `save`, `save(update_fields=…)`, `refresh_from_db`, `delete` | [`save`](Model::save()), [`save_fields`](Model::save_fields()), [`refresh`](Model::refresh()), [`delete`](Model::delete()) |
//! | `post.author_id`, `post.author` | [`post.author.id()`](ForeignKey::id), [`post.author.fetch().await`](ForeignKey::fetch) |
//! | `user.post_set` | [`user.posts.query()`](HasMany::query) |
//! | `transaction.atomic`, `on_commit` | [`atomic`], [`on_commit`] |
//! | `using("replica")` | [`.using(&replica)`](QuerySet::using), [`db.scope(…)`](Db::scope) |
//! | `DoesNotExist`, `MultipleObjectsReturned`, `IntegrityError` | [`is_not_found`](Error::is_not_found), [`is_multiple_found`](Error::is_multiple_found), [`is_constraint_violation`](Error::is_constraint_violation) |
//! | `TestCase` | `testing::TestDb` |
//!
//! Not there yet: `select_related`, `prefetch_related`, `annotate` and `group_by`, many-to-many relations, migrations.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `chrono-04` (default) | `DateTime<Utc>` and `NaiveDate` of chrono 0.4 as field types |
//! | `uuid-1` (default) | `Uuid` of uuid 1 as a field type and as a version 7 primary key |
//! | `testing` | `testing`: databases for tests, and a server for examples |
//! | `testcontainers` | `testing`, and a container as one of the servers it can use |

// This crate is the facade: it gives the names of `orm-core`, `orm-derive` and `orm-postgres`, and has no logic.

extern crate self as orm;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod connect;
pub mod prelude;
pub mod types;

pub use connect::{Connect, connect};
#[doc(inline)]
pub use orm_core::{
    Agg, Cond, Db, DbError, Draft, Error, ErrorKind, Expr, Field, FieldType, ForeignKey, HasMany, IntoCond,
    IntoExpr, IntoList, IntoValue, Isolation, ManyToMany, Model, Number, OptionalKey, Order, QuerySet, Reach,
    Rel, Result, RowStream, SqlType, Text, Transaction, atomic, on_commit, try_atomic,
};
#[doc(inline)]
pub use orm_derive::{DbType, Model};
#[cfg(feature = "testing")]
#[doc(inline)]
pub use orm_postgres::testing;
#[doc(inline)]
pub use orm_postgres::{Config, ToSql};

/// A list of models: `db.create_tables(orm::models![User, Post])`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/models.rs")); } use models::*;
/// assert_eq!(orm::models![User, Post].map(|model| model.table), ["user", "post"]);
/// ```
#[macro_export]
macro_rules! models {
    ($($model:ty),* $(,)?) => { [$(<$model as $crate::Model>::meta()),*] };
}

/// The README's code, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
