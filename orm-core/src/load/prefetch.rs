//! Asking for related rows: one query a relation, for all rows at once; relations beside each other at the same time.

use super::{
    Batch, FetchMode, Instance, Load, Loads,
    keys::{Keys, key_of},
    tie,
};
use crate::{
    Error, ErrorKind, KeyColumns, Result, RowRef, RowSink, db::Target, load::How, lower, node::Query,
    queryset::call::BoxFuture, relation::Link,
};
use std::{
    future::poll_fn,
    task::{Context, Poll},
};

/// Loads what a tree asks for into instances of one model.
pub(crate) fn load<'a>(
    target: &'a Target,
    mut instances: Vec<&'a mut dyn Instance>,
    tree: &'a [Load],
    mode: FetchMode,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        let mut asked = Vec::new();
        collect(&mut instances, tree, &mut Vec::new(), &mut asked);
        let mut asking = Vec::with_capacity(asked.len());
        for (way, load, query) in asked {
            asking.push(Asking::new(way, load, query, &mut instances)?);
        }
        together(asking.iter_mut().map(|asking| asking.run(target, mode)).collect()).await?;
        for asking in asking {
            asking.hand_out(&mut instances);
        }
        Ok(())
    })
}

/// The relations to ask for, each with the loaded relations on the way to it.
fn collect<'a>(
    instances: &mut [&mut dyn Instance],
    tree: &'a [Load],
    way: &mut Vec<&'a Load>,
    asked: &mut Vec<(Vec<&'a Load>, &'a Load, &'a Query)>,
) {
    for load in tree {
        let inner = match &load.how {
            How::Joined(inner) => inner,
            How::Asked(query) => {
                let inner = Loads::tree(query.loads.as_deref());
                way.push(load);
                let loaded = query.is_plain() && !inner.is_empty() && reach(instances, way).1;
                way.pop();
                if !loaded {
                    asked.push((way.clone(), load, query));
                    continue;
                }
                inner
            }
        };
        way.push(load);
        collect(instances, inner, way, asked);
        way.pop();
    }
}

/// The instances at the end of a way of relations, and whether all on it are loaded.
pub(super) fn reach<'a>(
    instances: &'a mut [&mut dyn Instance],
    way: &[&Load],
) -> (Vec<&'a mut dyn Instance>, bool) {
    let mut reached: Vec<&mut dyn Instance> = Vec::with_capacity(instances.len());
    reached.extend(instances.iter_mut().map(|instance| &mut **instance as _));
    let mut loaded = true;
    for load in way {
        let mut next = Vec::with_capacity(reached.len());
        for instance in reached {
            if let Some(slot) = instance.slot(load.field) {
                loaded &= slot.rows(&mut next);
            }
        }
        reached = next;
    }
    (reached, loaded)
}

/// One relation of some instances that is asked for.
struct Asking<'a> {
    way: Vec<&'a Load>,
    field: usize,
    query: &'a Query,
    link: Link,
    /// The keys by which the rows are found.
    keys: Keys,
    /// Which cells of a related row hold its key.
    tie: Vec<usize>,
    /// The place of each instance's key; `None` for one that is NULL.
    of: Vec<Option<usize>>,
    batch: Option<Box<dyn Batch>>,
}

impl<'a> Asking<'a> {
    fn new(
        way: Vec<&'a Load>,
        load: &'a Load,
        query: &'a Query,
        instances: &mut [&mut dyn Instance],
    ) -> Result<Self> {
        let link = load.hop.link()?;
        let from = load.hop.from.model();
        let (instances, _) = reach(instances, &way);
        let mut keys = Keys::new(link.from, instances.len());
        let (mut of, mut batch) = (Vec::with_capacity(instances.len()), None);
        for instance in instances {
            of.push(keys.add(from, instance)?);
            if batch.is_none() {
                batch = instance.slot(load.field).map(|slot| slot.batch());
            }
        }
        let batch = batch.map(|batch| batch(keys.len()));
        let tie = match link.between {
            Some(between) => {
                let first = Load::width(query.model, Loads::tree(query.loads.as_deref()));
                (first..).take(KeyColumns::Field(between.near).iter().count()).collect()
            }
            None => link.to.places(query.model).map(usize::from).collect(),
        };
        Ok(Asking { way, field: load.field, query, link, keys, tie, of, batch })
    }

    /// Asks for the rows, and for what is loaded with them.
    fn run<'b>(&'b mut self, target: &'b Target, mode: FetchMode) -> BoxFuture<'b, Result<()>> {
        Box::pin(async move {
            let Some(batch) = self.batch.as_mut().filter(|_| self.keys.len() > 0 && !self.query.none) else {
                return Ok(());
            };
            let statement = lower::prefetch(self.query, self.link, &self.keys.arrays())?;
            let tree = Loads::tree(self.query.loads.as_deref());
            let mut sink = Tied { batch: &mut **batch, tree, tie: &self.tie, keys: &self.keys, last: None };
            target.run(&statement, &mut sink).await?;
            if Loads::asks(tree) {
                load(target, batch.instances(), tree, mode).await?;
            }
            if mode.ties() {
                tie(&mut batch.instances(), self.query.model, tree, mode);
            }
            Ok(())
        })
    }

    fn hand_out(self, instances: &mut [&mut dyn Instance]) {
        let Some(batch) = self.batch else { return };
        let rows = batch.into_rows();
        for (instance, place) in reach(instances, &self.way).0.into_iter().zip(self.of) {
            if let Some(slot) = instance.slot(self.field)
                && let Some(place) = place
            {
                slot.put(rows[place].clone());
            }
        }
    }
}

/// Takes related rows, each to its key.
struct Tied<'a> {
    batch: &'a mut dyn Batch,
    tree: &'a [Load],
    tie: &'a [usize],
    keys: &'a Keys,
    /// The key of the last row, as rows of one key often come together.
    last: Option<(Vec<u8>, usize)>,
}

impl RowSink for Tied<'_> {
    fn row(&mut self, row: RowRef<'_>) -> Result<()> {
        let key = key_of(self.tie.iter().map(|cell| row.peek(*cell))).unwrap_or_default();
        let place = match &self.last {
            Some((last, place)) if *last == *key => *place,
            _ => {
                let place = self.keys.place(&key).ok_or_else(otherwise)?;
                self.last = Some((key.into_owned(), place));
                place
            }
        };
        self.batch.row(place, &mut row.with(self.tree))
    }
}

#[cold]
fn otherwise() -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "`prefetch_related` by a key that equals another one and is written otherwise, as numbers of another scale and \
         texts of another case can be; ask by `query()`",
    )
}

/// Waits for all, also when one of them fails: a query that is dropped costs its connection.
async fn together(mut futures: Vec<BoxFuture<'_, Result<()>>>) -> Result<()> {
    let mut result = Ok(());
    poll_fn(|cx: &mut Context<'_>| {
        futures.retain_mut(|future| match future.as_mut().poll(cx) {
            Poll::Pending => true,
            Poll::Ready(done) => {
                if result.is_ok() {
                    result = done;
                }
                false
            }
        });
        if futures.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    result
}
