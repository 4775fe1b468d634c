//! Hooks and signals: who is told of the rows of a model that were written.

mod watch;

pub use watch::{AnyHooks, HooksOf};
pub(crate) use watch::{run, watch};

use crate::{Model, Result};
use std::{
    fmt,
    future::{Future, ready},
    sync::{Arc, PoisonError, RwLock},
};
use watch::Event;

/// What is called with the rows of a model after they were written: `#[orm(hooks = Audit)]` on the model names it, a value of
/// any type that implements this. Several stand in a tuple, and [`Signals`] are hooks that others connect to while the
/// program runs.
///
/// They hold for every write of the model: of an instance, a draft, a QuerySet, in bulk, upserts, `get_or_create`,
/// managers, and deletes that only hide. Each is called once for a statement, with all its rows, as the database holds them,
/// or, if they were deleted, as they were. So there is no write that passes them by, but for what is no statement on the model:
/// raw SQL, and what the database does by itself (`on_delete`, triggers, rules). A change that is part of another
/// statement, by [`cte`](crate::Returning::cte), does not compile for a model with hooks.
///
/// A hook runs in the transaction of the write, in one made for it if there is none: its queries go there, and its error
/// undoes the write and is what the write returns. So it can refuse; what must only happen if it holds, as a mail, belongs
/// into [`on_commit`](crate::on_commit).
///
/// A model with hooks pays for them: each write returns its rows, and has a savepoint or transaction.
///
/// ```
/// # mod doc { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/run.rs")); } use doc::*;
/// use orm::{Hooks, prelude::*};
///
/// #[derive(Model, Debug)]
/// #[orm(hooks = Audit)]
/// pub struct Account {
///     pub id: i64,
///     pub balance: i64,
/// }
///
/// #[derive(Model, Debug)]
/// pub struct Entry {
///     pub id: i64,
///     pub text: String,
/// }
///
/// struct Audit;
///
/// impl Hooks<Account> for Audit {
///     async fn after_update(&self, rows: &[Account]) -> orm::Result<()> {
///         let entries = rows.iter().map(|row| Entry::draft().text(format!("{}: {}", row.id, row.balance)).build());
///         Entry::objects().bulk_create(entries).await?;
///         Ok(())
///     }
/// }
/// # run(orm::models![Account, Entry], async || {
/// Account::objects().bulk_create([10, 20].map(|balance| Account::draft().balance(balance).build())).await?;
/// Account::objects().update(|a| a.balance.set(a.balance + 1)).await?;
/// let texts = Entry::objects().order_by(|e| e.id).values(|e| e.text).await?;
/// assert_eq!(texts, ["1: 11", "2: 21"]);
/// # Ok(())
/// # });
/// ```
///
/// Django's [`post_save` and `post_delete`](https://docs.djangoproject.com/en/stable/ref/signals/#post-save), which bulk operations
/// do not send.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no hooks for `{M}`",
    label = "not `Hooks<{M}>`",
    note = "write `impl orm::Hooks<{M}> for …` with `async fn after_create(&self, rows: &[{M}]) -> orm::Result<()>`, `after_update` or `after_delete`"
)]
pub trait Hooks<M: Model>: Send + Sync + 'static {
    /// Rows were inserted.
    ///
    /// # Errors
    /// Undoes that.
    fn after_create(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        let _ = rows;
        ready(Ok(()))
    }

    /// Rows were changed; by an upsert too.
    ///
    /// # Errors
    /// Undoes that.
    fn after_update(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        let _ = rows;
        ready(Ok(()))
    }

    /// Rows were deleted, or hidden by `soft_delete`.
    ///
    /// # Errors
    /// Undoes that.
    fn after_delete(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        let _ = rows;
        ready(Ok(()))
    }

    /// Whether anybody listens.
    #[doc(hidden)]
    fn listens(&self) -> bool {
        true
    }
}

macro_rules! each { ($me:ident, $rows:ident, $method:ident, $($name:ident)+) => {
    async move {
        #[allow(non_snake_case, reason = "named as their types")]
        let ($($name,)+) = $me;
        $($name.$method($rows).await?;)+
        Ok(())
    }
}}
macro_rules! tuples { ($(($($name:ident)+))+) => {$(
    /// One after the other.
    impl<M: Model, $($name: Hooks<M>),+> Hooks<M> for ($($name,)+) {
        fn after_create(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
            each!(self, rows, after_create, $($name)+)
        }
        fn after_update(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
            each!(self, rows, after_update, $($name)+)
        }
        fn after_delete(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
            each!(self, rows, after_delete, $($name)+)
        }
        #[allow(non_snake_case, reason = "named as their types")]
        fn listens(&self) -> bool {
            let ($($name,)+) = self;
            $($name.listens())||+
        }
    }
)+}}
tuples!((A B) (A B C) (A B C D));

