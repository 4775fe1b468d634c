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
//! [`Expression`] lists what every value of a query can do and [`Field`] shows it, [`Rel`] what relations can do, [`Cond`] how conditions are combined, [`Agg`] the aggregates.
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
//! `#[orm::test]` (feature `testing`) gives each test a database of its own, on a server that is found or started;
//! with `transaction` the tables are made once, and what the test does is rolled back.
//!
//! ```
#![doc = include_str!("../tests/doc/test.rs")]
//! ```
//!
//! # Logging
//!
//! `ORM_LOG=sql` prints each statement on standard error, and `ORM_LOG=slow` those that are slow: a second or more, or what
//! [`Config::slow_query`] says. Parameters are never shown.
//!
//! For [`tracing`](https://docs.rs/tracing) each statement is an event with the SQL, `rows`, `error` and `elapsed` when it has
//! ended (target `orm`, level DEBUG) and a span with OpenTelemetry's names (target `orm::span`, level DEBUG); slow ones and long
//! waits for a connection are warnings (targets `orm::slow` and `orm::pool`). `RUST_LOG=orm=debug` shows them, if the program's
//! subscriber reads it. With the feature `metrics-024` they are counted as well.
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
//! | `filter(**{name: value})`, django-filter, `OrderingFilter` | [`filter_str`](QuerySet::filter_str), [`order_by_str`](QuerySet::order_by_str), [`Allow`] |
//! | `query[10:30]` | [`.offset(10)`](QuerySet::offset)[`.limit(20)`](QuerySet::limit) |
//! | `get(pk=7)`, `get(title="x")` | [`get(7)`](QuerySet::get), [`.filter(…).one()`](QuerySet::one) |
//! | `Paginator(query, 20).page(2)` | [`page(2, 20)`](QuerySet::page) |
//! | `Post.objects.raw(…)`, `cursor.execute(…)` | [`Post::raw(…)`](Model::raw()), [`orm::raw(…)`](raw), [`orm::execute(…)`](execute) |
//! | `earliest`, `latest`, `contains`, `in_bulk(field_name=…)` | [`earliest`](QuerySet::earliest), [`latest`](QuerySet::latest), [`contains`](QuerySet::contains), [`in_bulk_by`](QuerySet::in_bulk_by) |
//! | `first`, `last`, `count`, `exists`, `in_bulk`, `explain` | [`first`](QuerySet::first), [`last`](QuerySet::last), [`count`](QuerySet::count), [`exists`](QuerySet::exists), [`in_bulk`](QuerySet::in_bulk), [`explain`](QuerySet::explain) |
//! | `values`, `values_list` | [`values`](QuerySet::values), into a struct with [`#[derive(Projection)]`](derive@Projection) |
//! | `union`, `intersection`, `difference` | [`union`](QuerySet::union), [`intersection`](QuerySet::intersection), [`difference`](QuerySet::difference) |
//! | a subquery in `FROM`, `WITH`, `WITH RECURSIVE`, `LATERAL` | [`subquery`](QuerySet::subquery), [`cte`](QuerySet::cte), [`recursive`](QuerySet::recursive), [`lateral`](QuerySet::lateral) |
//! | `distinct("author")`, `dates`, `datetimes` | [`distinct_on`](QuerySet::distinct_on), [`dates`](QuerySet::dates), [`datetimes`](QuerySet::datetimes) |
//! | `only`, `defer` | [`only`](QuerySet::only) |
//! | `aggregate(Sum("views"))` | [`.aggregate(\|p\| p.views.sum())`](QuerySet::aggregate) |
//! | `annotate(n=Count("posts"))` | [`.annotate(\|u\| u.posts.count())`](QuerySet::annotate), then `.filter(\|(u, n)\| n.gt(3))` |
//! | `values("author").annotate(Sum("views"))`, `HAVING` | [`.group_by(\|p\| p.author.id).annotate(\|p\| p.views.sum())`](QuerySet::group_by), [`.having(…)`](QuerySet::having) |
//! | `Count("id", filter=Q(…), distinct=True)` | [`p.id.count().filter(…).distinct()`](Agg::filter) |
//! | `Exists(…)`, `OuterRef("id")` | [`exists()`](QuerySet::exists), a captured field |
//! | `iterator` | [`stream`](QuerySet::stream) |
//! | `select_for_update(nowait, skip_locked, of, no_key)` | [`select_for_update`](QuerySet::select_for_update), [`nowait`](QuerySet::nowait), [`skip_locked`](QuerySet::skip_locked), [`lock_of`](QuerySet::lock_of), [`no_key`](QuerySet::no_key); [`select_for_share`](QuerySet::select_for_share) |
//! | `create`, `bulk_create`, `get_or_create`, `update_or_create` | [`create`](QuerySet::create), [`bulk_create`](QuerySet::bulk_create), [`get_or_create`](QuerySet::get_or_create), [`update_or_create`](QuerySet::update_or_create) |
//! | `bulk_create(update_conflicts=True, …)`, `ignore_conflicts` | [`update_conflicts`, `ignore_conflicts`](Upsert), of `create` too |
//! | `INSERT … SELECT`, `RETURNING` | [`insert_from`](QuerySet::insert_from), [`.update(…).returning(…)`](types::Change::returning) |
//! | `update`, `delete` | [`update`](QuerySet::update), [`delete`](QuerySet::delete) |
//! | `save`, `save(update_fields=…)`, `refresh_from_db`, `delete` | [`save`](Model::save()), [`save_fields`](Model::save_fields()), [`refresh`](Model::refresh()), [`delete`](Model::delete()) |
//! | `post.author_id`, `post.author` | [`post.author.id()`](ForeignKey::id), [`post.author.fetch().await`](ForeignKey::fetch) |
//! | `user.post_set` | [`user.posts.query()`](HasMany::query) |
//! | `post.tags.add(a, b)`, `remove`, `set`, `clear`, `create`, `get_or_create` | [`post.tags.add(&[&a, &b])`](ManyToMany::add), the same words |
//! | `add(…, through_defaults=…)` | [`.through_defaults(changes)`](ManyToMany::through_defaults) |
//! | `transaction.atomic`, `on_commit` | [`atomic`], [`on_commit`] |
//! | `using("replica")` | [`.using(&replica)`](QuerySet::using), [`db.scope(…)`](Db::scope) |
//! | `DoesNotExist`, `MultipleObjectsReturned`, `IntegrityError` | [`is_not_found`](Error::is_not_found), [`is_multiple_found`](Error::is_multiple_found), [`is_constraint_violation`](Error::is_constraint_violation) |
//! | `validators=[…]`, `clean`, `full_clean`, `ValidationError` | attributes of [`#[derive(Model)]`](derive@Model), [`full_clean`](Draft::full_clean), [`ValidationErrors`] |
//! | `TextChoices`, `IntegerChoices`, `choices` | an enum with [`#[derive(DbEnum)]`](derive@DbEnum), as text and numbers too |
//! | a custom field | [`#[derive(DbType)]`](derive@DbType), [`#[derive(DbComposite)]`](derive@DbComposite) or [`FieldType`] |
//! | `TestCase`, `TransactionTestCase` | `#[orm::test(transaction)]`, `#[orm::test]` |
//! | `assertNumQueries`, `captureOnCommitCallbacks` | `testing::count_queries`, `testing::run_on_commit_hooks` |
//! | logger `django.db.backends`, `test --debug-sql` | target `orm` of `tracing`, `ORM_LOG=sql` |
//! | `select_related`, `prefetch_related(Prefetch(…))`, `fetch_mode` | [`select_related`](QuerySet::select_related), [`prefetch_related`](QuerySet::prefetch_related), [`fetch_mode`](QuerySet::fetch_mode) |
//! | `Window(…)`, `Case(When(…))`, `Coalesce`, `Lower`, `TruncMonth` | [`window`], [`case()`], [`coalesce()`], methods as `p.title.lower()`, `p.at.trunc(TimeUnit::Month)` |
//! | `Func(…)`, an `Aggregate` of your own, `RawSQL(…)`, `register_lookup` | [`func`](func()), [`aggregate`](aggregate()), [`sql`](sql()) |
//! | `django.contrib.postgres` | the same names, see [the guide](guide::postgres); [`search`] |
//! | `bulk_update`, `Paginator` | [`bulk_update`](QuerySet::bulk_update), [`page`](QuerySet::page), [`keyset`](QuerySet::keyset) |
//! | `raw`, `connection.execute` | [`Post::raw(…)`](Model::raw()), [`raw()`], [`execute()`] |
//!
//! Not there yet: migrations.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `bigdecimal-04` | `BigDecimal` of bigdecimal 0.4 as a field type |
//! | `bit-vec-010` | `BitVec` of bit-vec 0.10 as a field type |
//! | `chrono-04` (default) | the types of chrono 0.4 as field types |
//! | `cidr-03` | `IpInet` and `IpCidr` of cidr 0.3 as field types |
//! | `jiff-1` | the types of jiff 1 as field types |
//! | `regex-1` (default) | the validator `#[orm(regex = "…")]` |
//! | `rust-decimal-1` (default) | `Decimal` of rust_decimal 1 as a field type |
//! | `serde-json-1` (default) | `Value` of serde_json 1 and [`Json<T>`](Json) as field types |
//! | `time-03` | the types of time 0.3 as field types |
//! | `tls` (default) | encrypted connections, by rustls; see [`Config::from_url`] |
//! | `uuid-1` (default) | `Uuid` of uuid 1 as a field type and as a version 7 primary key |
//! | `metrics-024` | counters and histograms with OpenTelemetry's names for the `metrics` 0.24 facade |
//! | `testing` | `#[orm::test]`, and `testing`: databases for tests, and a server for examples |
//! | `testcontainers` | `testing`, and a container as one of the servers it can use |

