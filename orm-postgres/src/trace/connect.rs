//! What is told of connections: how one is made, and a long wait for one.

use super::record;
use crate::{
    config::{Config, Place},
    connection::Connection,
    metrics,
};
use orm_core::{PoolStatus, Result};
use std::{
    future::Future,
    time::{Duration, Instant},
};
use tracing::{Instrument, Level, Span, field::Empty};

/// Makes a connection.
pub(crate) async fn connecting(
    config: &Config,
    making: impl Future<Output = Result<Connection>>,
) -> Result<Connection> {
    let span = tracing::span!(
        target: "orm::span",
        Level::DEBUG,
        "connect",
        otel.kind = "client",
        otel.status_code = Empty,
        db.system.name = "postgresql",
        db.namespace = config.namespace(),
        db.response.status_code = Empty,
        error.type = Empty,
        server.address = Empty,
        server.port = Empty,
    );
    let started = Instant::now();
    let made = making.instrument(span.clone()).await;
    let elapsed = started.elapsed();
    match &made {
        Ok(connection) => {
            let place = &connection.place;
            place.record(&span);
            tracing::debug!(target: "orm::pool", ?elapsed, "connected to {place}");
            metrics::connected(config, elapsed);
        }
        Err(error) => {
            record(&span, error);
            tracing::debug!(target: "orm::pool", ?elapsed, "not connected: {error}");
        }
    }
    made
}

/// A connection was waited for.
pub(crate) fn waited(config: &Config, elapsed: Duration, status: impl FnOnce() -> PoolStatus) {
    if config.slow_query.is_some_and(|slow| elapsed >= slow) {
        let PoolStatus { max, used, waiting, .. } = status();
        tracing::warn!(target: "orm::pool", ?elapsed, max, used, waiting, "waited long for a connection");
    }
}

impl Place {
    /// `server.address` and `server.port` of a span.
    pub(super) fn record(&self, span: &Span) {
        if span.is_disabled() {
            return;
        }
        match self {
            Place::Tcp { host, port, .. } => {
                span.record("server.address", &**host).record("server.port", port)
            }
            Place::Unix(path) => span.record("server.address", tracing::field::display(path.display())),
        };
    }
}
