//! Telling: the rows of a write are read beside it, and its hooks called in its transaction.

use super::Hooks;
use crate::{
    Error, Model, Result, RowRef, RowSink, Statement, TransactionOptions, Unit,
    ast::{Inserted, Shape},
    db::{Target, enter},
    queryset::call::BoxFuture,
    transaction::in_frame,
};
use std::{fmt, marker::PhantomData};

/// How deep writes of hooks nest, which have hooks again.
const DEEPEST: u8 = 16;

/// What happened to a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Create,
    Update,
    Delete,
}

/// [`Hooks`] of whatever type.
pub(super) trait Told<M>: Send + Sync {
    fn tell<'a>(&'a self, event: Event, rows: &'a [M]) -> BoxFuture<'a, Result<()>>;
}

impl<M: Model, H: Hooks<M>> Told<M> for H {
    fn tell<'a>(&'a self, event: Event, rows: &'a [M]) -> BoxFuture<'a, Result<()>> {
        match event {
            Event::Create => Box::pin(self.after_create(rows)),
            Event::Update => Box::pin(self.after_update(rows)),
            Event::Delete => Box::pin(self.after_delete(rows)),
        }
    }
}

/// The hooks of a model, in its metadata.
pub trait AnyHooks: Send + Sync + fmt::Debug {
    /// What takes the rows of one statement, if anybody listens.
    #[doc(hidden)]
    fn receiver(&'static self) -> Option<Box<dyn Receiver>>;
}

/// [`Hooks`] that a model names.
pub struct HooksOf<M, H>(H, PhantomData<fn() -> M>);

impl<M: Model, H: Hooks<M>> HooksOf<M, H> {
    /// These.
    pub const fn new(hooks: H) -> Self {
        HooksOf(hooks, PhantomData)
    }
}

impl<M, H> fmt::Debug for HooksOf<M, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HooksOf")
    }
}

impl<M: Model, H: Hooks<M>> AnyHooks for HooksOf<M, H> {
    fn receiver(&'static self) -> Option<Box<dyn Receiver>> {
        let rows = || Rows { hooks: &self.0, created: Vec::new(), updated: Vec::new(), deleted: Vec::new() };
        self.0.listens().then(|| Box::new(rows()) as Box<dyn Receiver>)
    }
}

/// Takes the rows of one statement, and calls the hooks.
#[doc(hidden)]
pub trait Receiver: Send {
    /// Takes a row: the model's cells are its last, and one that tells whether it is new, if nothing else does.
    fn take(&mut self, row: &RowRef<'_>, what: Tells) -> Result<()>;
    fn tell(self: Box<Self>) -> BoxFuture<'static, Result<()>>;
}

/// What tells what happened to the rows of a statement.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Tells(Option<Event>);

struct Rows<M: Model> {
    hooks: &'static dyn Told<M>,
    created: Vec<M>,
    updated: Vec<M>,
    deleted: Vec<M>,
}

impl<M: Model> Receiver for Rows<M> {
    fn take(&mut self, row: &RowRef<'_>, Tells(event): Tells) -> Result<()> {
        let mut row = row.last(<M as Unit>::COLUMNS + usize::from(event.is_none()));
        let instance = M::read_row(&mut row)?;
        let event = match event {
            Some(event) => event,
            None if row.value()? => Event::Create,
            None => Event::Update,
        };
        match event {
            Event::Create => self.created.push(instance),
            Event::Update => self.updated.push(instance),
            Event::Delete => self.deleted.push(instance),
        }
        Ok(())
    }

    fn tell(self: Box<Self>) -> BoxFuture<'static, Result<()>> {
        Box::pin(async move {
            let events = [
                (Event::Create, &self.created),
                (Event::Update, &self.updated),
                (Event::Delete, &self.deleted),
            ];
            for (event, rows) in events {
                if !rows.is_empty() {
                    self.hooks.tell(event, rows).await?;
                }
            }
            Ok(())
        })
    }
}

/// Who is to be told of a statement.
pub(crate) struct Watch {
    receiver: Box<dyn Receiver>,
    what: Tells,
}

/// Who is to be told of a statement, if anybody is.
pub(crate) fn watch(statement: &Statement) -> Option<Watch> {
    let (table, event) = match &statement.shape {
        Shape::Insert(insert) => {
            (insert.into, (insert.returning != Inserted::RowAndWhether).then_some(Event::Create))
        }
        Shape::Update(update) if update.hides => (update.table, Some(Event::Delete)),
        Shape::Update(update) => (update.table, Some(Event::Update)),
        Shape::UpdateRows(update) => (update.table, Some(Event::Update)),
        Shape::Delete(delete) => (delete.from, Some(Event::Delete)),
        _ => return None,
    };
    Some(Watch { receiver: table.hooks?.receiver()?, what: Tells(event) })
}

/// Runs a statement and calls the hooks, in a frame of their own.
pub(crate) fn run<'a>(
    target: &'a Target,
    statement: &'a Statement,
    sink: &'a mut (dyn RowSink + Send),
    watch: Watch,
) -> BoxFuture<'a, Result<u64>> {
    Box::pin(in_frame(target, TransactionOptions::default(), async |inner: Target| {
        if inner.told == DEEPEST {
            return Err(Error::usage(format!(
                "the hooks of {} are called for what they write themselves, {DEEPEST} deep; let a hook write only what is not \
                 so yet",
                statement.shape.table().map_or("a model", |table| table.0.name)
            )));
        }
        let mut both = Both { sink, watch };
        let rows = inner.executor().run(statement, &mut both).await?;
        let told = inner.told + 1;
        enter(Target { told, ..inner }, both.watch.receiver.tell()).await?;
        Ok(rows)
    }))
}

/// Gives each row to the hooks, and to who asked.
struct Both<'a> {
    sink: &'a mut (dyn RowSink + Send),
    watch: Watch,
}

impl RowSink for Both<'_> {
    fn row(&mut self, row: RowRef<'_>) -> Result<()> {
        self.watch.receiver.take(&row, self.watch.what)?;
        self.sink.row(row)
    }
}