/// Those of a static.
impl<M: Model, H: Hooks<M>> Hooks<M> for &'static H {
    fn after_create(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        (**self).after_create(rows)
    }
    fn after_update(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        (**self).after_update(rows)
    }
    fn after_delete(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        (**self).after_delete(rows)
    }
    fn listens(&self) -> bool {
        (**self).listens()
    }
}

/// [`Hooks`] of a model, to which others connect while the program runs: Django's signals.
///
/// ```
/// # mod doc { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/run.rs")); } use doc::*;
/// use orm::{Hooks, Signals, prelude::*};
///
/// #[derive(Model, Debug)]
/// #[orm(hooks = &ARTICLES)]
/// pub struct Article {
///     pub id: i64,
///     pub title: String,
/// }
///
/// static ARTICLES: Signals<Article> = Signals::new();
///
/// /// Refuses articles without a title.
/// struct Titled;
///
/// impl Hooks<Article> for Titled {
///     async fn after_create(&self, rows: &[Article]) -> orm::Result<()> {
///         match rows.iter().any(|row| row.title.is_empty()) {
///             true => Err(orm::Error::new(orm::ErrorKind::InvalidValue, "an article without a title")),
///             false => Ok(()),
///         }
///     }
/// }
/// # run(orm::models![Article], async || {
/// let connection = ARTICLES.connect(Titled);
/// assert!(Article::objects().create().title("").await.is_err());
/// assert_eq!(Article::objects().count().await?, 0);
///
/// connection.disconnect();
/// Article::objects().create().title("").await?;
/// # Ok(())
/// # });
/// ```
pub struct Signals<M: Model>(RwLock<Connected<M>>);

type Connected<M> = Vec<Arc<dyn watch::Told<M>>>;

impl<M: Model> Signals<M> {
    /// Nobody is connected.
    pub const fn new() -> Self {
        Signals(RwLock::new(Vec::new()))
    }

    /// Connects hooks; they are called after those that were connected before, until they are
    /// [disconnected](Connection::disconnect).
    pub fn connect(&'static self, hooks: impl Hooks<M>) -> Connection<M> {
        let hooks: Arc<dyn watch::Told<M>> = Arc::new(hooks);
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(hooks.clone());
        Connection { signals: self, hooks }
    }

    fn connected(&self) -> Connected<M> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn tell(&self, event: Event, rows: &[M]) -> Result<()> {
        for hooks in self.connected() {
            hooks.tell(event, rows).await?;
        }
        Ok(())
    }
}

impl<M: Model> Hooks<M> for Signals<M> {
    fn after_create(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        self.tell(Event::Create, rows)
    }
    fn after_update(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        self.tell(Event::Update, rows)
    }
    fn after_delete(&self, rows: &[M]) -> impl Future<Output = Result<()>> + Send {
        self.tell(Event::Delete, rows)
    }
    fn listens(&self) -> bool {
        !self.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}

impl<M: Model> Default for Signals<M> {
    fn default() -> Self {
        Signals::new()
    }
}

impl<M: Model> fmt::Debug for Signals<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signals of {} to {}", M::meta().name, self.connected().len())
    }
}

/// That [`Signals`] call some hooks, also when this is dropped.
#[derive(Clone)]
pub struct Connection<M: Model> {
    signals: &'static Signals<M>,
    hooks: Arc<dyn watch::Told<M>>,
}

impl<M: Model> Connection<M> {
    /// Ends it: the hooks are not called by statements that begin from now on.
    pub fn disconnect(self) {
        let mut connected = self.signals.0.write().unwrap_or_else(PoisonError::into_inner);
        connected.retain(|hooks| !Arc::ptr_eq(hooks, &self.hooks));
    }
}

impl<M: Model> fmt::Debug for Connection<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Connection of {}", M::meta().name)
    }
}

/// A model without hooks. The derive implements it; generic code asks for it where rows are changed as part of another
/// statement, by [`cte`](crate::Returning::cte), of which no hook could be told.
#[diagnostic::on_unimplemented(
    message = "the model `{Self}` has hooks, or is not known to have none, and a change that is part of another statement calls none",
    label = "not `Unhooked`",
    note = "await the change by itself; generic code says `M: orm::Unhooked`"
)]
pub trait Unhooked: Model {}
