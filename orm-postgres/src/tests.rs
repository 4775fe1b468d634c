//! What can be tested without a database.

mod models;
mod plan;
mod render;
