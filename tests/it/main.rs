//! Behaviour, against a real PostgreSQL where SQL matters.

mod crud;
mod inference;
mod models;
mod sql;
mod tidy;
mod transactions;
