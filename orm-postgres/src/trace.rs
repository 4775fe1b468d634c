//! What is told to `tracing`, at the level DEBUG under the target `orm`. Never a parameter.

use orm_core::{Error, Result, ast::Shape};
use std::time::Instant;

/// A measurement, if anybody listens.
pub(crate) struct Trace(Option<Instant>);

impl Trace {
    pub(crate) fn start() -> Self {
        Trace(tracing::enabled!(target: "orm", tracing::Level::DEBUG).then(Instant::now))
    }

    /// A statement has ended.
    pub(crate) fn statement(self, shape: &Shape, sql: &str, result: &Result<u64>) {
        let Some(started) = self.0 else { return };
        tracing::event!(
            target: "orm",
            tracing::Level::DEBUG,
            "db.system" = "postgresql",
            "db.operation" = shape.operation(),
            "db.collection" = shape.table().table,
            "db.statement" = sql,
            rows = result.as_ref().ok(),
            error = result.as_ref().err().map(tracing::field::display),
            elapsed = ?started.elapsed(),
            "statement"
        );
    }

    /// A command that begins or ends a transaction, or defines tables, was answered.
    pub(crate) fn command(self, sql: &str, error: Option<&Error>) {
        let Some(started) = self.0 else { return };
        tracing::event!(
            target: "orm",
            tracing::Level::DEBUG,
            "db.system" = "postgresql",
            "db.operation" = sql.split(' ').next(),
            "db.statement" = sql,
            error = error.map(tracing::field::display),
            elapsed = ?started.elapsed(),
            "command"
        );
    }
}
