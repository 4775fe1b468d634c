//! The plan cache: a shape is rendered once.

use crate::render::render;
use foldhash::fast::RandomState;
use orm_core::{
    ModelMeta, SqlType,
    ast::{Raw, RawOutput, Shape},
};
use std::{
    collections::HashMap,
    hash::BuildHasher,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// What is known of a statement before it is sent.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Unique in the process: what a connection keeps its prepared statements by.
    pub(crate) id: u64,
    /// The statement.
    pub(crate) sql: String,
    /// The model it is about, for error messages.
    pub(crate) model: Option<&'static ModelMeta>,
    /// The word the statement begins with, for who watches.
    pub(crate) operation: &'static str,
    /// What its rows must be: each column's name, for error messages, and its type.
    pub(crate) output: Vec<(String, SqlType)>,
    /// How its rows' columns are told.
    pub(crate) columns: Columns,
    /// Whether running it twice is the same as running it once.
    pub(crate) read_only: bool,
}

/// How the columns of a statement's rows are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// They are those that were asked for.
    InOrder,
    /// By their names; there may be others.
    ByName,
    /// Not at all: nobody reads them.
    Any,
}

/// The plans of the shapes used lately, at most so many.
///
/// The key is the whole shape, compared by `Eq`: two shapes of one hash are two plans. The hasher is fast, as each query
/// pays for it, and has a random key, as what a client may filter and order by shapes its statements.
pub(crate) struct Plans<S = RandomState> {
    cache: RwLock<Cache<S>>,
    bound: usize,
}

/// A clock: the hand goes round the slots and takes the first one that was not used since it last came by.
struct Cache<S> {
    places: HashMap<Arc<Shape>, usize, S>,
    slots: Vec<Slot>,
    hand: usize,
}

struct Slot {
    shape: Arc<Shape>,
    plan: Arc<Plan>,
    used: AtomicBool,
}

impl Plans {
    /// The number of plans kept unless told otherwise.
    pub(crate) const BOUND: usize = 2048;
}

impl Default for Plans {
    fn default() -> Self {
        Self::new(Plans::BOUND)
    }
}

impl<S: BuildHasher + Default> Plans<S> {
    /// A cache of at most so many plans, and at least one.
    pub(crate) fn new(bound: usize) -> Self {
        let cache = Cache { places: HashMap::default(), slots: Vec::new(), hand: 0 };
        Plans { cache: RwLock::new(cache), bound: bound.max(1) }
    }

    /// The plan of a shape, rendered if it is new.
    pub(crate) fn get(&self, shape: &Shape) -> Arc<Plan> {
        // A panic under the lock leaves at worst a plan that is not found: the cache is used on.
        let known = self.cache.read().unwrap_or_else(PoisonError::into_inner).get(shape);
        known.unwrap_or_else(|| {
            let plan = Arc::new(Plan::new(shape)); // without the lock: rendering takes a while
            self.cache.write().unwrap_or_else(PoisonError::into_inner).insert(shape, plan, self.bound)
        })
    }
}

impl Plan {
    fn new(shape: &Shape) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let rendered = render(shape);
        Plan {
            id,
            sql: rendered.sql,
            model: shape.table().map(|table| table.0),
            operation: shape.operation(),
            output: rendered.output,
            columns: match shape {
                Shape::Raw(Raw { output: RawOutput::Nothing, .. }) => Columns::Any,
                Shape::Raw(Raw { output: RawOutput::Model(_), .. }) => Columns::ByName,
                _ => Columns::InOrder,
            },
            read_only: shape.is_read_only(),
        }
    }
}

impl<S: BuildHasher> Cache<S> {
    fn get(&self, shape: &Shape) -> Option<Arc<Plan>> {
        let slot = self.slots.get(*self.places.get(shape)?)?;
        // Looked at first: a store would take the cache line from all other cores, each time.
        if !slot.used.load(Ordering::Relaxed) {
            slot.used.store(true, Ordering::Relaxed);
        }
        Some(Arc::clone(&slot.plan))
    }

    /// Stores a plan, unless another task has just stored one for the shape; returns the one that is stored.
    fn insert(&mut self, shape: &Shape, plan: Arc<Plan>, bound: usize) -> Arc<Plan> {
        if let Some(known) = self.get(shape) {
            return known;
        }
        let shape = Arc::new(shape.clone());
        let slot = Slot { shape: Arc::clone(&shape), plan: Arc::clone(&plan), used: AtomicBool::new(false) };
        let place = if self.slots.len() < bound {
            self.slots.push(slot);
            self.slots.len() - 1
        } else {
            let place = self.turn();
            self.places.remove(&self.slots[place].shape);
            self.slots[place] = slot;
            place
        };
        self.places.insert(shape, place);
        plan
    }

    /// Turns the hand to a slot that was not used for one turn, and past it.
    fn turn(&mut self) -> usize {
        loop {
            let place = self.hand;
            self.hand = (self.hand + 1) % self.slots.len();
            if !std::mem::take(self.slots[place].used.get_mut()) {
                return place;
            }
        }
    }
}

impl<S> std::fmt::Debug for Plans<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plans").field("bound", &self.bound).finish_non_exhaustive()
    }
}
