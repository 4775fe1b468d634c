//! Connections being made: by tasks of their own, so that a caller that gives up does not throw one away half made.
//!
//! Under load short deadlines would otherwise make, and drop, sockets faster than the server can accept them.

use crate::{config::Config, connection::Connection, error, trace::connecting};
use orm_core::{Error, ErrorKind, Result};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    runtime::{Handle, Id},
    sync::oneshot,
    time::{Instant, sleep},
};

/// Who waits for a connection, and the tasks that make one; both by their runtime, as a connection serves only its own.
#[derive(Debug, Default)]
pub(super) struct Making(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<(Id, oneshot::Sender<Result<Connection>>)>,
    tasks: Vec<Id>,
    /// Made for somebody who did not wait for it.
    spare: Vec<Connection>,
}

impl Making {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new connection.
    pub(super) async fn get(self: &Arc<Self>, config: &Config) -> Result<Connection> {
        let spare = self.state().spare();
        if let Some(connection) = spare {
            return Ok(connection);
        }
        let (sender, made) = oneshot::channel();
        let enough = self.state().wait(sender);
        if !enough {
            self.start(config.clone());
        }
        made.await.unwrap_or_else(|_| Err(Error::new(ErrorKind::Connection, "the runtime is shutting down")))
    }

    fn start(self: &Arc<Self>, config: Config) {
        let runtime = Handle::current();
        self.state().tasks.push(runtime.id());
        let task = Task { making: Arc::clone(self), runtime: runtime.id() };
        runtime.spawn(async move {
            let made = open(&config).await;
            task.done(made);
        });
    }

    /// Closes what nobody waits for.
    pub(super) fn clear(&self) {
        self.state().spare.clear();
    }
}

impl State {
    fn spare(&mut self) -> Option<Connection> {
        self.spare.retain(|spare| !spare.is_closed());
        let at = self.spare.iter().position(Connection::is_usable)?;
        Some(self.spare.swap_remove(at))
    }

    /// Whether as many tasks run already as there are callers who wait.
    fn wait(&mut self, sender: oneshot::Sender<Result<Connection>>) -> bool {
        let here = Handle::current().id();
        self.waiting.retain(|(_, waiting)| !waiting.is_closed());
        self.waiting.push_back((here, sender));
        let waiting = self.waiting.iter().filter(|(runtime, _)| *runtime == here).count();
        let tasks = self.tasks.iter().filter(|runtime| **runtime == here).count();
        tasks >= waiting
    }
}

/// A task that makes a connection; dropped with its runtime, it is one less.
struct Task {
    making: Arc<Making>,
    runtime: Id,
}

impl Task {
    fn done(self, mut made: Result<Connection>) {
        let mut state = self.making.state();
        while let Some(at) = state.waiting.iter().position(|(runtime, _)| *runtime == self.runtime) {
            let Some((_, waiting)) = state.waiting.remove(at) else { break };
            match waiting.send(made) {
                Ok(()) => return,
                Err(unwanted) => made = unwanted,
            }
        }
        state.spare.extend(made);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        let mut state = self.making.state();
        if let Some(at) = state.tasks.iter().position(|runtime| *runtime == self.runtime) {
            state.tasks.swap_remove(at);
        }
    }
}

/// Connects; a server that is starting or full is asked again until the acquire deadline.
async fn open(config: &Config) -> Result<Connection> {
    let deadline = Instant::now() + config.acquire_timeout;
    let mut pause = Duration::from_millis(50);
    loop {
        match connecting(config, Connection::open(config)).await {
            Err(error) if error::is_temporary(&error) && Instant::now() + pause < deadline => {
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
            done => return done,
        }
    }
}
