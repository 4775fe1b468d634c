//! Figures for the `metrics` facade, under OpenTelemetry's names
//! ([database client metrics](https://opentelemetry.io/docs/specs/semconv/db/database-metrics/)). Times are in seconds.

use crate::{
    config::Config,
    trace::{What, error_type},
};
use metrics::{
    Counter, Gauge, Histogram, Label, Unit, counter, describe_counter, describe_gauge, describe_histogram,
    gauge, histogram,
};
use orm_core::Error;
use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering::AcqRel},
    time::{Duration, Instant},
};

const OPERATION: &str = "db.client.operation.duration";
const RETURNED: &str = "db.client.response.returned_rows";
const CONNECTIONS: &str = "db.client.connection.count";
const PENDING: &str = "db.client.connection.pending_requests";
const TIMEOUTS: &str = "db.client.connection.timeouts";
const WAIT: &str = "db.client.connection.wait_time";
const CREATE: &str = "db.client.connection.create_time";

/// Says what the figures are.
pub(crate) fn describe() {
    describe_histogram!(OPERATION, Unit::Seconds, "From sending a statement to the end of its answer");
    describe_histogram!(RETURNED, Unit::Count, "Rows that a statement returned");
    describe_gauge!(CONNECTIONS, Unit::Count, "Connections that are idle or used");
    describe_gauge!(PENDING, Unit::Count, "Tasks that wait for a connection");
    describe_counter!(TIMEOUTS, Unit::Count, "Waits for a connection that were given up");
    describe_histogram!(WAIT, Unit::Seconds, "From asking for a connection to having it");
    describe_histogram!(CREATE, Unit::Seconds, "Making a connection, log-in included");
}

/// A statement has ended; `elapsed` is missing if it was never sent.
pub(crate) fn operation(
    what: What<'_>,
    elapsed: Option<Duration>,
    returned: Option<u64>,
    error: Option<&Error>,
) {
    let Some(elapsed) = elapsed else { return };
    let mut labels = vec![
        Label::from_static_parts("db.system.name", "postgresql"),
        Label::new("db.operation.name", what.operation.to_owned()),
    ];
    labels.extend(what.config.namespace().map(|name| Label::new("db.namespace", name.to_owned())));
    labels.extend(what.table().map(|table| Label::from_static_parts("db.collection.name", table)));
    if let Some(returned) = returned {
        histogram!(RETURNED, labels.clone()).record(returned as f64);
    }
    labels.extend(error.map(|error| Label::new("error.type", error_type(error).into_owned())));
    histogram!(OPERATION, labels).record(elapsed);
}

/// `db.client.connection.pool.name`: the server, and the database there.
fn pool(config: &Config) -> Vec<Label> {
    let places: Vec<_> = config.places().iter().map(ToString::to_string).collect();
    let name = format!("{}/{}", places.join(","), config.namespace().unwrap_or_default());
    vec![Label::new("db.client.connection.pool.name", name)]
}

/// A connection was made.
pub(crate) fn connected(config: &Config, elapsed: Duration) {
    histogram!(CREATE, pool(config)).record(elapsed);
}

/// The figures of a pool.
pub(crate) struct Queue {
    pending: Gauge,
    wait: Histogram,
    timeouts: Counter,
}

impl Queue {
    pub(crate) fn new(config: &Config) -> Self {
        let labels = pool(config);
        Queue {
            pending: gauge!(PENDING, labels.clone()),
            wait: histogram!(WAIT, labels.clone()),
            timeouts: counter!(TIMEOUTS, labels),
        }
    }

    /// A task wants a connection.
    pub(crate) fn enter(&self) -> Wait<'_> {
        self.pending.increment(1);
        Wait { queue: self, since: Instant::now() }
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Queue")
    }
}

/// A task that waits for a connection; dropped when it waits no more.
pub(crate) struct Wait<'a> {
    queue: &'a Queue,
    since: Instant,
}

impl Wait<'_> {
    /// It has one.
    pub(crate) fn served(self) {
        self.queue.wait.record(self.since.elapsed());
    }

    /// It gave up at its deadline.
    pub(crate) fn timed_out(self) {
        self.queue.timeouts.increment(1);
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.queue.pending.decrement(1);
    }
}

/// A connection in the count of those that are idle, or used.
pub(crate) struct Counted {
    idle: Gauge,
    used: Gauge,
    is_used: AtomicBool,
}

impl Counted {
    /// A connection that was made.
    pub(crate) fn new(config: &Config) -> Self {
        let state = |state| {
            let mut labels = pool(config);
            labels.push(Label::from_static_parts("db.client.connection.state", state));
            gauge!(CONNECTIONS, labels)
        };
        let counted = Counted { idle: state("idle"), used: state("used"), is_used: AtomicBool::new(false) };
        counted.idle.increment(1);
        counted
    }

    /// It was taken from the pool, or given back.
    pub(crate) fn set(&self, used: bool) {
        match (self.is_used.swap(used, AcqRel), used) {
            (false, true) => {
                self.idle.decrement(1);
                self.used.increment(1);
            }
            (true, false) => {
                self.used.decrement(1);
                self.idle.increment(1);
            }
            _ => {}
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        match *self.is_used.get_mut() {
            true => self.used.decrement(1),
            false => self.idle.decrement(1),
        }
    }
}

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.is_used.fmt(f)
    }
}
