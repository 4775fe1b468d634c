//! What is told to `tracing`: a span for each statement and, when it was answered, an event with the SQL, both at the
//! level DEBUG under the target `orm`. Never a parameter.

use orm_core::{Error, ast::Shape};
use std::time::Instant;
use tracing::{Level, Span, field::display};

/// A statement under way: its span, which ends when this is dropped.
pub(crate) struct Trace<'a> {
    sql: &'a str,
    span: Span,
    /// `None` if nobody listens.
    started: Option<Instant>,
}

impl<'a> Trace<'a> {
    /// A statement of a query.
    pub(crate) fn statement(shape: &Shape, sql: &'a str) -> Self {
        #[cfg(feature = "testing")]
        crate::testing::sent(sql);
        Trace::new(sql, shape.operation(), Some(shape.table().table))
    }

    /// A command that begins or ends a transaction, or defines tables.
    pub(crate) fn command(sql: &'a str) -> Self {
        Trace::new(sql, sql.split([' ', ';']).next().unwrap_or_default(), None)
    }

    fn new(sql: &'a str, operation: &str, table: Option<&str>) -> Self {
        let span = tracing::span!(
            target: "orm",
            Level::DEBUG,
            "query",
            "db.system.name" = "postgresql",
            "db.operation.name" = operation,
            "db.collection.name" = table,
        );
        let started = (!span.is_disabled()).then(Instant::now);
        Trace { sql, span, started }
    }

    /// It was answered.
    pub(crate) fn end(self, rows: Option<u64>, error: Option<&Error>) {
        let Some(started) = self.started else { return };
        let elapsed = started.elapsed();
        let error = error.map(display);
        self.span
            .in_scope(|| tracing::event!(target: "orm", Level::DEBUG, rows, error, ?elapsed, "{}", self.sql));
    }
}
