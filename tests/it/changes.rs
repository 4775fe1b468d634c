//! Changes of many rows: what they give back, rows from queries, conflicts.

mod conflicts;
mod locks;
mod returning;
