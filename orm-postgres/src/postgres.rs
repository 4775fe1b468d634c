//! A database: the pool, the plans, and statements outside a transaction.

use crate::{
    config::Config,
    connection::Flight,
    cursor::PoolCursor,
    ddl, error,
    execute::Call,
    ident::TableName,
    plan::{Plan, Plans},
    pool::{self, Checkout, Manager},
    trace::{self, Trace, What},
    transaction::PgFrame,
};
use async_trait::async_trait;
use deadpool::managed::Pool;
use orm_core::{
    Backend, Cursor, Db, Error, ErrorKind, Executor, Frame, ModelMeta, PoolStatus, Result, RowSink,
    Statement, TransactionOptions,
};
use std::{
    fmt,
    pin::Pin,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};
use tokio::time::timeout;
use tokio_postgres::{
    RowStream,
    types::{FromSql, Type},
};

/// The pool as an executor, and what can be asked of the database as a whole.
struct Postgres(Arc<Database>);

/// What all connections, cursors and transactions of a database share.
pub(crate) struct Database {
    pub(crate) config: Config,
    pub(crate) plans: Plans,
    /// Counts how often prepared statements were found to be out of date.
    pub(crate) epoch: AtomicU64,
    pool: Pool<Manager>,
}

/// Connects to a database: makes one connection at once, so that what is wrong is an error here.
///
/// # Errors
/// [`Connection`](ErrorKind::Connection) if no server answers, [`Authentication`](ErrorKind::Authentication) if it
/// refuses the user, the password or the database's name.
pub async fn connect(config: Config) -> Result<Db> {
    let pool = pool::build(&config)?;
    let database = Database { config, plans: Plans::default(), epoch: AtomicU64::new(0), pool };
    database.checkout().await?;
    Ok(Db::new(Arc::new(Postgres(Arc::new(database)))))
}

impl Database {
    pub(crate) async fn checkout(&self) -> Result<Checkout> {
        Checkout::new(&self.pool, self.config.acquire_timeout).await
    }

    /// A connection that has just answered: where one was lost, the others in the pool may be lost too.
    async fn checkout_alive(&self) -> Result<Checkout> {
        for _ in 0..self.config.pool_size {
            let connection = self.checkout().await?;
            if connection.is_alive().await {
                return Ok(connection);
            }
        }
        self.checkout().await
    }

    /// The error of a statement whose deadline passed.
    pub(crate) fn overdue(&self, sql: &str) -> Error {
        let timeout = self.config.statement_timeout;
        let mut message = format!("no answer within {timeout:?}; the statement was cancelled");
        if sql.starts_with("WITH RECURSIVE") {
            message.push_str(
                "; a recursion ends when a step finds no new rows: bound by a condition what grows from step to step",
            );
        }
        Error::new(ErrorKind::Timeout, message).with_sql(sql)
    }

    /// Runs a statement, and once more if the first try cannot have done anything.
    async fn run(
        &self,
        plan: &Plan,
        statement: &Statement,
        sink: &mut (dyn RowSink + Send),
        trace: &mut Trace<'_>,
    ) -> Result<u64> {
        let call = Call { plan, params: &statement.params, epoch: &self.epoch };
        let mut again = true;
        loop {
            let connection =
                if again { self.checkout().await? } else { Box::pin(self.checkout_alive()).await? };
            trace.sent(&connection);
            let mut seen = 0;
            let answer = timeout(self.config.statement_timeout, connection.run(call, sink, &mut seen)).await;
            let failure = match answer {
                Ok(Ok(rows)) => return Ok(rows),
                Ok(Err(failure)) => failure,
                Err(_) => return Err(self.overdue(&plan.sql)),
            };
            let did_nothing = error::is_stale(&failure.error) || failure.lost && plan.read_only && seen == 0;
            if !std::mem::take(&mut again) || !did_nothing {
                return Err(match failure.lost && !plan.read_only {
                    true => failure.error.context("whether the statement was applied is unknown"),
                    false => failure.error,
                });
            }
        }
    }

