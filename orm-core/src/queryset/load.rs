//! What is loaded with a query's rows: `select_related`, `prefetch_related`.

use super::{
    QuerySet,
    call::{BoxFuture, Call},
};
use crate::{
    Annotations, Db, Error, Model, OfModel, Own, Relations, Result, Row, RowRef, RowSink, ToOne,
    db::Route,
    load::{FetchMode, Load, Loads, load, tie},
    node::Query,
    path::enter,
};
use std::{fmt, future::IntoFuture, sync::Arc};

impl<M: Model, R, A: Annotations> QuerySet<M, R, A> {
    /// Loads related rows by joins: foreign keys of the model and of what they lead to, one or a tuple of them. What was
    /// asked for before stays; `()` takes it back.
    ///
    /// [`ForeignKey::get`](crate::ForeignKey::get) then gives the row. A path loads all rows on its way.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// Post::objects().create().title("Hi").author(&alice).await?;
    ///
    /// let query = Post::objects().select_related(|p| (p.author, p.editor));
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."id", "post"."title", "post"."views", "post"."published_at", "post"."author_id", "post"."editor_id", "user"."id", "user"."username", "user"."email", "user_2"."id", "user_2"."username", "user_2"."email" FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "post"."editor_id""#
    /// );
    /// for post in query.await? {
    ///     let author: &User = post.author.get()?;
    ///     let editor: Option<&User> = post.editor.get()?;
    ///     assert_eq!((author.username.as_str(), editor.is_none()), ("alice", true));
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn select_related<T: ToOne>(self, f: impl FnOnce(&'static M::Fields<Own>) -> T) -> Self
    where
        R: OfModel<M>,
    {
        let (depth, relations) = enter::<M, _>(f);
        let mut paths = Vec::new();
        relations.to_one(&mut paths);
        self.loading(|loads| loads.join(M::meta(), depth, paths))
    }

    /// Loads related rows, of whatever relations, by one query for each: those of all rows together. Relations at the end
    /// of one path are asked for at the same time. What was asked for before stays; `()` takes it back.
    ///
    /// [`HasMany::get`](crate::HasMany::get) and [`ForeignKey::get`](crate::ForeignKey::get) then give the rows. A path
    /// loads all rows on its way, and [`with`](crate::Rel::with) gives a relation's rows a QuerySet.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// Post::objects().create().title("Hi").author(&alice).await?;
    ///
    /// let query = User::objects().prefetch_related(|u| u.posts.editor);
    /// let (users, queries) = orm::testing::count_queries(query).await;
    /// for user in users? {
    ///     for post in user.posts.get()? {
    ///         assert!(post.editor.get()?.is_none());
    ///     }
    /// }
    /// assert_eq!(queries, 2); // of users and posts; no post has an editor, so none is asked for
    /// assert!(queries.sql()[1].ends_with(r#"WHERE "post"."author_id" = ANY($1)"#));
    /// # Ok(())
    /// # });
    /// ```
    pub fn prefetch_related<T: Relations>(self, f: impl FnOnce(&'static M::Fields<Own>) -> T) -> Self
    where
        R: OfModel<M>,
    {
        let (depth, relations) = enter::<M, _>(f);
        let mut asked = Vec::new();
        relations.relations(&mut asked);
        self.loading(|loads| loads.ask(M::meta(), depth, asked))
    }

    /// What [`ForeignKey::fetch`](crate::ForeignKey::fetch) of these rows does, and of those loaded with them: asks for one
    /// row, for those of all rows, or is an error.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// use orm::FetchMode;
    ///
    /// # for name in ["alice", "bob"] {
    /// #     let user = User::objects().create().username(name).await?;
    /// #     Post::objects().create().title("Hi").author(&user).await?;
    /// # }
    /// let posts = Post::objects().fetch_mode(FetchMode::Peers).await?;
    /// let (author, queries) = orm::testing::count_queries(async {
    ///     posts[0].author.fetch().await?;
    ///     posts[1].author.fetch().await
    /// })
    /// .await;
    /// assert_eq!(queries, 1);
    /// assert_eq!(posts[1].author.get()?.id, author?.id);
    ///
    /// let posts = Post::objects().fetch_mode(FetchMode::Raise).await?;
    /// assert!(posts[0].author.fetch().await.unwrap_err().is_not_loaded());
    /// # Ok(())
    /// # });
    /// ```
    pub fn fetch_mode(self, mode: FetchMode) -> Self
    where
        R: OfModel<M>,
    {
        self.loading(|loads| {
            loads.mode = mode;
            Ok(())
        })
    }

    fn loading(mut self, change: impl FnOnce(&mut Loads) -> Result<()>) -> Self {
        if let Err(error) = change(self.query.loads_mut()) {
            self.query.refused = Some(error.to_string());
        }
        self
    }
}

/// Collects rows into a `Vec`, with what is joined to them.
struct Joined<'a, R> {
    rows: Vec<R>,
    loads: &'a [Load],
}

impl<R: Row> RowSink for Joined<'_, R> {
    fn row(&mut self, row: RowRef<'_>) -> Result<()> {
        self.rows.push(R::read_row(&mut row.with(self.loads))?);
        Ok(())
    }
}

/// Makes rows of one QuerySet know each other.
fn known<R: Row>(rows: &mut [R], tree: &[Load], mode: FetchMode) {
    let mut instances: Vec<_> = rows.iter_mut().filter_map(Row::instance).collect();
    if let Some(model) = instances.first().map(|instance| instance.model()) {
        tie(&mut instances, model, tree, mode);
    }
}

impl Query {
    /// What is loaded with its rows, if they are the model.
    pub(crate) fn loaded(&self) -> Option<Arc<Loads>> {
        self.loads.clone().filter(|_| self.begins_with_model())
    }
}

impl Call {
    /// The rows of a query, with what is loaded with them.
    pub(crate) async fn loaded<R: Row>(self, loads: Option<Arc<Loads>>) -> Result<Vec<R>> {
        let Some(loads) = loads else {
            let mut rows = self.rows().await?;
            if FetchMode::One.ties() {
                known(&mut rows, &[], FetchMode::One);
            }
            return Ok(rows);
        };
        let (target, statement) = self.into_parts()?;
        let mut rows = Joined { rows: Vec::new(), loads: &loads.tree };
        target.run(&statement, &mut rows).await?;
        let mut rows = rows.rows;
        if Loads::asks(&loads.tree) {
            load(&target, rows.iter_mut().filter_map(Row::instance).collect(), &loads.tree, loads.mode)
                .await?;
        }
        if loads.mode.ties() {
            known(&mut rows, &loads.tree, loads.mode);
        }
        Ok(rows)
    }
}

/// Loads related rows into instances that are there: as [`prefetch_related`](QuerySet::prefetch_related) does for those of
/// a query. What is loaded on the way to a relation is not asked for again, unless somebody else holds it too; the
/// relations at the ends of the paths are.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let alice = User::objects().create().username("alice").await?;
/// Post::objects().create().title("Hi").author(&alice).await?;
///
/// let mut users = vec![alice];
/// orm::prefetch_related_objects(&mut users, |u| u.posts).await?;
/// assert_eq!(users[0].posts.get()?.len(), 1);
/// # Ok(())
/// # });
/// ```
pub fn prefetch_related_objects<M: Model, T: Relations>(
    rows: &mut [M],
    f: impl FnOnce(&'static M::Fields<Own>) -> T,
) -> PrefetchObjects<'_, M> {
    let query = M::objects().prefetch_related(f).into_query();
    PrefetchObjects { rows, query }
}

/// Loading related rows into instances, to be awaited.
#[must_use = "nothing is loaded until it is awaited"]
pub struct PrefetchObjects<'a, M> {
    rows: &'a mut [M],
    query: Query,
}

impl<M> PrefetchObjects<'_, M> {
    /// From this database, whatever the default is.
    pub fn using(mut self, db: &Db) -> Self {
        self.query.db = Some(db.clone());
        self
    }
}

impl<'a, M: Model> IntoFuture for PrefetchObjects<'a, M> {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let route = Route::new(self.query.db.as_ref());
        Box::pin(async move {
            if let Some(why) = self.query.refused {
                return Err(Error::usage(why));
            }
            let target = route.target()?;
            let instances = self.rows.iter_mut().filter_map(Row::instance).collect();
            load(&target, instances, Loads::tree(self.query.loads.as_deref()), FetchMode::One).await
        })
    }
}

impl<M: Model> fmt::Debug for PrefetchObjects<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrefetchObjects of {} {}: {:?}", self.rows.len(), M::meta().name, self.query.loads)
    }
}
