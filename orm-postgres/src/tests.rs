//! What can be tested without a database.

mod models;
mod render;
