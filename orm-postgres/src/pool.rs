//! The pool: deadpool's, with a manager that hands out no connection in an unknown state.

mod making;

use crate::{config::Config, connection::Connection, metrics, trace};
use deadpool::managed::{
    self, Metrics, Object, Pool, PoolError, RecycleError, RecycleResult, TimeoutType, Timeouts,
};
use making::Making;
use orm_core::{Error, ErrorKind, PoolStatus, Result};
use std::{
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    runtime::Handle,
    task::AbortHandle,
    time::{Instant, sleep},
};

#[derive(Debug)]
pub(crate) struct Manager {
    config: Config,
    making: Arc<Making>,
    queue: metrics::Queue,
    /// The connections' tasks, to cut what is in use when the pool is closed.
    tasks: Mutex<Vec<AbortHandle>>,
}

impl Manager {
    fn tasks(&self) -> MutexGuard<'_, Vec<AbortHandle>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl managed::Manager for Manager {
    type Type = Box<Connection>; // the pool moves them about
    type Error = Error;

    async fn create(&self) -> Result<Box<Connection>> {
        let connection = Box::pin(self.making.get(&self.config)).await?;
        let mut tasks = self.tasks();
        tasks.retain(|task| !task.is_finished());
        tasks.push(connection.task());
        Ok(Box::new(connection))
    }

    async fn recycle(&self, connection: &mut Box<Connection>, _: &Metrics) -> RecycleResult<Error> {
        // Boxed: what is rarely done must not make the future of every query large.
        match connection.is_at_rest() && connection.is_usable() || Box::pin(connection.settle(false)).await {
            true => Ok(()),
            false => Err(RecycleError::message("closed, or its state is unknown")),
        }
    }
}

pub(crate) fn build(config: &Config) -> Result<Pool<Manager>> {
    metrics::describe();
    let manager = Manager {
        config: config.clone(),
        making: Arc::default(),
        queue: metrics::Queue::new(config),
        tasks: Mutex::default(),
    };
    let built = Pool::builder(manager).max_size(config.pool_size).runtime(deadpool::Runtime::Tokio1).build();
    built.map_err(|error| Error::usage(format!("the pool cannot be built: {error}")))
}

pub(crate) fn status(pool: &Pool<Manager>) -> PoolStatus {
    let status = pool.status();
    let mut ours = PoolStatus::default();
    ours.max = status.max_size;
    ours.idle = status.available;
    ours.used = status.size - status.available;
    ours.waiting = status.waiting;
    ours
}

/// A connection of the pool; it goes back when dropped, after it was brought to rest.
#[derive(Debug)]
pub(crate) struct Checkout(Option<Object<Manager>>);

impl Checkout {
    pub(crate) async fn new(pool: &Pool<Manager>, patience: Duration) -> Result<Self> {
        let Manager { config, queue, .. } = pool.manager();
        let wait = queue.enter();
        // One that is free costs no timer.
        let mut timeouts = Timeouts { wait: Some(Duration::ZERO), ..Timeouts::default() };
        let mut got = pool.timeout_get(&timeouts).await;
        if let Err(PoolError::Timeout(TimeoutType::Wait)) = got {
            let started = Instant::now();
            timeouts.wait = Some(patience);
            got = pool.timeout_get(&timeouts).await;
            trace::waited(config, started.elapsed(), || status(pool));
        }
        match &got {
            Ok(connection) => {
                connection.counted.set(true);
                wait.served();
            }
            Err(PoolError::Timeout(_)) => wait.timed_out(),
            Err(_) => {}
        }
        match got {
            Ok(connection) => Ok(Checkout(Some(connection))),
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(Error::usage("the database handle was closed")),
            Err(PoolError::Timeout(_)) => Err(exhausted(pool, patience)),
            Err(error) => Err(Error::new(ErrorKind::Connection, error.to_string())),
        }
    }
}

fn exhausted(pool: &Pool<Manager>, patience: Duration) -> Error {
    let PoolStatus { max, used, waiting, .. } = status(pool);
    let message = format!(
        "no connection became free within {patience:?}: of a pool of {max}, {used} are in use, and {waiting} other \
         tasks wait; raise `pool_size`, or look for transactions that wait for something else"
    );
    Error::new(ErrorKind::Timeout, message)
}

impl Deref for Checkout {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0.as_ref().expect("a checkout holds its connection until it is dropped")
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        let Some(connection) = self.0.take() else { return };
        if connection.is_at_rest() {
            connection.counted.set(false);
            return; // into the pool
        }
        if !connection.is_usable() {
            drop(Object::take(connection));
            return;
        }
        // The pool looks at a connection when it is next asked for; locks must not be held until then.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                match connection.settle(true).await {
                    true => connection.counted.set(false),
                    false => drop(Object::take(connection)),
                }
            });
        }
    }
}

/// Closes the pool and waits until the last connection is back, or cuts those in use at the deadline.
pub(crate) async fn close(pool: &Pool<Manager>, patience: Duration) -> Result<()> {
    let deadline = Instant::now() + patience;
    pool.close();
    pool.manager().making.clear();
    while pool.status().size > 0 {
        if Instant::now() >= deadline {
            let in_use = pool.status().size;
            pool.manager().tasks().drain(..).for_each(|task| task.abort());
            let message = format!("{in_use} connections were still in use after {patience:?} and were cut");
            return Err(Error::new(ErrorKind::Timeout, message));
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}
