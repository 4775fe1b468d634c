//! From a query to its answer: a statement and where it goes, made together, run at the first poll.

use crate::{
    Db, Result, Row, RowSink, Statement,
    db::{Route, Target},
};
use std::{future::Future, pin::Pin};

/// A future of ours: boxed, as its type has no name.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What becomes one statement: every query and every write. `to_sql()` of the driver shows it.
pub trait ToStatement {
    /// The statement.
    ///
    /// # Errors
    /// If a value cannot be encoded, or an outer reference stands outside of the query it refers to.
    fn to_statement(&self) -> Result<Statement>;
}

/// A statement and where it goes.
pub(crate) struct Call {
    pub(crate) route: Route,
    pub(crate) statement: Result<Statement>,
}

impl Call {
    pub(crate) fn new(using: Option<&Db>, of: &impl ToStatement) -> Self {
        Call { route: Route::new(using), statement: of.to_statement() }
    }

    pub(crate) async fn run(self, sink: &mut (dyn RowSink + Send)) -> Result<u64> {
        let (target, statement) = self.into_parts()?;
        target.run(&statement, sink).await
    }

    pub(crate) async fn rows<R: Row>(self) -> Result<Vec<R>> {
        let (target, statement) = self.into_parts()?;
        target.rows(&statement).await
    }

    pub(crate) fn into_parts(self) -> Result<(Target, Statement)> {
        Ok((self.route.target()?, self.statement?))
    }
}
