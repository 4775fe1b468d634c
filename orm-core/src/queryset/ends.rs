//! Single rows by an order, whether a row is among others, and rows by a unique field.

use super::{
    Get, QuerySet, ToStatement,
    call::{BoxFuture, Call},
};
use crate::{
    Annotations, Exists, Field, FieldType, ForeignKey, IntoList, IntoOrder, IntoValue, Model, Own, Path,
    Result, Row, Statement, Value, lower,
    node::{OrderBy, Output, Query},
    path::{enter, enter_with},
    value::Storable,
};
use std::{collections::HashMap, fmt, hash::Hash, marker::PhantomData};

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// The first row by an order: where it is NULL, only if there is no other.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.title).earliest(|p| p.published_at);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" ORDER BY "post"."published_at" ASC NULLS LAST LIMIT $1"#
    /// );
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if there is no row; if the query has a limit or an offset.
    pub fn earliest<O: IntoOrder<A::Kind>>(self, f: impl FnOnce(A::Arg<M>) -> O) -> Get<R> {
        self.end("earliest", Clone::clone, f)
    }

    /// The last row by an order: where it is NULL, only if there is no other.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.title).latest(|p| p.published_at);
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" ORDER BY "post"."published_at" DESC NULLS LAST LIMIT $1"#
    /// );
    /// ```
    ///
    /// # Errors
    /// As [`earliest`](QuerySet::earliest).
    pub fn latest<O: IntoOrder<A::Kind>>(self, f: impl FnOnce(A::Arg<M>) -> O) -> Get<R> {
        self.end("latest", OrderBy::reversed, f)
    }

    fn end<O: IntoOrder<A::Kind>>(
        self,
        name: &str,
        turned: fn(&OrderBy) -> OrderBy,
        f: impl FnOnce(A::Arg<M>) -> O,
    ) -> Get<R> {
        let (depth, order) = enter_with::<M, A, _>(f);
        let mut parts = Vec::new();
        order.into_order(&mut parts);
        // NULLs last, whichever way round.
        let parts =
            parts.iter().map(|part| (depth, OrderBy { nulls_first: Some(false), ..turned(part) })).collect();
        let mut query = self.into_query().unsliced(name);
        (query.order, query.reversed) = (Some(parts), false);
        Get::new(query.at_most(1))
    }

    /// Whether a row is among those of the query: an instance, a key or a foreign key. Await it, or use it as a condition.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// assert!(User::objects().contains(&alice).await?);
    /// assert!(!User::objects().filter(|u| u.email.is_not_null()).contains(alice.id).await?);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// If the query has a limit or an offset.
    pub fn contains(self, row: impl IntoValue<ForeignKey<M>>) -> Exists {
        Exists(self.by_key(row).into_query().unsliced("contains"))
    }
}

impl<M: Model> QuerySet<M> {
    /// The rows of the query with these values of a unique field, as a `HashMap` by value; values that no row has are missing.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let users = User::objects().in_bulk_by(|u| u.username, ["alice", "bob"]).await?;
    /// assert_eq!(users["alice"].id, alice.id);
    /// assert_eq!(users.len(), 1);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// If the field is not unique.
    pub fn in_bulk_by<T: Value + Storable, K: IntoValue<T>>(
        self,
        field: impl FnOnce(&'static M::Fields<Own>) -> Field<T, Own>,
        values: impl IntoIterator<Item = K>,
    ) -> InBulkBy<M, T::Base> {
        let (depth, field) = enter::<M, _>(field);
        let values: Vec<K> = values.into_iter().collect();
        let (column, nothing) = (field.column(), values.is_empty());
        let mut query = self.into_query();
        let is_key = M::meta().key.len() == 1 && M::meta().is_key(column.0);
        if !column.unique && !is_key {
            let message = format!("`in_bulk_by` is for unique fields, and `{}` is none", column.name);
            query.refused = Some(message);
        }
        query.none |= nothing;
        query.filters.push((depth, IntoList::<T>::contains(values, field.node())));
        let value = Output::Value(field.node(), T::Base::TYPE);
        query.output = vec![(depth, Output::Model(Path::root(M::meta(), depth))), (depth, value)];
        InBulkBy { query, _m: PhantomData }
    }
}

/// What `in_bulk_by` returns, to be awaited.
#[must_use = "a query does nothing until it is awaited"]
pub struct InBulkBy<M, K> {
    query: Query,
    _m: PhantomData<fn() -> (M, K)>,
}

impl<M: Model, K> ToStatement for InBulkBy<M, K> {
    fn to_statement(&self) -> Result<Statement> {
        lower::rows(&self.query)
    }
}

impl<M: Model, K: FieldType + Hash + Eq> IntoFuture for InBulkBy<M, K> {
    type Output = Result<HashMap<K, M>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.query.db.as_ref(), &self);
        Box::pin(async move {
            if self.query.none {
                return Ok(HashMap::new());
            }
            Ok(call
                .loaded::<(M, K)>(self.query.loaded())
                .await?
                .into_iter()
                .map(|(row, value)| (value, row))
                .collect())
        })
    }
}

impl<M, K> fmt::Debug for InBulkBy<M, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InBulkBy").field(&self.query).finish()
    }
}
