//! One connection to the server: how it is made, what is known of its state, and how it is brought back to rest.

mod open;
mod statements;

use crate::{
    config::Place,
    error,
    metrics::Counted,
    wire::{Line, Status},
};
use open::Address;
use orm_core::{DbError, Error};
use statements::Statements;
use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering::*},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};
use tokio::{
    runtime::{Handle, Id},
    task::AbortHandle,
    time::timeout,
};
use tokio_postgres::Client;

/// How long a connection that comes back with answers outstanding may take to end them by itself.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long it may take once it was asked to cancel, or to roll back.
const LAST_PATIENCE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) statements: Statements,
    pub(crate) line: Arc<Line>,
    pub(crate) place: Place,
    pub(crate) counted: Counted,
    address: Address,
    task: AbortHandle,
    runtime: Id,
    broken: AtomicBool,
    /// Why the server closed the connection, if it said so.
    reason: Arc<OnceLock<DbError>>,
}

impl Connection {
    /// An error of tokio-postgres as one of ours; remembers when it was the connection's end.
    pub(crate) fn failed(&self, error: tokio_postgres::Error) -> Failure {
        let lost = error::is_fatal(&error);
        if lost {
            self.broken.store(true, Release);
            if let Some(db) = error.as_db_error() {
                let _ = self.reason.set(error::describe(db));
            }
        }
        Failure { error: error::failed(error, self.reason.get()), lost }
    }

    /// The connection's task, to cut it from outside.
    pub(crate) fn task(&self) -> AbortHandle {
        self.task.clone()
    }

    /// Whether it can be used by the calling task at all: it is open, and made by the runtime that runs now.
    pub(crate) fn is_usable(&self) -> bool {
        let here = Handle::try_current().is_ok_and(|runtime| runtime.id() == self.runtime);
        here && !self.is_closed() && !self.broken.load(Acquire)
    }

    /// Whether its task has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether it is as it was when it was made: nothing outstanding, no transaction open.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.line.is_quiet() && self.line.status() == Status::Idle
    }

    /// Waits a little for what is outstanding and rolls back what is open; `false` if that failed, and the
    /// connection must be thrown away. `cancel`: what does not end by itself is cancelled.
    pub(crate) async fn settle(&self, cancel: bool) -> bool {
        let settled = self.is_usable() && self.calm(cancel).await;
        if !settled {
            self.broken.store(true, Release);
        }
        settled
    }

    async fn calm(&self, cancel: bool) -> bool {
        let quiet = self.line.is_quiet() || self.answered(PATIENCE).await || cancel && self.cancelled().await;
        if !quiet {
            return false;
        }
        if self.line.status() != Status::Idle {
            let rolled_back = timeout(LAST_PATIENCE, self.client.batch_execute("ROLLBACK")).await;
            return matches!(rolled_back, Ok(Ok(()))) && self.is_at_rest();
        }
        true
    }

    /// Whether the server answers; if not, the connection is given up.
    pub(crate) async fn is_alive(&self) -> bool {
        let alive = self.answered(LAST_PATIENCE).await;
        self.broken.fetch_or(!alive, AcqRel);
        alive
    }

    /// Whether all that was sent is answered in time: a Sync of ours is answered after all before it.
    async fn answered(&self, patience: Duration) -> bool {
        let answered = timeout(patience, self.client.check_connection()).await;
        let answered = matches!(answered, Ok(Ok(())));
        if answered {
            self.line.unmark();
        }
        answered
    }

    async fn cancelled(&self) -> bool {
        matches!(timeout(LAST_PATIENCE, self.address.cancel(&self.client)).await, Ok(Ok(())))
            && self.answered(LAST_PATIENCE).await
    }

    /// Queues commands without waiting for their answers.
    pub(crate) fn queue(&self, sql: &str) {
        self.line.mark();
        let mut sent = pin!(self.client.batch_execute(sql)); // its first poll sends
        if let Poll::Ready(Err(error)) = sent.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            let _ = self.failed(error);
        }
    }

    /// Runs commands that return nothing.
    pub(crate) async fn command(&self, sql: &str) -> Result<(), Failure> {
        let flight = Flight::new(&self.line);
        let done = self.client.batch_execute(sql).await;
        flight.landed();
        done.map_err(|error| self.failed(error))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // At rest the task says good-bye to the server and ends; else it might wait for long.
        if !self.is_at_rest() {
            self.task.abort();
        }
    }
}

/// An error of a connection, and whether it was its last.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    pub(crate) lost: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { error, lost: false }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// A request under way: dropped before its end, it marks its connection.
pub(crate) struct Flight<'a>(Option<&'a Line>);

impl<'a> Flight<'a> {
    pub(crate) fn new(line: &'a Line) -> Self {
        Flight(Some(line))
    }

    /// The answer was read to its end.
    pub(crate) fn landed(mut self) {
        self.0 = None;
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if let Some(line) = self.0 {
            line.mark();
        }
    }
}
