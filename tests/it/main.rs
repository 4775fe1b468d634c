//! Behaviour, against a real PostgreSQL where SQL matters.
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test fails by a panic; its modules are its own")]

mod bad_input;
mod conditions;
mod crud;
mod faults;
mod inference;
mod models;
mod random;
mod sql;
mod tidy;
mod transactions;
mod types;
