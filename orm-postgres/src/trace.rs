//! What is told of statements: a span and an event of `tracing` each, slow ones as warnings, `ORM_LOG`, metrics. Never a
//! parameter.
//!
//! The spans have OpenTelemetry's names
//! ([database client spans](https://opentelemetry.io/docs/specs/semconv/db/database-spans/)). Where nobody listens nothing
//! is formatted and no clock is read.

mod connect;
mod log;
#[cfg(test)]
mod tests;

pub(crate) use connect::{connecting, waited};

use crate::{config::Config, connection::Connection, metrics, plan::Plan};
use orm_core::{Error, ErrorKind};
use std::{
    borrow::Cow,
    fmt,
    time::{Duration, Instant},
};
use tracing::{
    Level, Span,
    field::{Empty, display},
};

/// A statement, as it is told of.
#[derive(Clone, Copy)]
pub(crate) struct What<'a> {
    pub(crate) config: &'a Config,
    pub(crate) sql: &'a str,
    pub(crate) operation: &'a str,
    /// `None` for a command that begins or ends a transaction, or defines tables.
    pub(crate) plan: Option<&'a Plan>,
    /// How long it may take before it is called slow.
    slow: Option<Duration>,
}

impl<'a> What<'a> {
    /// A statement of a query.
    pub(crate) fn plan(config: &'a Config, plan: &'a Plan) -> Self {
        let slow = config.slow_query;
        What { config, sql: &plan.sql, operation: plan.operation, plan: Some(plan), slow }
    }

    /// A statement whose rows are read as they come: its reader sets the pace.
    pub(crate) fn streamed(config: &'a Config, plan: &'a Plan) -> Self {
        What { slow: None, ..What::plan(config, plan) }
    }

    /// A command, of a plan's cursor or of no plan.
    pub(crate) fn command(config: &'a Config, sql: &'a str, plan: Option<&'a Plan>) -> Self {
        let operation = sql.split([' ', ';']).next().unwrap_or_default();
        What { config, sql, operation, plan, slow: config.slow_query }
    }

    pub(crate) fn table(&self) -> Option<&'static str> {
        self.plan.and_then(|plan| plan.model).map(|model| model.table)
    }
}

/// The span's name, `SELECT blog_post`.
impl fmt::Display for What<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation)?;
        self.table().map_or(Ok(()), |table| write!(f, " {table}"))
    }
}

/// A statement under way. Dropped before its end, it says that its future was dropped.
pub(crate) struct Trace<'a> {
    what: What<'a>,
    watch: Watch,
}

impl<'a> Trace<'a> {
    pub(crate) fn new(what: What<'a>) -> Self {
        #[cfg(feature = "testing")]
        if let Some(plan) = what.plan
            && what.operation != "FETCH"
        {
            crate::testing::sent(&plan.sql);
        }
        Trace { what, watch: Watch::new(what) }
    }

    /// It is sent now; until then it waited for a connection, or for its turn.
    pub(crate) fn sent(&mut self, connection: &Connection) {
        self.watch.sent(connection);
    }

    /// For a cursor, which tells of the end itself.
    pub(crate) fn into_watch(mut self) -> Watch {
        let deaf = Watch { span: Span::none(), heard: false, sent: None };
        std::mem::replace(&mut self.watch, deaf)
    }

    /// It was answered to its end.
    pub(crate) fn end(mut self, rows: Option<u64>, error: Option<&Error>) {
        self.watch.tell(self.what, rows, error);
    }
}

impl Drop for Trace<'_> {
    fn drop(&mut self) {
        if self.watch.heard {
            let dropped = Error::new(ErrorKind::Cancelled, "its future was dropped before the answer");
            self.watch.tell(self.what, None, Some(&dropped));
        }
    }
}

/// The part of a [`Trace`] that borrows nothing, for cursors.
pub(crate) struct Watch {
    span: Span,
    /// Whether anybody listens.
    heard: bool,
    sent: Option<Instant>,
}

impl Watch {
    pub(crate) fn new(what: What<'_>) -> Self {
        let span = tracing::span!(
            target: "orm::span",
            Level::DEBUG,
            "query",
            otel.name = %what,
            otel.kind = "client",
            otel.status_code = Empty,
            db.system.name = "postgresql",
            db.namespace = what.config.namespace(),
            db.operation.name = what.operation,
            db.collection.name = what.table(),
            db.query.summary = %what,
            db.query.text = what.sql,
            db.response.status_code = Empty,
            db.response.returned_rows = Empty,
            error.type = Empty,
            server.address = Empty,
            server.port = Empty,
        );
        let heard = cfg!(feature = "metrics-024")
            || !span.is_disabled()
            || tracing::enabled!(target: "orm", Level::DEBUG)
            || what.slow.is_some() && tracing::enabled!(target: "orm::slow", Level::WARN)
            || log::is_on();
        Watch { span, heard, sent: None }
    }

    pub(crate) fn sent(&mut self, connection: &Connection) {
        if self.heard {
            self.sent = Some(Instant::now());
            connection.place.record(&self.span);
        }
    }

    /// Tells how it ended, once.
    pub(crate) fn tell(&mut self, what: What<'_>, rows: Option<u64>, error: Option<&Error>) {
        if std::mem::take(&mut self.heard) {
            self.told(what, rows, error);
        }
    }

    #[cold]
    fn told(&self, what: What<'_>, rows: Option<u64>, error: Option<&Error>) {
        let elapsed = self.sent.map(|sent| sent.elapsed());
        let returned = rows.filter(|_| what.plan.is_some_and(|plan| !plan.output.is_empty()));
        self.span.record("db.response.returned_rows", returned);
        if let Some(error) = error {
            record(&self.span, error);
        }
        let shown = error.map(display);
        tracing::debug!(target: "orm", rows, error = shown, elapsed = elapsed.map(debug), "{}", what.sql);
        let slow = elapsed.filter(|elapsed| what.slow.is_some_and(|slow| *elapsed >= slow));
        if slow.is_some() {
            let model = what.plan.and_then(|plan| plan.model).map(|model| model.name);
            tracing::warn!(target: "orm::slow", model, rows, error = shown, elapsed = slow.map(debug), "{}", what.sql);
        }
        log::print(what, elapsed, slow.is_some(), rows, error);
        metrics::operation(what, elapsed, returned, error);
    }
}

/// Warns of what a program does, and not of a statement.
pub(crate) fn advice(what: &str) {
    tracing::warn!(target: "orm::fetch", "{what}");
}

/// Marks a span as failed.
fn record(span: &Span, error: &Error) {
    span.record("otel.status_code", "ERROR");
    span.record("error.type", &*error_type(error));
    span.record("db.response.status_code", error.code());
}

/// `error.type`: SQLSTATE, or what kind of error it is.
pub(crate) fn error_type(error: &Error) -> Cow<'_, str> {
    error.code().map_or_else(|| format!("{:?}", error.kind()).into(), Cow::from)
}
