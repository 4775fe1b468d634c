//! The statements a connection has prepared, at most so many.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio_postgres::Statement;

/// Prepared statements by their plan's id. Dropping the last clone of a [`Statement`] closes it on the server.
#[derive(Debug, Default)]
pub(crate) struct Statements(Mutex<Cache>);

#[derive(Default)]
struct Cache {
    epoch: u64,
    known: HashMap<u64, Entry>,
    /// Oldest first; one that was used since it came to the front goes to the back once more.
    order: VecDeque<u64>,
}

struct Entry {
    statement: Statement,
    used: bool,
}

impl Statements {
    /// The most statements kept.
    pub(crate) const BOUND: usize = 256;

    /// The statement of a plan, if it was prepared in this epoch. All statements of an older epoch are forgotten.
    pub(crate) fn get(&self, plan: u64, epoch: u64) -> Option<Statement> {
        let stale;
        let found = {
            let mut cache = self.lock();
            stale = cache.enter(epoch);
            cache.known.get_mut(&plan).map(|entry| {
                entry.used = true;
                entry.statement.clone()
            })
        };
        drop(stale); // closing them locks again
        found
    }

    /// Keeps a statement prepared in an epoch.
    pub(crate) fn put(&self, plan: u64, epoch: u64, statement: Statement) {
        let (stale, evicted);
        {
            let mut cache = self.lock();
            stale = cache.enter(epoch);
            evicted = cache.make_room();
            if cache.known.insert(plan, Entry { statement, used: false }).is_none() {
                cache.order.push_back(plan);
            }
        }
        drop((stale, evicted));
    }

    fn lock(&self) -> MutexGuard<'_, Cache> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache {
    fn enter(&mut self, epoch: u64) -> Option<HashMap<u64, Entry>> {
        (self.epoch != epoch).then(|| {
            self.epoch = epoch;
            self.order.clear();
            std::mem::take(&mut self.known)
        })
    }

    fn make_room(&mut self) -> Option<Entry> {
        if self.known.len() < Statements::BOUND {
            return None;
        }
        while let Some(plan) = self.order.pop_front() {
            match self.known.get_mut(&plan) {
                Some(entry) if entry.used => {
                    entry.used = false;
                    self.order.push_back(plan);
                }
                _ => return self.known.remove(&plan),
            }
        }
        None
    }
}

impl std::fmt::Debug for Cache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cache").field("statements", &self.known.len()).finish_non_exhaustive()
    }
}
