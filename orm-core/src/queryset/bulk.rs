//! `bulk_create` and `in_bulk`.

use super::{
    QuerySet, ToStatement,
    call::{BoxFuture, Call},
    conflicts::Parts,
};
use crate::{
    Draft, Error, ErrorKind, ForeignKey, IntoList, IntoValue, Model, Node, Result, Statement,
    TransactionOptions,
    db::{Route, Target},
    lower,
    node::{Conflict, Query},
    path::Path,
    row::Collect,
    transaction::in_frame,
};
use std::{collections::HashMap, fmt, hash::Hash, marker::PhantomData};

impl<M: Model> QuerySet<M> {
    /// Inserts all drafts, in few statements and one transaction; gives the rows in the order of the drafts.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let names = ["alice", "bob", "carol"];
    /// let users = User::objects().bulk_create(names.map(|name| User::draft().username(name).build())).await?;
    /// assert_eq!(users[2].username, "carol");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`create`](QuerySet::create); no row is inserted then, unless a trigger kept only some of them out.
    pub fn bulk_create(self, drafts: impl IntoIterator<Item = Draft<M>>) -> BulkCreate<M>
    where
        M: crate::Writable,
    {
        let query = self.into_query();
        let drafts: Vec<_> = drafts.into_iter().collect();
        let refused = (!query.is_plain()).then(|| {
            let name = query.model.name;
            format!(
                "`bulk_create` of a query on `{name}` that says more than where: new rows meet no conditions"
            )
        });
        BulkCreate(Parts { route: Route::new(query.db.as_ref()), drafts, refused })
    }

    /// The rows of the query with these primary keys, as a `HashMap` by key; keys that no row has are missing.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let users = User::objects().in_bulk([alice.id, -1]).await?;
    /// assert_eq!(users[&alice.id].username, "alice");
    /// assert!(!users.contains_key(&-1));
    /// # Ok(())
    /// # });
    /// ```
    pub fn in_bulk<K: IntoValue<ForeignKey<M>>>(self, keys: impl IntoIterator<Item = K>) -> InBulk<M> {
        let keys: Vec<ForeignKey<M>> = keys.into_iter().map(IntoValue::into_value).collect();
        let column = Node::primary(Path::root(M::meta(), 0));
        let nothing = keys.is_empty();
        let mut query = self.with(IntoList::<ForeignKey<M>>::contains(keys, column)).into_query();
        query.none |= nothing;
        InBulk { query, _m: PhantomData }
    }
}

/// What `bulk_create` returns, to be awaited.
#[must_use = "nothing is inserted until it is awaited"]
pub struct BulkCreate<M>(pub(super) Parts<M>);

impl<M: Model> ToStatement for BulkCreate<M> {
    /// The first statement; there are more where drafts differ in what was given, or are very many.
    fn to_statement(&self) -> Result<Statement> {
        self.0.check()?;
        let values = self.0.drafts.iter().map(Draft::values).collect::<Result<Vec<_>>>()?;
        let first = lower::insert_many(M::meta(), values.into_iter(), &Conflict::Fail);
        first.map(|(statement, _)| statement)
    }
}

impl<M: Model> IntoFuture for BulkCreate<M> {
    type Output = Result<Vec<M>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let BulkCreate(parts) = self;
            parts.check()?;
            let target = parts.route.target()?;
            all(insert_all(&target, &parts.drafts, &Conflict::Fail).await?, parts.drafts.len())
        })
    }
}

/// Inserts drafts, in few statements and one transaction; gives the rows that were inserted or changed, in their order.
pub(super) async fn insert_all<M: Model>(
    target: &Target,
    drafts: &[Draft<M>],
    conflict: &Conflict,
) -> Result<Vec<M>> {
    let mut rows = Collect(Vec::with_capacity(drafts.len()));
    let mut drafts = drafts.iter().map(Draft::values).collect::<Result<Vec<_>>>()?.into_iter();
    let (statement, taken) = match drafts.as_slice() {
        [] => return Ok(rows.0),
        [values] => (lower::insert(M::meta(), values, conflict)?, 1),
        _ => lower::insert_many(M::meta(), drafts.clone(), conflict)?,
    };
    if taken == drafts.len() {
        target.run(&statement, &mut rows).await?;
        return Ok(rows.0);
    }
    let rest = |inner: Target| async move {
        let (mut statement, mut taken) = (statement, taken);
        loop {
            inner.run(&statement, &mut rows).await?;
            drafts.by_ref().take(taken).for_each(drop);
            if drafts.len() == 0 {
                return Ok(rows.0);
            }
            (statement, taken) = lower::insert_many(M::meta(), drafts.clone(), conflict)?;
        }
    };
    in_frame(target, TransactionOptions::default(), rest).await
}

/// The rows, if so many were inserted.
fn all<M>(rows: Vec<M>, wanted: usize) -> Result<Vec<M>> {
    if rows.len() == wanted {
        return Ok(rows);
    }
    let message = format!(
        "{} of {wanted} rows were inserted: a trigger or a rule of the table kept the others out",
        rows.len()
    );
    Err(Error::new(ErrorKind::Database, message))
}

/// What `in_bulk` returns, to be awaited.
#[must_use = "a query does nothing until it is awaited"]
pub struct InBulk<M> {
    query: Query,
    _m: PhantomData<fn() -> M>,
}

impl<M: Model> ToStatement for InBulk<M> {
    fn to_statement(&self) -> Result<Statement> {
        lower::rows(&self.query)
    }
}

impl<M: Model<Key: Hash + Eq>> IntoFuture for InBulk<M> {
    type Output = Result<HashMap<M::Key, M>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.query.db.as_ref(), &self);
        Box::pin(async move {
            if self.query.none {
                return Ok(HashMap::new());
            }
            let rows = call.loaded::<M>(self.query.loaded()).await?;
            Ok(rows.into_iter().map(|row| (row.key(), row)).collect())
        })
    }
}

impl<M: Model> fmt::Debug for BulkCreate<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BulkCreate of {} {}", self.0.drafts.len(), M::meta().name)
    }
}

impl<M> fmt::Debug for InBulk<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InBulk").field(&self.query).finish()
    }
}
