//! Behaviour, against a real PostgreSQL where SQL matters.
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test fails by a panic; its modules are its own")]
#![allow(clippy::needless_borrows_for_generic_args, reason = "`add(&[&rust])` is how it is written")]

mod bad_input;
mod bulk_update;
mod canary;
mod changes;
mod cluster;
mod conditions;
mod crud;
mod django;
mod explain;
mod expressions;
mod faults;
mod generated;
mod inference;
mod ledger;
mod loading;
mod models;
mod postgres;
mod random;
mod raw;
mod relations;
mod serde;
mod sql;
mod structs;
mod tables;
mod testing;
mod tidy;
mod tls;
mod trace;
mod transactions;
mod types;
mod validation;
mod wait;
