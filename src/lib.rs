//! An async, Django-class ORM for PostgreSQL.
//!
//! Four words explain it: **Model** (what), **QuerySet** (how to read and change), **Db** (where) and **Migration** (how
//! it evolves; not there yet). `#[derive(Model)]` on a struct gives it a manager, `Post::objects()`, whose queries are
//! awaited where they stand, with no thread between the handler and the socket.
//!
//! This crate is the facade: it gives the names of `orm-core`, `orm-derive` and `orm-postgres`, and has no logic.

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
