//! The PostgreSQL driver of `orm`: rendering, connections, pool, transactions, DDL and test databases.
//!
//! The only crate that names sea-query, tokio-postgres and deadpool. What it offers to the rest is
//! [`orm_core::Backend`].

mod auth;
mod config;
mod connection;
mod cursor;
mod ddl;
mod error;
mod execute;
mod ident;
#[cfg_attr(not(feature = "metrics-024"), path = "metrics/off.rs")]
mod metrics;
mod plan;
mod pool;
mod postgres;
mod render;
mod target;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
mod tls;
mod to_sql;
mod trace;
mod transaction;
mod wire;

pub use config::Config;
pub use postgres::connect;
pub use to_sql::ToSql;
