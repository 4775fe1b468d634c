//! `get_or_create` and `update_or_create`: right also when two tasks do it at once.

use super::{Complete, New, QuerySet, ToStatement, call::BoxFuture, nothing_inserted, write::whole};
use crate::{
    Assigns, Draft, Error, ErrorKind, IntoCond, Model, Own, Result, Statement, TransactionOptions,
    db::{Route, Target},
    lower,
    node::{Change, Conflict, Query},
    path::enter,
    relation::Paired,
    transaction::in_frame,
};
use std::fmt;

impl<M: Model> QuerySet<M> {
    /// The row that meets the condition, or a new one; and whether it is new. Right also when two tasks do it at once, if a
    /// unique constraint keeps the second row out.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let make = || User::objects().get_or_create(|u| u.username.eq("alice"), |new| new.username("alice"));
    /// let (alice, created) = make().await?;
    /// assert!(created);
    /// let (again, created) = make().await?;
    /// assert!(!created && again.id == alice.id);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_multiple_found`](Error::is_multiple_found) if several rows meet the condition;
    /// [`is_unique_violation`](Error::is_unique_violation) if none does, but a new one collides with another row.
    pub fn get_or_create<C: IntoCond, B: Complete<M>>(
        self,
        find: impl FnOnce(&'static M::Fields<Own>) -> C,
        new: impl FnOnce(M::New) -> B,
    ) -> GetOrCreate<M>
    where
        M: crate::Writable,
    {
        let query = self.filter(find).into_query();
        let new = new(New::on(query.db.as_ref()).into()).into_new().draft();
        GetOrCreate::new(query, new)
    }

    /// Changes the row that meets the condition, or makes a new one; gives the row, and whether it is new.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// for views in 1..=2 {
    ///     let (post, created) = Post::objects()
    ///         .update_or_create(
    ///             |p| p.title.eq("Hi"),
    ///             |p| p.views.set(p.views + 1),
    ///             |new| new.title("Hi").views(1).author(&alice),
    ///         )
    ///         .await?;
    ///     assert_eq!((post.views, created), (views, views == 1));
    /// }
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`get_or_create`](QuerySet::get_or_create); nothing is changed then.
    pub fn update_or_create<C: IntoCond, A: Assigns, B: Complete<M>>(
        self,
        find: impl FnOnce(&'static M::Fields<Own>) -> C,
        change: impl FnOnce(&'static M::Fields<Own>) -> A,
        new: impl FnOnce(M::New) -> B,
    ) -> UpdateOrCreate<M>
    where
        M: crate::Writable,
    {
        let query = self.filter(find).into_query();
        let new = new(New::on(query.db.as_ref()).into()).into_new().draft();
        UpdateOrCreate::new(query, change, new)
    }
}

/// At most one row.
fn only<M: Model>(mut rows: Vec<M>) -> Result<Option<M>> {
    if rows.len() > 1 {
        let message = format!("more than one `{}` matches the query", M::meta().name);
        return Err(Error::new(ErrorKind::MultipleFound, message));
    }
    Ok(rows.pop())
}

/// Finds a row, or inserts one; asks again where another task has inserted it in between. A collision with a row that
/// is not found is the server's own error.
async fn find_or_insert<M: Model>(target: &Target, find: &Statement, new: &Draft<M>) -> Result<(M, bool)> {
    if let Some(row) = only(target.rows(find).await?)? {
        return Ok((row, false));
    }
    let insert = lower::insert(M::meta(), new.values()?, &Conflict::Nothing)?;
    if let Some(row) = target.rows(&insert).await?.pop() {
        return Ok((row, true));
    }
    if let Some(row) = only(target.rows(find).await?)? {
        return Ok((row, false));
    }
    let row = target.rows(&new.to_statement()?).await?.pop();
    Ok((row.ok_or_else(nothing_inserted)?, true))
}

/// What `get_or_create` returns, to be awaited.
#[must_use = "nothing happens until it is awaited"]
pub struct GetOrCreate<M> {
    route: Route,
    query: Query,
    new: Draft<M>,
    /// What a new row is paired with.
    paired: Option<Result<Paired>>,
}

impl<M: Model> GetOrCreate<M> {
    pub(crate) fn new(query: Query, new: Draft<M>) -> Self {
        GetOrCreate { route: Route::new(query.db.as_ref()), query: query.at_most(2), new, paired: None }
    }

    /// Pairs a new row with another, in the same transaction.
    pub(crate) fn paired(mut self, paired: Result<Paired>) -> Self {
        self.paired = Some(paired);
        self
    }
}

impl<M: Model> ToStatement for GetOrCreate<M> {
    /// The first statement: the look.
    fn to_statement(&self) -> Result<Statement> {
        lower::rows(&self.query)
    }
}

impl<M: Model> IntoFuture for GetOrCreate<M> {
    type Output = Result<(M, bool)>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.route.target()?;
            let find = self.to_statement()?;
            let Some(paired) = self.paired.transpose()? else {
                return find_or_insert(&target, &find, &self.new).await;
            };
            let block = |inner: Target| async move {
                let (row, created) = find_or_insert(&inner, &find, &self.new).await?;
                if created {
                    paired.insert(&inner, &row).await?;
                }
                Ok((row, created))
            };
            in_frame(&target, TransactionOptions::default(), block).await
        })
    }
}

/// What `update_or_create` returns, to be awaited.
#[must_use = "nothing happens until it is awaited"]
pub struct UpdateOrCreate<M> {
    route: Route,
    query: Query,
    how: Change,
    new: Draft<M>,
    /// What a new row is paired with.
    paired: Option<Result<Paired>>,
}

impl<M: Model> UpdateOrCreate<M> {
    pub(crate) fn new<A: Assigns>(
        query: Query,
        change: impl FnOnce(&'static M::Fields<Own>) -> A,
        new: Draft<M>,
    ) -> Self {
        let (depth, assigns) = enter::<M, _>(change);
        let mut set = Vec::new();
        assigns.assigns(&mut set);
        let (route, how) = (Route::new(query.db.as_ref()), Change::Update(depth, set));
        UpdateOrCreate { route, query, how, new, paired: None }
    }

    /// Pairs a new row with another, in the same transaction.
    pub(crate) fn paired(mut self, paired: Result<Paired>) -> Self {
        self.paired = Some(paired);
        self
    }
}

impl<M: Model> ToStatement for UpdateOrCreate<M> {
    /// The first statement: the change.
    fn to_statement(&self) -> Result<Statement> {
        lower::changed(&self.query, &self.how, &[whole(&self.query)])
    }
}

impl<M: Model> IntoFuture for UpdateOrCreate<M> {
    type Output = Result<(M, bool)>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.route.target()?;
            let update = self.to_statement()?;
            // In a frame: changing more than one row is an error, and then nothing is changed.
            let options = TransactionOptions::default();
            let paired = self.paired.transpose()?;
            let block = |inner: Target| async move {
                let (row, created) = find_or_insert(&inner, &update, &self.new).await?;
                if let (Some(paired), true) = (paired, created) {
                    paired.insert(&inner, &row).await?;
                }
                Ok((row, created))
            };
            in_frame(&target, options, block).await
        })
    }
}

macro_rules! debug { ($($name:ident)*) => {$(
    impl<M: Model> fmt::Debug for $name<M> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_struct(stringify!($name)).field("query", &self.query).field("new", &self.new).finish()
        }
    }
)*}}
debug!(GetOrCreate UpdateOrCreate);
