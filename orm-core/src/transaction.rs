//! `atomic`, `try_atomic`, `Transaction` and `on_commit`.

use crate::{
    Error, Frame, Isolation, Result, TransactionOptions,
    db::{self, Target},
};
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

type Hook = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// An open `atomic` of this task.
pub(crate) struct Open {
    pub(crate) frame: Arc<dyn Frame>,
    on_commit: Mutex<Vec<Hook>>,
}

impl Open {
    fn hooks(&self) -> std::sync::MutexGuard<'_, Vec<Hook>> {
        self.on_commit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a future in a transaction, or inside another `atomic` in a savepoint: every query in it uses the transaction's
/// connection, needing no handle.
///
/// `Ok` commits; an `Err`, a panic or a dropped future rolls back. A transaction in which nothing was asked takes no
/// connection. A spawned task is outside.
///
/// A QuerySet may be made anywhere, as it is bound where it is awaited; what is begun, by `create()`, `stream()` or
/// `into_future()`, belongs to the place where it was made, and awaiting it in another is an error.
///
/// The error is [`Error`]; [`try_atomic`] takes blocks with an error type of their own.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let post = atomic(async {
///     let author = User::objects().create().username("alice").await?;
///     Post::objects().create().title("Hi").author(&author).await
/// })
/// .await?;
///
/// let failed = atomic(async {
///     Post::objects().delete().await?;
///     Post::objects().get(-1).await // an error: nothing is deleted
/// });
/// assert!(failed.await.unwrap_err().is_not_found());
/// assert_eq!(Post::objects().get(&post).await?.title, "Hi");
/// # Ok(())
/// # });
/// ```
///
/// # Errors
/// The block's own error; or that of the commit: [`TransactionAborted`](crate::ErrorKind::TransactionAborted) if an
/// error inside was swallowed that had ended the transaction, [`CommitUnknown`](crate::ErrorKind::CommitUnknown) if the
/// connection was lost before the server answered. `Ok` means committed.
pub fn atomic<T>(block: impl IntoFuture<Output = Result<T>>) -> impl Future<Output = Result<T>> {
    try_atomic(block)
}

/// [`atomic`] for blocks with an error type of their own, into which an [`Error`] can be converted.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// #[derive(Debug)]
/// enum Refused {
///     Empty,
///     Orm(orm::Error),
/// }
///
/// impl From<orm::Error> for Refused {
///     fn from(error: orm::Error) -> Self {
///         Refused::Orm(error)
///     }
/// }
///
/// let done = try_atomic(async {
///     User::objects().create().username("alice").await?;
///     if Post::objects().count().await? == 0 {
///         return Err(Refused::Empty);
///     }
///     Ok(())
/// });
/// assert!(matches!(done.await, Err(Refused::Empty)));
/// assert_eq!(User::objects().count().await?, 0);
/// # Ok(())
/// # });
/// ```
///
/// # Errors
/// As [`atomic`].
pub fn try_atomic<T, E: From<Error>>(
    block: impl IntoFuture<Output = Result<T, E>>,
) -> impl Future<Output = Result<T, E>> {
    run(TransactionOptions::default(), boxed(block))
}

/// A transaction with options, that can be run again when it got in the way of another one
/// ([Transaction Isolation](https://www.postgresql.org/docs/current/transaction-iso.html)).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// Transaction::serializable()
///     .retries(5)
///     .run(async || {
///         let views = Post::objects().aggregate(|p| p.views.sum().or(0)).await?;
///         User::objects().filter(|u| u.id.eq(views)).update(|u| u.email.set(None)).await
///     })
///     .await?;
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "a transaction does nothing until `run`"]
pub struct Transaction {
    options: TransactionOptions,
    retries: u32,
}

impl Transaction {
    /// The server's default level, read committed unless it was changed.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let n = Transaction::new().retries(3).run(async || Post::objects().count().await).await?;
    /// assert_eq!(n, 0);
    /// # Ok(())
    /// # });
    /// ```
    pub fn new() -> Self {
        Transaction::default()
    }

    /// As if transactions ran one after the other.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let n = Transaction::serializable().run(async || Post::objects().count().await).await?;
    /// assert_eq!(n, 0);
    /// # Ok(())
    /// # });
    /// ```
    pub fn serializable() -> Self {
        Transaction::new().isolation(Isolation::Serializable)
    }

    /// An isolation level.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// use orm::Isolation;
    ///
    /// let report = Transaction::new().isolation(Isolation::RepeatableRead).run(async || {
    ///     Ok((User::objects().count().await?, Post::objects().count().await?)) // of one moment
    /// });
    /// assert_eq!(report.await?, (0, 0));
    /// # Ok(())
    /// # });
    /// ```
    pub fn isolation(mut self, level: Isolation) -> Self {
        self.options.isolation = Some(level);
        self
    }

    /// Refuses to write.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let write = Transaction::new().read_only().run(async || Post::objects().delete().await);
    /// assert_eq!(write.await.unwrap_err().code(), Some("25006")); // read_only_sql_transaction
    /// # Ok(())
    /// # });
    /// ```
    pub fn read_only(mut self) -> Self {
        self.options.read_only = true;
        self
    }

