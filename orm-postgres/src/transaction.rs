//! Transactions: frames on one connection, of which only the innermost open one sends.
//!
//! A frame is *fresh* until its first statement, and then *open* on the server: `BEGIN` and the `SAVEPOINT`s of the fresh
//! frames around it travel with that statement. So of two inner frames that are awaited together, the one that sends
//! first is the innermost; the other waits for its end, and for a bounded time only.

mod state;

use crate::{
    connection::{Connection, Failure},
    cursor::FrameCursor,
    error,
    execute::Call,
    plan::Plan,
    pool::Checkout,
    postgres::Database,
    trace::{Trace, What},
    wire::{Ended, Status},
};
use async_trait::async_trait;
use futures_util::future::join;
use orm_core::{
    Cursor, Error, ErrorKind, Executor, Frame, Isolation, Result, RowSink, Statement, TransactionOptions,
};
use state::{End, Held, State, Turn};
use std::{
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    sync::Notify,
    time::{Instant, timeout, timeout_at},
};

/// A frame: the transaction itself, or a savepoint in it. Clones are the same frame.
#[derive(Clone)]
pub(crate) struct PgFrame {
    transaction: Arc<Transaction>,
    id: usize,
}

struct Transaction {
    database: Arc<Database>,
    begin: &'static str,
    state: Mutex<State>,
    /// Wakes those who wait for their turn.
    freed: Notify,
}

impl PgFrame {
    pub(crate) fn outermost(database: Arc<Database>, options: TransactionOptions) -> Self {
        let begin = match (options.isolation, options.read_only) {
            (None, false) => "BEGIN",
            (None, true) => "BEGIN READ ONLY",
            (Some(Isolation::ReadCommitted), false) => "BEGIN ISOLATION LEVEL READ COMMITTED",
            (Some(Isolation::ReadCommitted), true) => "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY",
            (Some(Isolation::RepeatableRead), false) => "BEGIN ISOLATION LEVEL REPEATABLE READ",
            (Some(Isolation::RepeatableRead), true) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            (Some(Isolation::Serializable), false) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            (Some(Isolation::Serializable), true) => "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY",
        };
        let state = Mutex::new(State::default());
        PgFrame { transaction: Arc::new(Transaction { database, begin, state, freed: Notify::new() }), id: 0 }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.transaction.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does some work on the transaction's connection when it is this frame's turn, and opens the frame with it.
    pub(crate) async fn within<T, F>(&self, work: impl FnOnce(Arc<Checkout>) -> F) -> Result<T>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let turn = Mine { frame: self, turn: self.wait(State::turn).await? };
        let connection = self.connection().await?;
        let done = match turn.turn.opens() {
            None => work(Arc::clone(&connection)).await,
            Some(frames) => {
                let sql = self.opening(frames);
                let mut trace = Trace::new(self.command_of(&sql, None));
                trace.sent(&connection);
                // Polled in this order, and so sent in this order.
                let mut both = pin!(join(connection.command(&sql), work(Arc::clone(&connection))));
                let (begun, done) = poll_fn(|cx| {
                    let polled = both.as_mut().poll(cx);
                    self.state().opened(&turn.turn);
                    polled
                })
                .await;
                let begun = begun.map_err(|failure| failure.with_sql(&sql));
                trace.end(None, begun.as_ref().err().map(|failure| &failure.error));
                begun.and(done)
            }
        };
        done.map_err(|failure| self.failed(failure))
    }

    /// The transaction's connection; the first one who needs it takes it from the pool.
    async fn connection(&self) -> Result<Arc<Checkout>> {
        if let Some(connection) = &self.state().connection {
            return Ok(Arc::clone(connection));
        }
        let connection = Arc::new(self.transaction.database.checkout().await?);
        self.state().connection = Some(Arc::clone(&connection));
        Ok(connection)
    }

    fn opening(&self, frames: &[usize]) -> String {
        let commands: Vec<String> = frames
            .iter()
            .map(|frame| match frame {
                0 => self.transaction.begin.to_owned(),
                inner => format!("SAVEPOINT sp_{inner}"),
            })
            .collect();
        commands.join("; ")
    }

    /// Keeps the error for the commit, which may have to name it.
    fn failed(&self, failure: Failure) -> Error {
        let Failure { error, lost } = failure;
        let error = match error::is_stale(&error) {
            true => stale(&error),
            false => error,
        };
        let mut state = self.state();
        if lost {
            let connection = state.lose(error.to_string());
            drop(state);
            drop(connection);
            self.transaction.freed.notify_waiters();
        } else if error.db().is_some() {
            state.note(self.id, error.to_string());
        }
        error
    }

