//! Behaviour, against a real PostgreSQL where SQL matters.

mod conditions;
mod crud;
mod inference;
mod models;
mod sql;
mod tidy;
mod transactions;
