//! `create` and `draft`: builders of new rows.

use super::{
    QuerySet, ToStatement,
    call::{BoxFuture, Call},
    conflicts::Parts,
};
use crate::{
    Db, Draft, Error, ErrorKind, Model, Param, Result, Statement, TransactionOptions,
    db::{Route, Target},
    relation::Paired,
    transaction::in_frame,
};
use std::{
    fmt,
    future::Future,
    task::{Context, Poll},
};

impl<M: Model> QuerySet<M> {
    /// A builder of a new row: give it values and await it; the row comes back as the database holds it.
    ///
    /// Each column has a method, which takes a value, also an `Option` if it may be NULL; that of a foreign key takes an
    /// instance or its key. A forgotten required field does not compile.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").email("alice@example.org").await?;
    /// let post = Post::objects().create().title("Hi").author(&alice).await?;
    /// assert_eq!((post.views, post.author.id()), (0, alice.id));
    /// let sql = r#"INSERT INTO "user" ("username") VALUES ($1) RETURNING "id", "username", "email""#;
    /// assert_eq!(User::objects().create().username("bob").to_sql(), sql);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// Constraint violations; a value that does not fit its column.
    pub fn create(self) -> M::New
    where
        M: crate::Writable,
    {
        New::on(self.into_query().db.as_ref()).into()
    }
}

/// The state of a required field that was given to a builder.
#[derive(Debug)]
pub struct Given;
/// The state of a required field that was not given to a builder.
#[derive(Debug)]
pub struct Missing;

/// What the derive's builders are made of: the values given so far.
pub struct New<M> {
    route: Option<Route>,
    pub(crate) draft: Draft<M>,
    running: Option<BoxFuture<'static, Result<M>>>,
    /// What the new row is paired with.
    paired: Option<Result<Paired>>,
}

impl<M> fmt::Debug for New<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("New")
    }
}

impl<M: Model> New<M> {
    pub(crate) fn on(using: Option<&Db>) -> Self {
        New { route: Some(Route::new(using)), draft: Draft::none(), running: None, paired: None }
    }

    /// Pairs the row with another, in the same transaction.
    pub(crate) fn paired(mut self, paired: Result<Paired>) -> Self {
        self.paired = Some(paired);
        self
    }

    /// Gives a field its value; called by the derive's setters.
    #[must_use]
    pub fn put(mut self, field: usize, value: Param) -> Self {
        self.draft.put(field, value);
        self
    }

    pub(super) fn into_parts(self) -> Parts<M> {
        let why = "an upsert by a many-to-many relation; upsert the row, and `add` it";
        Parts {
            route: self.route.unwrap_or_else(|| Route::new(None)),
            drafts: vec![self.draft],
            refused: self.paired.map(|_| why.to_owned()),
        }
    }

    /// Ends the builder.
    pub fn draft(self) -> Draft<M> {
        self.draft
    }

    /// Inserts the row; called by the derive's `Future`.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<M>> {
        if let Some(route) = self.route.take() {
            let statement = self.draft.to_statement();
            self.running = Some(match self.paired.take() {
                None => {
                    let call = Call { route, statement };
                    Box::pin(async move { call.rows().await?.pop().ok_or_else(nothing_inserted) })
                }
                Some(paired) => Box::pin(async move {
                    let (target, statement, paired) = (route.target()?, statement?, paired?);
                    let options = TransactionOptions::default();
                    let block = |inner: Target| async move {
                        let row = inner.rows(&statement).await?.pop().ok_or_else(nothing_inserted)?;
                        paired.insert(&inner, &row).await?;
                        Ok(row)
                    };
                    in_frame(&target, options, block).await
                }),
            });
        }
        match &mut self.running {
            Some(running) => running.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

pub(crate) fn nothing_inserted() -> Error {
    Error::new(ErrorKind::Database, "the row was not inserted: a trigger or a rule of the table kept it out")
}

/// A builder of a model, whatever was given to it; the derive implements it.
pub trait Builder {
    /// The model.
    type Model: Model;
    /// The values given so far.
    fn into_new(self) -> New<Self::Model>;
    /// The values given so far.
    fn as_new(&self) -> &New<Self::Model>;
}

impl<B: Builder> ToStatement for B {
    fn to_statement(&self) -> Result<Statement> {
        self.as_new().draft.to_statement()
    }
}

/// A builder with nothing left to give: one that can be awaited.
pub trait Complete<M>: Builder<Model = M> + Future<Output = Result<M>> {}
impl<M, B: Builder<Model = M> + Future<Output = Result<M>>> Complete<M> for B {}
