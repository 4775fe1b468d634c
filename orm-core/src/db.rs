//! `Db`, and who executes: one function resolves it for every verb.
//!
//! The innermost `atomic` of this task, else the Db of its scope, else the process default. A future resolves it when it
//! is made and checks at its first poll that it is still so.

use crate::{
    Backend, Error, Executor, Frame, ModelMeta, PoolStatus, Result, Row, RowSink, Statement, hooks,
    relation::link, row::Collect, transaction::Open,
};
use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// A database: a cheap handle to its pool of connections.
///
/// The first one that `orm::connect` makes is the process default, and queries need no handle; another one is named
/// with `.using(&db)`, or made the default of a part of a task by [`scope`](Db::scope). In an
/// [`atomic`](crate::atomic) queries go to its transaction.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |db| {
/// User::objects().create().username("alice").await?; // on the default database
/// let users = User::objects().using(&db).await?; // on this one
/// let n = db.scope(async { User::objects().count().await }).await?; // on this one: it is the default inside
/// assert_eq!((users.len(), n), (1, 1));
/// # Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct Db(Arc<dyn Backend>);

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

static DEFAULT: OnceLock<Db> = OnceLock::new();

tokio::task_local! {
    static SCOPE: Arc<Scope>;
}

/// What a task has entered: a Db, and perhaps a transaction on it.
struct Scope {
    target: Target,
    outer: Option<Arc<Scope>>,
}

/// Where a statement goes.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) db: Db,
    pub(crate) open: Option<Arc<Open>>,
    /// How many hooks it is called by, one by the other.
    pub(crate) told: u8,
}

