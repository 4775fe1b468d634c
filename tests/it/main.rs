//! Behaviour, against a real PostgreSQL where SQL matters.

mod inference;
mod models;
mod sql;