    /// Waits for a turn, for a bounded time.
    async fn wait<T>(&self, take: fn(&mut State, usize) -> Result<T, Held>) -> Result<T> {
        let mut deadline = None;
        loop {
            let mut freed = pin!(self.transaction.freed.notified());
            freed.as_mut().enable(); // before looking, so that no wake-up is missed
            let why = match take(&mut self.state(), self.id) {
                Ok(turn) => return Ok(turn),
                Err(Held::Over(error)) => return Err(error),
                Err(Held::By(why)) => why,
            };
            let patience = self.transaction.database.config.turn_timeout;
            let deadline = *deadline.get_or_insert_with(|| Instant::now() + patience);
            timeout_at(deadline, freed).await.map_err(|_| {
                let message = format!("the transaction's turn did not come within {patience:?}: {why}");
                Error::new(ErrorKind::Timeout, message)
            })?;
        }
    }

    /// Whether the frame is open on the server.
    pub(crate) fn is_open(&self) -> bool {
        self.state().connection_of(self.id).is_some()
    }

    /// A name for a cursor, unique in the transaction.
    pub(crate) fn name_cursor(&self) -> String {
        let mut state = self.state();
        state.cursors += 1;
        format!("c_{}", state.cursors)
    }

    /// Queues the end of a cursor that this frame declared, if it is still there.
    pub(crate) fn close_cursor(&self, name: &str) {
        let connection = self.state().connection_of(self.id);
        if let Some(connection) = connection
            && connection.line.status() == Status::InTransaction
        {
            connection.queue(&format!("CLOSE {name}"));
        }
    }

    /// A command of this transaction, as it is told of.
    pub(crate) fn command_of<'a>(&'a self, sql: &'a str, plan: Option<&'a Plan>) -> What<'a> {
        What::command(&self.transaction.database.config, sql, plan)
    }

    /// Commits the whole transaction; the connection goes back by being dropped, whatever happens.
    async fn commit_all(&self, connection: Arc<Checkout>, earlier: Option<String>) -> Result<()> {
        if connection.line.is_quiet() && connection.line.status() == Status::Failed {
            // Its end is told by the connection, whatever comes of it.
            let _ = self.undo_all(&connection).await;
            return Err(aborted(earlier));
        }
        connection.line.take_ended();
        let database = &self.transaction.database;
        let mut trace = Trace::new(self.command_of("COMMIT", None));
        trace.sent(&connection);
        let result = match timeout(database.config.statement_timeout, connection.command("COMMIT")).await {
            Ok(Ok(())) => match (connection.line.take_ended(), connection.line.status()) {
                (Some(Ended::Committed), Status::Idle) => Ok(()),
                _ => Err(aborted(earlier)),
            },
            Ok(Err(failure)) if failure.lost => {
                Err(unknown(&failure.error.to_string()).with_source(failure.error))
            }
            Ok(Err(failure)) => Err(failure.error.with_sql("COMMIT")),
            Err(_) => Err(unknown(&format!("no answer within {:?}", database.config.statement_timeout))),
        };
        trace.end(None, result.as_ref().err());
        result
    }

    /// Rolls back the whole transaction.
    async fn undo_all(&self, connection: &Connection) -> Result<()> {
        let mut trace = Trace::new(self.command_of("ROLLBACK", None));
        trace.sent(connection);
        let result = match connection.settle(true).await {
            true => Ok(()),
            false => {
                let message = "ROLLBACK was not answered, and the connection is closed; the server then rolls back by itself";
                Err(Error::new(ErrorKind::Connection, message))
            }
        };
        trace.end(None, result.as_ref().err());
        result
    }

    /// Releases a savepoint, or rolls back to it if it had failed.
    async fn release(&self, connection: &Connection, earlier: Option<String>) -> Result<()> {
        let failed = connection.line.is_quiet() && connection.line.status() == Status::Failed;
        if !failed {
            match self.command(connection, &format!("RELEASE sp_{}", self.id)).await {
                // In a failed transaction, which could not be seen before all answers were there.
                Err(failure) if !failure.lost && failure.error.code() == Some("25P02") => {}
                released => return released.map_err(|failure| self.failed(failure)),
            }
        }
        let undone = self.command(connection, &self.undoing()).await;
        undone.map_err(|failure| self.failed(failure))?;
        Err(aborted(earlier))
    }

    async fn command(&self, connection: &Connection, sql: &str) -> Result<(), Failure> {
        let database = &self.transaction.database;
        let mut trace = Trace::new(self.command_of(sql, None));
        trace.sent(connection);
        let done = timeout(database.config.statement_timeout, connection.command(sql)).await;
        let done = done.unwrap_or_else(|_| Err(Failure { error: database.overdue(sql), lost: true }));
        trace.end(None, done.as_ref().err().map(|failure| &failure.error));
        done
    }

    fn undoing(&self) -> String {
        format!("ROLLBACK TO sp_{0}; RELEASE sp_{0}", self.id)
    }
}

