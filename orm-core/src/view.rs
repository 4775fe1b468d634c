//! Views as models: read as any other, and written by nobody.

use crate::{
    Db, Model, ModelMeta, Result, Statement, Table,
    ast::{Params, Shape},
    queryset::{
        ToStatement,
        call::{BoxFuture, Call},
    },
};

/// A model whose rows can be written: a table, and no view. The derive implements it; generic code asks for it.
///
/// ```
/// use orm::{Writable, prelude::*};
///
/// async fn empty<M: Writable>() -> orm::Result<u64> {
///     M::objects().delete().await
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "the rows of `{Self}` are only read: it is a view, or not known to be a table",
    label = "not `Writable`",
    note = "of a view, change the rows of the models that its `SELECT` reads; generic code says `M: orm::Writable`"
)]
pub trait Writable: Model {}

/// A model that is a materialized view: `#[orm(materialized_view = "SELECT …")]`. The derive implements it.
///
/// Its rows are stored, and what they were when it was last refreshed
/// ([Materialized Views](https://www.postgresql.org/docs/current/rules-materializedviews.html)).
///
/// ```
/// # mod doc { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/run.rs")); } use doc::*;
/// use orm::prelude::*;
///
/// #[derive(Model, Debug)]
/// pub struct Sale {
///     pub id: i64,
///     pub shop: String,
///     pub price: i32,
/// }
///
/// #[derive(Model, Debug)]
/// #[orm(materialized_view = "SELECT shop, sum(price) AS total FROM sale GROUP BY shop")]
/// pub struct Revenue {
///     #[orm(primary_key)]
///     pub shop: String,
///     pub total: i64,
/// }
/// # run(orm::models![Sale, Revenue], async || {
/// Sale::objects().create().shop("Rome").price(7).await?;
/// assert_eq!(Revenue::objects().count().await?, 0);
/// Revenue::refresh_materialized_view().concurrently().await?;
/// assert_eq!(Revenue::objects().get("Rome").await?.total, 7);
/// # Ok(())
/// # });
/// ```
pub trait MaterializedView: Model {
    /// Reads the rows of the view anew, to be awaited.
    ///
    /// # Errors
    /// What the server says of the view's `SELECT`; two rows of one key are a unique violation.
    fn refresh_materialized_view() -> RefreshMaterializedView {
        RefreshMaterializedView { model: Self::meta(), concurrently: false, using: None }
    }
}

/// Reading the rows of a materialized view anew, to be awaited.
#[derive(Clone, Debug)]
#[must_use = "nothing is refreshed until it is awaited"]
pub struct RefreshMaterializedView {
    model: &'static ModelMeta,
    concurrently: bool,
    using: Option<Db>,
}

impl RefreshMaterializedView {
    /// While others read it. It takes longer; without it they wait.
    pub fn concurrently(mut self) -> Self {
        self.concurrently = true;
        self
    }

    /// On this database, whatever the default is.
    pub fn using(mut self, db: &Db) -> Self {
        self.using = Some(db.clone());
        self
    }
}

impl ToStatement for RefreshMaterializedView {
    fn to_statement(&self) -> Result<Statement> {
        let shape = Shape::Refresh { view: Table(self.model), concurrently: self.concurrently };
        Ok(Statement { shape, params: Params::default() })
    }
}

impl IntoFuture for RefreshMaterializedView {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.using.as_ref(), &self);
        Box::pin(async move { call.run(&mut ()).await.map(drop) })
    }
}
