//! `explain`: what the server plans to do.

#[cfg(feature = "serde-json-1")]
mod plan;

#[cfg(feature = "serde-json-1")]
pub use plan::{Actual, Parsed, Plan, PlanNode};

use super::{
    Change, InsertFrom, QuerySet, Returning, ToStatement,
    call::{BoxFuture, Call},
};
use crate::{
    Annotations, Db, Error, Model, Result, Row, Statement, TransactionOptions,
    ast::{ExplainOption, Shape},
    db::Target,
    transaction::in_frame,
};
use std::convert::Infallible;

/// What the server plans to do about a query or a change ([`EXPLAIN`](https://www.postgresql.org/docs/current/sql-explain.html)): await
/// it for the plan as a text, or `parsed()` for one to ask.
#[must_use = "a query does nothing until it is awaited"]
#[derive(Debug)]
pub struct Explain<S> {
    of: S,
    using: Option<Db>,
    options: Vec<ExplainOption>,
}

macro_rules! options { ($($(#[$m:meta])* $name:ident: $option:ident;)*) => {$(
    $(#[$m])*
    pub fn $name(self) -> Self {
        self.with(ExplainOption::$option)
    }
)*}}

impl<S> Explain<S> {
    fn new(of: S, using: Option<Db>) -> Self {
        Explain { of, using, options: Vec::new() }
    }

    fn with(mut self, option: ExplainOption) -> Self {
        if !self.options.contains(&option) {
            self.options.push(option);
        }
        self
    }

    /// Runs the statement and measures each step. What a change does is undone: it runs in a transaction, or savepoint, that is
    /// rolled back.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let plan = Post::objects().explain().analyze().buffers().await?;
    /// assert!(plan.contains("actual time"), "{plan}");
    /// # Ok(())
    /// # });
    /// ```
    pub fn analyze(self) -> Self {
        self.with(ExplainOption::Analyze)
    }

    options! {
        /// Shows more: what each step gives, schemas of tables.
        verbose: Verbose;
        /// Leaves out the costs: a text that is the same on each machine, for tests.
        without_costs: NoCosts;
        /// Shows settings that are not the default and matter to plans.
        settings: Settings;
        /// The plan for whatever parameters. From PostgreSQL 16 on, and not with `analyze`.
        generic_plan: GenericPlan;
        /// Shows what was read from memory and disk.
        buffers: Buffers;
        /// Shows what was written to the log; with `analyze`.
        wal: Wal;
        /// Measures only how many rows, not how long; with `analyze`.
        without_timing: NoTiming;
        /// Shows the memory that planning takes. From PostgreSQL 17 on.
        memory: Memory;
    }
}

impl<S: ToStatement> ToStatement for Explain<S> {
    fn to_statement(&self) -> Result<Statement> {
        let Statement { shape, params } = self.of.to_statement()?;
        Ok(Statement { shape: Shape::Explain { options: self.options.clone(), of: Box::new(shape) }, params })
    }
}

impl<S: ToStatement> Explain<S> {
    fn ask(self) -> BoxFuture<'static, Result<Vec<String>>> {
        let call = Call::new(self.using.as_ref(), &self);
        Box::pin(async move {
            let (target, statement) = call.into_parts()?;
            match statement.shape.is_read_only() {
                true => target.rows(&statement).await,
                false => undone(&target, &statement).await,
            }
        })
    }
}

impl<S: ToStatement> IntoFuture for Explain<S> {
    type Output = Result<String>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let lines = self.ask();
        Box::pin(async move { Ok(lines.await?.join("\n")) })
    }
}

/// What a statement said that was rolled back, or why it failed.
enum Undone {
    Said(Vec<String>),
    Failed(Error),
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Undone::Failed(error)
    }
}

/// Runs a statement and rolls back what it did.
async fn undone(target: &Target, statement: &Statement) -> Result<Vec<String>> {
    let run = async |inner: Target| Err::<Infallible, _>(Undone::Said(inner.rows(statement).await?));
    match in_frame(target, TransactionOptions::default(), run).await {
        Err(Undone::Said(lines)) => Ok(lines),
        Err(Undone::Failed(error)) => Err(error),
        Ok(never) => match never {},
    }
}

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// What the server plans to do.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let query = Post::objects().filter(|p| p.id.eq(1));
    /// let text: String = query.clone().explain().await?;
    /// assert!(text.contains("Index Scan"), "{text}");
    /// let plan: orm::Plan = query.explain().parsed().await?;
    /// assert!(plan.uses_index("post_pkey"), "{plan}");
    /// # Ok(())
    /// # });
    /// ```
    pub fn explain(self) -> Explain<Self> {
        let using = self.clone().into_query().db;
        Explain::new(self, using)
    }
}

macro_rules! changes { ($($name:ident<$($g:ident),*>: $($query:ident).+;)*) => {$(
    impl<$($g),*> $name<$($g),*> {
        /// What the server plans to do; with `analyze` it does it, and undoes it.
        ///
        /// ```
        /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
        /// # run(async |_| {
        /// User::objects().create().username("alice").await?;
        /// let plan = User::objects().delete().explain().analyze().await?;
        /// assert!(plan.contains("Delete on"), "{plan}");
        /// assert_eq!(User::objects().count().await?, 1);
        /// # Ok(())
        /// # });
        /// ```
        pub fn explain(self) -> Explain<Self> {
            let using = self.$($query).+.db.clone();
            Explain::new(self, using)
        }
    }
)*}}
changes! {
    Change<M>: query;
    Returning<M, R>: changed.query;
    InsertFrom<M>: from;
}
