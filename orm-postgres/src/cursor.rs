//! Rows that are fetched while they are read. No deadline: the reader sets the pace.

use crate::{
    connection::{Connection, Failure, Flight},
    execute::{Call, Hand, Value, check, type_of},
    plan::Plan,
    pool::Checkout,
    postgres::Database,
    trace::{Trace, Watch, What},
    transaction::PgFrame,
};
use futures_util::{Stream, TryStreamExt};
use orm_core::{Cursor, Error, Result, RowSink, ast::Params};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio_postgres::{Row, RowStream, types::Type};

/// A cursor outside a transaction: a connection of its own, and the answer as it streams in.
pub(crate) struct PoolCursor(Option<Streaming>);

struct Streaming {
    rows: Pin<Box<RowStream>>,
    connection: Checkout,
    database: Arc<Database>,
    plan: Arc<Plan>,
    watch: Watch,
    hand: Hand,
    /// The number of rows handed on.
    seen: u64,
}

impl PoolCursor {
    /// Sends a statement whose rows are read from the connection it is sent on.
    pub(crate) async fn open(
        connection: &Connection,
        call: Call<'_>,
    ) -> Result<Pin<Box<RowStream>>, Failure> {
        let flight = Flight::new(&connection.line);
        let rows = Box::pin(connection.rows(call).await?);
        flight.landed();
        Ok(rows)
    }

    pub(crate) fn new(
        rows: Pin<Box<RowStream>>,
        connection: Checkout,
        database: Arc<Database>,
        plan: Arc<Plan>,
        watch: Watch,
    ) -> Self {
        PoolCursor(Some(Streaming {
            rows,
            connection,
            database,
            plan,
            watch,
            hand: Hand::default(),
            seen: 0,
        }))
    }
}

impl Cursor for PoolCursor {
    fn poll_row(&mut self, cx: &mut Context<'_>, sink: &mut dyn RowSink) -> Poll<Result<bool>> {
        let Some(streaming) = &mut self.0 else { return Poll::Ready(Ok(false)) };
        let failure = match ready!(streaming.rows.as_mut().poll_next(cx)) {
            Some(Ok(row)) => match streaming.hand.row(&streaming.plan, &row, sink) {
                Ok(()) => {
                    streaming.seen += 1;
                    return Poll::Ready(Ok(true));
                }
                Err(error) => error,
            },
            Some(Err(error)) => streaming.connection.failed(error).with_sql(&streaming.plan.sql).error,
            None => {
                streaming.tell(None);
                self.0 = None;
                return Poll::Ready(Ok(false));
            }
        };
        streaming.tell(Some(&failure));
        self.end();
        Poll::Ready(Err(failure))
    }
}

impl Streaming {
    fn tell(&mut self, error: Option<&Error>) {
        let what = What::streamed(&self.database.config, &self.plan);
        self.watch.tell(what, Some(self.seen), error);
    }
}

impl PoolCursor {
    /// Gives the connection back in the middle of its answer: its reader wanted no more.
    fn end(&mut self) {
        if let Some(mut streaming) = self.0.take() {
            streaming.tell(None);
            streaming.connection.line.mark();
        }
    }
}

impl Drop for PoolCursor {
    fn drop(&mut self) {
        self.end();
    }
}

/// A cursor of a transaction: declared on the server and fetched in batches, so that the transaction's other statements
/// run between the rows.
pub(crate) struct FrameCursor {
    frame: PgFrame,
    name: String,
    plan: Arc<Plan>,
    hand: Hand,
    state: State,
}

enum State {
    Fetching(Pin<Box<dyn Future<Output = Result<Vec<Row>>> + Send>>),
    Rows { rows: std::vec::IntoIter<Row>, last: bool },
    Ended,
}

/// The number of rows fetched at a time.
const BATCH: usize = 500;

impl FrameCursor {
    pub(crate) async fn open(frame: PgFrame, plan: Arc<Plan>, params: Params) -> Result<Self> {
        let name = frame.name_cursor();
        let sql = &format!("DECLARE {name} NO SCROLL CURSOR FOR {}", plan.sql);
        let params = &params;
        let mut trace = Trace::new(frame.command_of(sql, Some(&plan)));
        let watched = &mut trace;
        let declared = frame
            .within(|connection| async move {
                watched.sent(&connection);
                let params =
                    params.iter().zip(params.oids()).map(|(value, oid)| (Value(value), type_of(oid)));
                all(&connection, sql, params).await
            })
            .await;
        let declared = declared.map_err(|error| error.with_sql(&plan.sql));
        trace.end(None, declared.as_ref().err());
        declared?;
        let state = State::Rows { rows: Vec::new().into_iter(), last: false };
        Ok(FrameCursor { frame, name, plan, hand: Hand::default(), state })
    }

    fn fetch(&self) -> State {
        let (frame, plan) = (self.frame.clone(), Arc::clone(&self.plan));
        let sql = format!("FETCH FORWARD {BATCH} FROM {}", self.name);
        State::Fetching(Box::pin(async move {
            let (sql, plan) = (&sql, &plan);
            let mut trace = Trace::new(frame.command_of(sql, Some(plan)));
            let watched = &mut trace;
            let fetched = frame
                .within(|connection| async move {
                    watched.sent(&connection);
                    let rows = all(&connection, sql, []).await?;
                    if let Some(row) = rows.first() {
                        check(plan, row.columns())?;
                    }
                    Ok(rows)
                })
                .await;
            let fetched = fetched.map_err(|error| error.with_sql(&plan.sql));
            trace.end(fetched.as_ref().ok().map(|rows| rows.len() as u64), fetched.as_ref().err());
            fetched
        }))
    }

    fn end(&mut self) {
        if !matches!(std::mem::replace(&mut self.state, State::Ended), State::Ended) {
            self.frame.close_cursor(&self.name);
        }
    }
}

impl Cursor for FrameCursor {
    fn poll_row(&mut self, cx: &mut Context<'_>, sink: &mut dyn RowSink) -> Poll<Result<bool>> {
        loop {
            let error = match &mut self.state {
                State::Fetching(fetching) => match ready!(fetching.as_mut().poll(cx)) {
                    Ok(rows) => {
                        let last = rows.len() < BATCH;
                        self.state = State::Rows { rows: rows.into_iter(), last };
                        continue;
                    }
                    Err(error) => error,
                },
                State::Rows { .. } if !self.frame.is_open() => {
                    Error::usage("this `atomic` has ended, and its streams with it; read them inside")
                }
                State::Rows { rows, last } => match (rows.next(), *last) {
                    (Some(row), _) => match self.hand.row(&self.plan, &row, sink) {
                        Ok(()) => return Poll::Ready(Ok(true)),
                        Err(error) => error,
                    },
                    (None, false) => {
                        self.state = self.fetch();
                        continue;
                    }
                    (None, true) => {
                        self.end();
                        return Poll::Ready(Ok(false));
                    }
                },
                State::Ended => return Poll::Ready(Ok(false)),
            };
            self.end();
            return Poll::Ready(Err(error));
        }
    }
}

impl Drop for FrameCursor {
    fn drop(&mut self) {
        self.end();
    }
}

/// The rows of a statement that is not kept.
async fn all<'a>(
    connection: &Connection,
    sql: &str,
    params: impl IntoIterator<Item = (Value<'a>, Type)>,
) -> Result<Vec<Row>, Failure> {
    let flight = Flight::new(&connection.line);
    let rows = match connection.client.query_typed_raw(sql, params).await {
        Ok(rows) => rows.try_collect().await,
        Err(error) => Err(error),
    };
    flight.landed();
    rows.map_err(|error| connection.failed(error))
}