    /// Opens a cursor, and once more if the first try cannot have done anything.
    async fn open(
        &self,
        plan: &Plan,
        statement: &Statement,
        trace: &mut Trace<'_>,
    ) -> Result<(Pin<Box<RowStream>>, Checkout)> {
        let call = Call { plan, params: &statement.params, epoch: &self.epoch };
        let mut again = true;
        loop {
            let connection = self.checkout().await?;
            trace.sent(&connection);
            let failure = match PoolCursor::open(&connection, call).await {
                Ok(rows) => return Ok((rows, connection)),
                Err(failure) => failure,
            };
            let did_nothing = error::is_stale(&failure.error) || failure.lost && plan.read_only;
            if !std::mem::take(&mut again) || !did_nothing {
                return Err(failure.with_sql(&plan.sql).error);
            }
        }
    }

    /// One transaction of table definitions, without the statement's deadline. Programs that start together take turns.
    async fn define(&self, models: &[&'static ModelMeta], create: bool) -> Result<()> {
        let config = &self.config;
        let models = &ddl::with_pairs(models)[..];
        let connection = self.defining().await?;
        let statements = match create {
            true => {
                let existing = existing(config, &connection, models).await?;
                check_targets(config, &connection, models).await?;
                for named in ddl::types(models)? {
                    let existing = existing_type(config, &connection, named.name).await?;
                    for sql in ddl::create_type(named, existing.as_ref())? {
                        command(config, &connection, &sql).await?;
                    }
                }
                ddl::create_missing(models, |model| existing.contains(&model.table))
            }
            false => ddl::drop_tables(models),
        };
        for sql in statements {
            command(config, &connection, &sql).await?;
        }
        command(config, &connection, "COMMIT").await
    }

    /// A connection in a transaction that takes its turn.
    async fn defining(&self) -> Result<Checkout> {
        let config = &self.config;
        let connection = self.checkout().await?;
        // What an error leaves open is rolled back on the way into the pool.
        command(config, &connection, "BEGIN").await?;
        command(config, &connection, "SET LOCAL lock_timeout = '10s'").await?;
        command(config, &connection, &format!("SELECT pg_advisory_xact_lock({DEFINING})")).await?;
        Ok(connection)
    }

    async fn create_extension(&self, name: &str) -> Result<()> {
        let connection = self.defining().await?;
        let made = command(&self.config, &connection, &ddl::create_extension(name)).await;
        made.map_err(|error| match error.code() {
            Some("0A000" | "58P01") => Error::new(
                ErrorKind::Unsupported,
                format!(
                    "the extension `{name}` is not installed on the server; install the package it comes with, for \
                     PostgreSQL's own often `postgresql-contrib`"
                ),
            )
            .with_source(error),
            _ => error,
        })?;
        command(&self.config, &connection, "COMMIT").await
    }
}

/// The advisory lock of those who define tables.
const DEFINING: u64 = 0x006f_726d_0000_0001;

/// Runs one command.
async fn command(config: &Config, connection: &Checkout, sql: &str) -> Result<()> {
    let mut trace = Trace::new(What::command(config, sql, None));
    trace.sent(connection);
    let done = connection.command(sql).await.map_err(|failure| failure.with_sql(sql).error);
    trace.end(None, done.as_ref().err());
    done
}

/// Whether each foreign key of the models leads to one of them, or to a table that exists.
async fn check_targets(config: &Config, connection: &Checkout, models: &[&'static ModelMeta]) -> Result<()> {
    for model in models {
        for field in model.columns() {
            let Some(target) = field.relation.map(|relation| (relation.target)()) else { continue };
            let listed = models.iter().any(|model| model.table == target.table);
            if !listed && existing(config, connection, &[target]).await?.is_empty() {
                let (from, to, table) = (model.name, target.name, target.table);
                return Err(Error::usage(format!(
                    "`{from}.{}` leads to `{to}`, whose table \"{table}\" does not exist; add `{to}` to the models",
                    field.name
                )));
            }
        }
    }
    Ok(())
}

/// The tables that exist, of those that the models name.
async fn existing(
    config: &Config,
    connection: &Checkout,
    models: &[&'static ModelMeta],
) -> Result<Vec<&'static str>> {
    let mut tables = Vec::new();
    for model in models {
        if exists(config, connection, model.table).await? {
            tables.push(model.table);
        }
    }
    Ok(tables)
}

/// Whether there is a table of a name.
async fn exists(config: &Config, connection: &Checkout, name: &'static str) -> Result<bool> {
    ask(config, connection, "SELECT to_regclass($1) IS NOT NULL", name).await
}

/// The type of a name, if there is one.
async fn existing_type(
    config: &Config,
    connection: &Checkout,
    name: &'static str,
) -> Result<Option<ddl::Existing>> {
    const TYPE: &str = "SELECT ARRAY(SELECT typtype::text FROM pg_type WHERE oid = to_regtype($1)) || ARRAY(\
        SELECT enumlabel::text FROM pg_enum WHERE enumtypid = to_regtype($1) ORDER BY enumsortorder)";
    let mut found = ask::<Vec<String>>(config, connection, TYPE, name).await?.into_iter();
    Ok(found.next().map(|kind| ddl::Existing { kind, labels: found.collect() }))
}

/// One value of the catalog about what has a name.
async fn ask<T>(config: &Config, connection: &Checkout, sql: &str, name: &'static str) -> Result<T>
where
    T: for<'a> FromSql<'a>,
{
    let name = TableName::new(name).to_string();
    let mut trace = Trace::new(What::command(config, sql, None));
    trace.sent(connection);
    let flight = Flight::new(&connection.line);
    let answer = connection.client.query_typed_one(sql, &[(&name, Type::TEXT)]).await;
    flight.landed();
    let answer = answer.map_err(|error| connection.failed(error).with_sql(sql).error);
    trace.end(answer.as_ref().ok().map(|_| 1), answer.as_ref().err());
    answer?.try_get(0).map_err(|error| connection.failed(error).error)
}

#[async_trait]
impl Executor for Postgres {
    async fn run(&self, statement: &Statement, sink: &mut (dyn RowSink + Send)) -> Result<u64> {
        let plan = self.0.plans.get(&statement.shape);
        let mut trace = Trace::new(What::plan(&self.0.config, &plan));
        let result = self.0.run(&plan, statement, sink, &mut trace).await;
        trace.end(result.as_ref().ok().copied(), result.as_ref().err());
        result
    }

    async fn cursor(&self, statement: Statement) -> Result<Box<dyn Cursor>> {
        let database = &self.0;
        let plan = database.plans.get(&statement.shape);
        let mut trace = Trace::new(What::streamed(&database.config, &plan));
        match database.open(&plan, &statement, &mut trace).await {
            Ok((rows, connection)) => {
                let watch = trace.into_watch();
                let cursor =
                    PoolCursor::new(rows, connection, Arc::clone(database), Arc::clone(&plan), watch);
                Ok(Box::new(cursor))
            }
            Err(error) => {
                trace.end(None, Some(&error));
                Err(error)
            }
        }
    }
}

#[async_trait]
impl Backend for Postgres {
    fn transaction(&self, options: TransactionOptions) -> Arc<dyn Frame> {
        Arc::new(PgFrame::outermost(Arc::clone(&self.0), options))
    }

    async fn create_tables(&self, models: &[&'static ModelMeta]) -> Result<()> {
        self.0.define(models, true).await
    }

    async fn create_extension(&self, name: &str) -> Result<()> {
        self.0.create_extension(name).await
    }

    async fn drop_tables(&self, models: &[&'static ModelMeta]) -> Result<()> {
        self.0.define(models, false).await
    }

    fn advise(&self, what: &str) {
        trace::advice(what);
    }

    fn pool_status(&self) -> PoolStatus {
        pool::status(&self.0.pool)
    }

    async fn close(&self, deadline: Duration) -> Result<()> {
        pool::close(&self.0.pool, deadline).await
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.config.fmt(f)
    }
}
