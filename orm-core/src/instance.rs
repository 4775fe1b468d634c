//! What an instance does with its own row: `save`, `refresh`, `delete`.

use crate::{
    Changes, Column, Db, Model, Result, Statement, lower,
    missed::missed,
    node::Change,
    queryset::{
        ToStatement,
        call::{BoxFuture, Call},
    },
};
use std::fmt;

/// Puts the row that a statement returns in place of an instance.
async fn replace<M: Model>(row: &mut M, call: Call) -> Result<()> {
    let (target, statement) = call.into_parts()?;
    match target.rows(&statement).await?.pop() {
        Some(new) => *row = new,
        None => return Err(missed(row, &target).await),
    }
    Ok(())
}

macro_rules! using {
    () => {
        /// On this database, whatever the default is.
        pub fn using(mut self, db: &Db) -> Self {
            self.using = Some(db.clone());
            self
        }
    };
}

/// Writing an instance, to be awaited.
#[must_use = "nothing is written until it is awaited"]
pub struct Save<'a, M> {
    row: &'a mut M,
    what: Saved<M>,
    using: Option<Db>,
}

/// What is written: all columns, some of them, or other values than the instance's.
enum Saved<M> {
    All,
    Columns(Vec<Column>),
    Changes(Changes<M>),
}

impl<'a, M> Save<'a, M> {
    pub(crate) fn new(row: &'a mut M, columns: Option<Vec<Column>>) -> Self {
        Save { row, what: columns.map_or(Saved::All, Saved::Columns), using: None }
    }

    pub(crate) fn changing(row: &'a mut M, changes: Changes<M>) -> Self {
        Save { row, what: Saved::Changes(changes), using: None }
    }

    using!();
}

impl<M: Model> ToStatement for Save<'_, M> {
    fn to_statement(&self) -> Result<Statement> {
        match &self.what {
            Saved::All => lower::save(self.row, None),
            Saved::Columns(columns) => lower::save(self.row, Some(columns)),
            Saved::Changes(changes) => lower::change(self.row, changes.given()?),
        }
    }
}

impl<'a, M: Model> IntoFuture for Save<'a, M> {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.using.as_ref(), &self);
        Box::pin(replace(self.row, call))
    }
}

/// Reading an instance again, to be awaited.
#[must_use = "nothing is read until it is awaited"]
pub struct Refresh<'a, M> {
    row: &'a mut M,
    using: Option<Db>,
}

impl<'a, M> Refresh<'a, M> {
    pub(crate) fn new(row: &'a mut M) -> Self {
        Refresh { row, using: None }
    }

    using!();
}

impl<M: Model> ToStatement for Refresh<'_, M> {
    fn to_statement(&self) -> Result<Statement> {
        M::objects().shown().get(&*self.row).to_statement()
    }
}

impl<'a, M: Model> IntoFuture for Refresh<'a, M> {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.using.as_ref(), &self);
        Box::pin(replace(self.row, call))
    }
}

/// Deleting an instance's row, to be awaited.
#[must_use = "nothing is deleted until it is awaited"]
pub struct Delete<'a, M> {
    row: &'a M,
    /// Whether a row is deleted that would only be hidden.
    hard: bool,
    using: Option<Db>,
}

impl<'a, M> Delete<'a, M> {
    pub(crate) fn new(row: &'a M) -> Self {
        Delete { row, hard: false, using: None }
    }

    pub(crate) fn hard(row: &'a M) -> Self {
        Delete { row, hard: true, using: None }
    }

    using!();
}

impl<M: Model> ToStatement for Delete<'_, M> {
    fn to_statement(&self) -> Result<Statement> {
        let it = M::objects().by_key(self.row).of_version(self.row);
        match self.hard {
            true => lower::changed(&it.shown().into_query(), &Change::HardDelete, &[]),
            false => lower::changed(&it.into_query(), &Change::Delete, &[]),
        }
    }
}

impl<'a, M: Model> IntoFuture for Delete<'a, M> {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.using.as_ref(), &self);
        Box::pin(async move {
            let (target, statement) = call.into_parts()?;
            match target.run(&statement, &mut ()).await? {
                0 => Err(missed(self.row, &target).await),
                _ => Ok(()),
            }
        })
    }
}

macro_rules! debug { ($($name:ident)*) => {$(
    impl<M: Model> fmt::Debug for $name<'_, M> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, concat!(stringify!($name), " of {} {:?}"), M::meta().name, self.row.key())
        }
    }
)*}}
debug!(Save Refresh Delete);