    /// How often to run the block again after a conflict ([`is_retryable`](Error::is_retryable)); by default never.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// # let mut times = 0;
    /// let conflict = || orm::Error::new(orm::ErrorKind::Conflict, "as the server says it");
    /// let done = Transaction::new().retries(2).run(|| {
    ///     times += 1;
    ///     async move { if times < 3 { Err(conflict()) } else { Ok(times) } }
    /// });
    /// assert_eq!(done.await?, 3);
    /// # Ok(())
    /// # });
    /// ```
    pub fn retries(mut self, times: u32) -> Self {
        self.retries = times;
        self
    }

    /// Runs the block; `async || { … }` fits too.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let n = Transaction::serializable().run(|| async { Post::objects().count().await }).await?;
    /// assert_eq!(n, 0);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`atomic`]; inside another transaction a usage error, as options belong to the whole of one.
    pub async fn run<T, F>(self, mut block: impl FnMut() -> F) -> Result<T>
    where
        F: IntoFuture<Output = Result<T>>,
    {
        if db::resolve(None).is_ok_and(|target| target.open.is_some()) {
            return Err(Error::usage(
                "`Transaction` begins a transaction and cannot stand inside another one; use `atomic` there",
            ));
        }
        let mut left = self.retries;
        loop {
            match run(self.options, boxed(block())).await {
                Err(error) if left > 0 && error.is_retryable() => left -= 1,
                result => return result,
            }
        }
    }
}

/// Runs a function after the transaction has been committed, in the order given: after the COMMIT of the outermost
/// `atomic`, and not at all if this `atomic` or one around it is rolled back.
///
/// What it returns is awaited before the outermost `atomic` returns. One that panics ends that `atomic` with the panic,
/// and those after it do not run; what was committed stays.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// # use std::sync::{Arc, atomic::{AtomicBool, Ordering::SeqCst}};
/// # let sent = Arc::new(AtomicBool::new(false));
/// # let mail = sent.clone();
/// atomic(async {
///     User::objects().create().username("alice").await?;
///     on_commit(move || async move { mail.store(true, SeqCst) /* send the mail */ })
/// })
/// .await?;
/// assert!(sent.load(SeqCst));
/// # Ok(())
/// # });
/// ```
///
/// # Errors
/// Outside of a transaction.
pub fn on_commit<F>(hook: impl FnOnce() -> F + Send + 'static) -> Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let open = db::resolve(None)?.open.ok_or_else(|| {
        Error::usage("`on_commit` stands outside of a transaction; put it inside `atomic(async { … })`")
    })?;
    open.hooks().push(Box::new(|| Box::pin(hook())));
    Ok(())
}

/// Runs the hooks that wait for the commit of this task's innermost `atomic`, and says how many: for tests, which never
/// come to it.
#[doc(hidden)]
pub async fn run_on_commit_hooks() -> Result<usize> {
    let open = db::resolve(None)?.open.ok_or_else(|| {
        Error::usage(
            "outside of a transaction no hook waits: `on_commit` hooks ran when theirs was committed",
        )
    })?;
    let hooks = std::mem::take(&mut *open.hooks());
    let number = hooks.len();
    for hook in hooks {
        hook().await;
    }
    Ok(number)
}

/// A block on the heap: each layer of futures around it would otherwise hold it by value, and nested blocks would
/// multiply.
fn boxed<B: IntoFuture>(block: B) -> Pin<Box<impl Future<Output = B::Output>>> {
    Box::pin(async move { block.into_future().await })
}

async fn run<T, E: From<Error>>(
    options: TransactionOptions,
    block: Pin<Box<impl Future<Output = Result<T, E>>>>,
) -> Result<T, E> {
    in_frame(&db::resolve(None)?, options, |inner| db::enter(inner, block)).await
}

/// Rolls back what was not finished: a panic, or a dropped future.
struct Unfinished(Option<Arc<dyn Frame>>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(frame) = &self.0 {
            frame.abandon();
        }
    }
}

/// Runs a future on a target of its own, a new frame in another one, and commits or rolls back: `atomic`, and our verbs of
/// several statements.
pub(crate) async fn in_frame<T, E, F>(
    outer: &Target,
    options: TransactionOptions,
    block: impl FnOnce(Target) -> F,
) -> Result<T, E>
where
    E: From<Error>,
    F: Future<Output = Result<T, E>>,
{
    let frame = outer.frame(options);
    let open = Arc::new(Open { frame: frame.clone(), on_commit: Mutex::default() });
    let mut unfinished = Unfinished(Some(frame.clone()));
    let result = match block(Target { open: Some(open.clone()), ..outer.clone() }).await {
        Ok(value) => frame.commit().await.map(|()| value).map_err(E::from),
        Err(error) => {
            // The block's error is the one to tell; a failed rollback means a lost connection, which rolls back too.
            let _ = frame.rollback().await;
            Err(error)
        }
    };
    unfinished.0 = None;
    let value = result?;
    let hooks = std::mem::take(&mut *open.hooks());
    match &outer.open {
        Some(outer) => outer.hooks().extend(hooks),
        None => {
            for hook in hooks {
                hook().await;
            }
        }
    }
    Ok(value)
}
