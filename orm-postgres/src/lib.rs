//! The PostgreSQL driver of `orm`: rendering, connections, pool, transactions, DDL and test databases.
//!
//! The only crate that names sea-query, tokio-postgres and deadpool. What it offers to the rest is
//! [`orm_core::Backend`].

mod config;
mod ddl;
mod ident;
mod plan;
mod render;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
mod to_sql;

pub use config::{Config, connect};
pub use to_sql::ToSql;