#[async_trait]
impl Executor for PgFrame {
    async fn run(&self, statement: &Statement, sink: &mut (dyn RowSink + Send)) -> Result<u64> {
        let database = &*self.transaction.database;
        let plan = database.plans.get(&statement.shape);
        let mut trace = Trace::new(What::plan(&database.config, &plan));
        let call = Call { plan: &plan, params: &statement.params, epoch: &database.epoch };
        let watched = &mut trace;
        let result = self
            .within(|connection| async move {
                watched.sent(&connection);
                let mut seen = 0;
                let answer =
                    timeout(database.config.statement_timeout, connection.run(call, sink, &mut seen)).await;
                // What is still running cannot be taken back by itself: the transaction ends with it.
                answer
                    .unwrap_or_else(|_| Err(Failure { error: database.overdue(&call.plan.sql), lost: true }))
            })
            .await;
        trace.end(result.as_ref().ok().copied(), result.as_ref().err());
        result
    }

    async fn cursor(&self, statement: Statement) -> Result<Box<dyn Cursor>> {
        let plan = self.transaction.database.plans.get(&statement.shape);
        Ok(Box::new(FrameCursor::open(self.clone(), plan, statement.params).await?))
    }
}

#[async_trait]
impl Frame for PgFrame {
    fn nested(self: Arc<Self>) -> Arc<dyn Frame> {
        let id = self.state().nest(self.id);
        Arc::new(PgFrame { transaction: Arc::clone(&self.transaction), id })
    }

    /// A commit whose future is dropped may have been applied.
    async fn commit(&self) -> Result<()> {
        let end = match self.wait(State::end).await {
            Ok(end) => end,
            Err(error) => {
                self.abandon();
                return Err(error);
            }
        };
        let result = match end {
            End::Nothing => return Ok(()),
            End::All { connection, earlier } => self.commit_all(connection, earlier).await,
            End::Inner { turn, connection, earlier } => {
                let _mine = Mine { frame: self, turn };
                self.release(&connection, earlier).await
            }
        };
        self.transaction.freed.notify_waiters();
        result
    }

    async fn rollback(&self) -> Result<()> {
        let undone = self.state().undo(self.id);
        self.transaction.freed.notify_waiters();
        let Some(connection) = undone else { return Ok(()) };
        match self.id {
            0 => self.undo_all(&connection).await,
            _ => {
                let undone = self.command(&connection, &self.undoing()).await;
                undone.map_err(|failure| self.failed(failure))
            }
        }
    }

    fn abandon(&self) {
        let undone = self.state().undo(self.id);
        if let Some(connection) = undone {
            let sql = if self.id == 0 { "ROLLBACK" } else { &self.undoing() };
            let mut trace = Trace::new(self.command_of(sql, None));
            trace.sent(&connection);
            connection.queue(sql); // its answer is not waited for
            trace.end(None, None);
        }
        self.transaction.freed.notify_waiters();
    }
}

impl fmt::Debug for PgFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PgFrame").field("savepoint", &self.id).finish_non_exhaustive()
    }
}

/// A turn, given back when it is dropped.
struct Mine<'a> {
    frame: &'a PgFrame,
    turn: Turn,
}

impl Drop for Mine<'_> {
    fn drop(&mut self) {
        self.frame.state().give_back(&self.turn);
        self.frame.transaction.freed.notify_waiters();
    }
}

fn aborted(earlier: Option<String>) -> Error {
    let message = match earlier {
        Some(earlier) => format!(
            "nothing was stored, because a statement had failed and its error was passed over: {earlier}"
        ),
        None => "nothing was stored, because a statement had failed before the commit".to_owned(),
    };
    Error::new(ErrorKind::TransactionAborted, message)
}

fn unknown(why: &str) -> Error {
    let message =
        format!("whether the transaction was committed is unknown: COMMIT was sent, and then {why}");
    Error::new(ErrorKind::CommitUnknown, message)
}

/// Outside of a transaction such a statement is asked again; inside, what was done before is lost with it.
fn stale(error: &Error) -> Error {
    let message =
        "a table was changed, and a prepared statement no longer fits it: run the transaction again";
    let conflict = Error::new(ErrorKind::Conflict, message).with_sql(error.sql().unwrap_or_default());
    match error.db() {
        Some(db) => conflict.with_db(db.clone()),
        None => conflict,
    }
}
