//! The seam between the core and a driver: what can be asked of a database.

use crate::{ModelMeta, Result, RowSink, Statement};
use async_trait::async_trait;
use std::{
    fmt::Debug,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

/// Runs statements: a database's pool, or one frame of a transaction.
#[async_trait]
pub trait Executor: Send + Sync + Debug {
    /// Runs a statement, hands its rows to the sink as they arrive, and returns how many rows it returned or changed.
    ///
    /// A statement whose future is dropped may have been applied, or in a transaction is rolled back with it;
    /// the connection is never handed on in an unknown state.
    ///
    /// # Errors
    /// Whatever the server says, by kind; the error carries the SQL.
    async fn run(&self, statement: &Statement, sink: &mut (dyn RowSink + Send)) -> Result<u64>;

    /// Opens a cursor over a statement's rows.
    ///
    /// # Errors
    /// As [`run`](Executor::run).
    async fn cursor(&self, statement: Statement) -> Result<Box<dyn Cursor>>;
}

/// Rows that are fetched while they are read; dropping it ends the statement.
pub trait Cursor: Send {
    /// Hands the next row to the sink; `false` when there is none.
    ///
    /// # Errors
    /// Whatever the server or the sink says; the cursor is then at its end.
    fn poll_row(&mut self, cx: &mut Context<'_>, sink: &mut dyn RowSink) -> Poll<Result<bool>>;
}

/// A database.
#[async_trait]
pub trait Backend: Executor {
    /// A transaction's outermost frame. Nothing is sent before its first statement.
    fn transaction(&self, options: TransactionOptions) -> Arc<dyn Frame>;

    /// Creates the tables of the models that do not exist yet, with their keys, constraints and indexes.
    ///
    /// # Errors
    /// Whatever the server says.
    async fn create_tables(&self, models: &[&'static ModelMeta]) -> Result<()>;

    /// Makes an extension of the database, if it is not there yet.
    ///
    /// # Errors
    /// If it is not installed on the server; whatever the server says.
    async fn create_extension(&self, name: &str) -> Result<()>;

    /// Drops the tables of the models that exist, and what refers to them.
    ///
    /// # Errors
    /// Whatever the server says.
    async fn drop_tables(&self, models: &[&'static ModelMeta]) -> Result<()>;

    /// Tells whoever listens that a program asks for more than it needs to.
    fn advise(&self, what: &str);

    /// What the connections are doing at this moment.
    fn pool_status(&self) -> PoolStatus;

    /// Ends all connections: at once those that are free, the others when they are, or at the deadline.
    ///
    /// # Errors
    /// If the deadline passed; the connections in use were then cut.
    async fn close(&self, deadline: Duration) -> Result<()>;
}

/// What a database's connections are doing; see [`Db::pool_status`](crate::Db::pool_status).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStatus {
    /// The most connections that are held at a time.
    pub max: usize,
    /// Connections that are free.
    pub idle: usize,
    /// Connections that somebody uses, or that are being made.
    pub used: usize,
    /// Tasks that wait for a connection.
    pub waiting: usize,
}

/// One level of a transaction: the transaction itself, or a savepoint in it.
///
/// Only the innermost open frame of a transaction sends; the others wait for a bounded time for their turn.
#[async_trait]
pub trait Frame: Executor {
    /// Opens a savepoint in this frame. Nothing is sent before its first statement.
    fn nested(self: Arc<Self>) -> Arc<dyn Frame>;

    /// Commits the transaction, or releases the savepoint. `Ok` means that the server did it.
    ///
    /// # Errors
    /// [`TransactionAborted`](crate::ErrorKind::TransactionAborted) if an earlier error had ended it,
    /// [`CommitUnknown`](crate::ErrorKind::CommitUnknown) if the connection was lost before the answer.
    async fn commit(&self) -> Result<()>;

    /// Rolls back to where the frame began and closes it; does nothing if it is closed.
    ///
    /// # Errors
    /// If the connection was lost; the server then rolls back by itself.
    async fn rollback(&self) -> Result<()>;

    /// What dropping an unfinished frame does: queues the rollback at once, without waiting. Never fails:
    /// where it cannot be sent the connection is closed, and the server rolls back.
    fn abandon(&self);
}

/// How a transaction runs ([Transaction Isolation](https://www.postgresql.org/docs/current/transaction-iso.html)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TransactionOptions {
    /// `None` is the server's default, read committed unless it was changed.
    pub isolation: Option<Isolation>,
    /// `READ ONLY`.
    pub read_only: bool,
}

/// Isolation levels ([Transaction Isolation](https://www.postgresql.org/docs/current/transaction-iso.html)).
///
/// ```
/// use orm::{Isolation, Transaction};
///
/// let transaction = Transaction::new().isolation(Isolation::RepeatableRead).read_only();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it began.
    ReadCommitted,
    /// All statements see what was committed before the first one began.
    RepeatableRead,
    /// As if transactions ran one after the other; they may fail with [`is_retryable`](crate::Error::is_retryable).
    Serializable,
}
