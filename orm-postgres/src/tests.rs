//! What can be tested without a database.

mod ddl;
mod models;
mod plan;
mod render;
