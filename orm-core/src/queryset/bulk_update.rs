//! `bulk_update`.

use super::{QuerySet, ToStatement, call::BoxFuture};
use crate::{
    Column, Columns, Error, Model, Own, Result, Statement, TransactionOptions,
    db::{Route, Target},
    lower,
    missed::missed_some,
    path::enter,
    transaction::in_frame,
};
use std::fmt;

impl<M: Model> QuerySet<M> {
    /// Writes some columns of many instances, each its own values, in few statements and one transaction; gives the number of
    /// rows. `auto_now` fields are left alone, unless they are named.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let drafts = ["alice", "bob"].map(|name| User::draft().username(name).build());
    /// let mut users = User::objects().bulk_create(drafts).await?;
    /// for user in &mut users {
    ///     user.email = Some(format!("{}@example.org", user.username));
    /// }
    /// let update = User::objects().bulk_update(&users, |u| u.email);
    /// assert_eq!(
    ///     update.to_sql(),
    ///     r##"UPDATE "user" SET "email" = "new"."email" FROM (SELECT "id", "email" FROM unnest($1, $2) WITH ORDINALITY AS "rows" ("id", "email", "#") ORDER BY "#") AS "new" ("id", "email") WHERE "user"."id" = "new"."id""##
    /// );
    /// assert_eq!(update.await?, 2);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// The instances are left as they are: of a model with a `version`, theirs are stale afterwards.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if one of the rows has vanished, [`is_stale`](Error::is_stale)
    /// if one has another version; constraint violations; a value that does not fit
    /// its column; a query with conditions, as the instances say which rows. Nothing is changed then.
    pub fn bulk_update<C: Columns>(
        self,
        rows: &[M],
        f: impl FnOnce(&'static M::Fields<Own>) -> C,
    ) -> BulkUpdate<'_, M>
    where
        M: crate::Writable,
    {
        let mut columns = Vec::new();
        enter::<M, _>(f).1.columns(&mut columns);
        let query = self.into_query();
        let chosen = !query.filters.is_empty() || query.is_sliced() || !query.is_of_table();
        BulkUpdate { route: Route::new(query.db.as_ref()), chosen, rows, columns }
    }
}

/// What `bulk_update` returns, to be awaited.
#[must_use = "nothing is changed until it is awaited"]
pub struct BulkUpdate<'a, M> {
    route: Route,
    /// Whether the query was to choose among rows.
    chosen: bool,
    rows: &'a [M],
    columns: Vec<Column>,
}

impl<M: Model> BulkUpdate<'_, M> {
    /// A statement for the first of some rows, and how many they are.
    fn next(&self, rows: &[M]) -> Result<(Statement, usize)> {
        if self.chosen {
            return Err(Error::usage(format!(
                "`bulk_update` of a query on `{0}` with conditions; the instances say which rows: `{0}::objects().bulk_update(…)`",
                M::meta().name
            )));
        }
        lower::update_rows(rows, &self.columns)
    }
}

impl<M: Model> ToStatement for BulkUpdate<'_, M> {
    /// The first statement; there are more where rows are very many.
    fn to_statement(&self) -> Result<Statement> {
        self.next(self.rows).map(|(statement, _)| statement)
    }
}

impl<'a, M: Model> IntoFuture for BulkUpdate<'a, M> {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let target = self.route.target()?;
            let (mut statement, mut taken) = self.next(self.rows)?;
            if self.rows.is_empty() {
                return Ok(0);
            }
            let all = |inner: Target| async move {
                let (mut rest, mut changed) = (self.rows, 0);
                loop {
                    changed += inner.run(&statement, &mut ()).await?;
                    rest = &rest[taken..];
                    if rest.is_empty() {
                        break;
                    }
                    (statement, taken) = self.next(rest)?;
                }
                match usize::try_from(changed) == Ok(self.rows.len()) {
                    true => Ok(changed),
                    false => Err(missed_some(self.rows, changed, &inner).await),
                }
            };
            in_frame(&target, TransactionOptions::default(), all).await
        })
    }
}

impl<M: Model> fmt::Debug for BulkUpdate<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BulkUpdate of {} {}", self.rows.len(), M::meta().name)
    }
}