impl Db {
    /// A database behind a driver, for drivers; `orm::connect` makes one for you.
    ///
    /// ```
    /// use orm_core::{Backend, Db};
    /// use std::sync::Arc;
    ///
    /// fn wrapped(db: &Db, wrap: impl FnOnce(Arc<dyn Backend>) -> Arc<dyn Backend>) -> Db {
    ///     Db::new(wrap(db.backend().clone()))
    /// }
    /// ```
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Db(backend)
    }

    /// Makes this the process default.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// db.make_default()?;
    /// assert!(db.make_default().is_err());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// If there is one already.
    pub fn make_default(&self) -> Result<()> {
        DEFAULT.set(self.clone()).map_err(|_| {
            Error::usage(
                "this process has a default database already; connect to another one with `Db::connect`, \
                 and name it with `.using(&db)` or `db.scope(…)`",
            )
        })
    }

    /// Runs a future in which this is the default database. Tasks spawned in it are not in the scope.
    ///
    /// Inside an `atomic` on this database its statements are part of that transaction.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// let n = db
    ///     .scope(async {
    ///         User::objects().create().username("alice").await?;
    ///         User::objects().count().await
    ///     })
    ///     .await?;
    /// assert_eq!(n, 1);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn scope<F: IntoFuture>(&self, future: F) -> F::Output {
        let target = resolve(Some(self)).unwrap_or_else(|_| Target::of(self));
        enter(target, future).await
    }

    /// Creates the tables of models that do not exist yet, with their keys, constraints and indexes: for first steps
    /// and tests. Tables that exist are left as they are.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// # db.drop_tables(orm::models![User, Post]).await?;
    /// db.create_tables(orm::models![User, Post]).await?;
    /// assert_eq!(Post::objects().count().await?, 0);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// Inside `atomic`; a type of the database that has the name of one of the models'; whatever the server says.
    pub async fn create_tables(&self, models: impl AsRef<[&'static ModelMeta]>) -> Result<()> {
        self.not_in_transaction("create_tables")?;
        check_relations(models.as_ref())?;
        self.0.create_tables(models.as_ref()).await
    }

    /// Makes an extension of the database, if it is not there yet
    /// ([`CREATE EXTENSION`](https://www.postgresql.org/docs/current/sql-createextension.html)). `create_tables` does it for
    /// the types of extensions; functions and indexes need it said.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// db.create_extension("unaccent").await?;
    /// db.create_extension("unaccent").await?; // is there already
    /// let name: String = orm::raw("SELECT unaccent('Hélène')").one().await?;
    /// assert_eq!(name, "Helene");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// Inside `atomic`; if it is not installed on the server; whatever the server says, as that the user may not.
    pub async fn create_extension(&self, name: &str) -> Result<()> {
        self.not_in_transaction("create_extension")?;
        self.0.create_extension(name).await
    }

    /// Tables are defined on a connection of their own, which would wait for what the transaction has locked.
    fn not_in_transaction(&self, what: &str) -> Result<()> {
        match resolve(Some(self)) {
            Ok(Target { open: Some(_), .. }) => Err(Error::usage(format!(
                "`{what}` inside `atomic`: it would be no part of the transaction; call it before"
            ))),
            _ => Ok(()),
        }
    }

    /// Drops the tables of models, with all their rows and all that refers to them; those that do not exist are passed
    /// over.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// db.drop_tables(orm::models![Post, User]).await?;
    /// assert!(Post::objects().count().await.unwrap_err().is_schema());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// Whatever the server says.
    pub async fn drop_tables(&self, models: impl AsRef<[&'static ModelMeta]>) -> Result<()> {
        self.not_in_transaction("drop_tables")?;
        self.0.drop_tables(models.as_ref()).await
    }

    /// What the connections are doing at this moment, for a health check or a figure of one's own.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// let pool = db.pool_status();
    /// assert_eq!((pool.max, pool.idle, pool.used, pool.waiting), (10, 1, 0, 0));
    /// # Ok(())
    /// # });
    /// ```
    pub fn pool_status(&self) -> PoolStatus {
        self.0.pool_status()
    }

    /// Ends all connections: those that are free at once, the others when they are. Nothing new is begun.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |db| {
    /// use std::time::Duration;
    ///
    /// db.close(Duration::from_secs(5)).await?;
    /// assert!(User::objects().count().await.is_err());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// If connections were still in use at the deadline; they were then cut.
    pub async fn close(&self, deadline: Duration) -> Result<()> {
        self.0.close(deadline).await
    }

    /// The driver.
    ///
    /// ```
    /// fn same(a: &orm::Db, b: &orm::Db) -> bool {
    ///     std::sync::Arc::ptr_eq(a.backend(), b.backend())
    /// }
    /// ```
    pub fn backend(&self) -> &Arc<dyn Backend> {
        &self.0
    }

    pub(crate) fn is(&self, other: &Db) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Whether each relation of the models leads somewhere.
fn check_relations(models: &[&'static ModelMeta]) -> Result<()> {
    for model in models {
        for field in model.fields.iter().filter(|field| field.relation.is_some()) {
            link(model, field)?;
        }
    }
    Ok(())
}

/// Runs a future with a target of its own.
pub(crate) async fn enter<F: IntoFuture>(target: Target, future: F) -> F::Output {
    let scope = Scope { target, outer: SCOPE.try_with(Clone::clone).ok() };
    SCOPE.scope(Arc::new(scope), async move { future.into_future().await }).await
}

/// Who executes, here and now: for `using`, its innermost open transaction in this task, else its pool.
pub(crate) fn resolve(using: Option<&Db>) -> Result<Target> {
    let mut scope = SCOPE.try_with(Clone::clone).ok();
    let Some(db) = using else {
        let default = || DEFAULT.get().map(Target::of);
        return scope.map(|scope| scope.target.clone()).or_else(default).ok_or_else(|| {
            Error::usage(
                "no database is connected; call `orm::connect(url).await?` first, or name one with `.using(&db)`; a spawned \
                 task is outside of the scope and the transaction it was spawned in, and has its own by `db.scope(…)`",
            )
        });
    };
    while let Some(inner) = scope {
        if inner.target.db.is(db) && inner.target.open.is_some() {
            return Ok(inner.target.clone());
        }
        scope = inner.outer.clone();
    }
    Ok(Target::of(db))
}

/// Where a future goes, as resolved when it was made.
pub(crate) struct Route {
    using: Option<Db>,
    made: Option<Target>,
}

impl Route {
    pub(crate) fn new(using: Option<&Db>) -> Self {
        Route { using: using.cloned(), made: resolve(using).ok() }
    }

    /// The target at the first poll, if it is still the one at the making.
    pub(crate) fn target(&self) -> Result<Target> {
        let now = resolve(self.using.as_ref())?;
        match &self.made {
            None => Ok(now),
            Some(made) if made.is(&now) => Ok(now),
            Some(made) => Err(Error::usage(match (&made.open, &now.open) {
                (Some(_), _) => {
                    "the query was made inside a transaction and is awaited outside of it (after its end, or in a \
                     spawned task); make and await it in the same place"
                }
                (None, Some(_)) => {
                    "the query was made outside of this transaction and is awaited inside of it; \
                     make and await it in the same place"
                }
                (None, None) => {
                    "the query was made for another database than the scope in which it is awaited; \
                     make and await it in the same place"
                }
            })),
        }
    }
}

impl Target {
    /// A database, outside of transactions.
    fn of(db: &Db) -> Self {
        Target { db: db.clone(), open: None, told: 0 }
    }

    fn is(&self, other: &Target) -> bool {
        let frames = match (&self.open, &other.open) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        frames && self.db.is(&other.db)
    }

    /// Runs a statement, and tells the hooks of its model: all that is sent is sent here, but for streams.
    pub(crate) async fn run(&self, statement: &Statement, sink: &mut (dyn RowSink + Send)) -> Result<u64> {
        match hooks::watch(statement) {
            None => self.executor().run(statement, sink).await,
            Some(watch) => hooks::run(self, statement, sink, watch).await,
        }
    }

    /// Runs a statement and reads its rows.
    pub(crate) async fn rows<R: Row>(&self, statement: &Statement) -> Result<Vec<R>> {
        let mut rows = Collect(Vec::new());
        self.run(statement, &mut rows).await?;
        Ok(rows.0)
    }

    /// What runs a single statement.
    pub(crate) fn executor(&self) -> &dyn Executor {
        match &self.open {
            Some(open) => &*open.frame,
            None => &*self.db.0,
        }
    }

    /// A new frame: a savepoint in the open transaction, or a transaction.
    pub(crate) fn frame(&self, options: crate::TransactionOptions) -> Arc<dyn Frame> {
        match &self.open {
            Some(open) => open.frame.clone().nested(),
            None => self.db.0.transaction(options),
        }
    }
}