// This crate is the facade: it gives the names of `orm-core`, `orm-derive` and `orm-postgres`, and has no logic.

extern crate self as orm;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod connect;
pub mod guide;
pub mod prelude;
pub mod types;

pub use connect::{Connect, connect};
#[doc(inline)]
pub use orm_core::{
    Agg, Aggregates, Allow, ArrayFunctions, Changes, CiText, Cond, Connection, Containment, Db, DbEnum,
    DbError, Draft, Element, Error, ErrorKind, Expr, Expression, FetchMode, Field, FieldType, Flatten,
    ForeignKey, HasMany, HasOne, Hooks, Hstore, Input, Interval, IntoCond, IntoExpr, IntoList, IntoValue,
    Isolation, MacAddr, ManyToMany, MaterializedView, Model, Multirange, Number, OptionalKey, OrInfinity,
    Order, Page, PoolStatus, Projection, QuerySet, Range, RangeFunctions, Reach, Rel, Result, RowStream,
    Signals, Slice, SoftDelete, SqlType, Text, TextLookups, Transaction, TsVector, Unhooked, Upsert,
    Writable, array_subquery, atomic, execute, geometry, on_commit, prefetch_related_objects, raw,
    secret_key, try_atomic, window,
};
// Validation.
#[cfg(feature = "serde-json-1")]
#[doc(inline)]
pub use orm_core::{Json, JsonLookups, Plan};
#[doc(inline)]
pub use orm_core::{NON_FIELD_ERRORS, ValidationError, ValidationErrors, validators};
// PostgreSQL's types.
#[cfg(feature = "bit-vec-010")]
#[doc(inline)]
pub use orm_core::BitFunctions;
#[doc(inline)]
pub use orm_core::Ordered;
#[doc(inline)]
pub use orm_core::{HstoreFunctions, NetFunctions, SimilarityFunctions};
// Full text search.
#[doc(inline)]
pub use orm_core::{SearchFunctions, search};
// Functions.
#[doc(inline)]
pub use orm_core::{
    Case, MathFunctions, Statistics, TextFunctions, TimeFunctions, TimeUnit, aggregate, case, coalesce,
    concat, count_all, func, greatest, least, now, nullif, pi, random, sql, value,
};
#[cfg(feature = "uuid-1")]
#[doc(inline)]
pub use orm_core::{uuid4, uuid7};
#[cfg(feature = "testing")]
#[doc(inline)]
pub use orm_derive::test;
#[doc(inline)]
pub use orm_derive::{DbComposite, DbEnum, DbType, Flatten, Input, Model, Projection};
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
