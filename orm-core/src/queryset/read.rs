//! The verbs that read.

use super::{
    QuerySet, ToStatement,
    call::{BoxFuture, Call},
};
use crate::{
    Annotations, BinaryOp, Error, ErrorKind, Exists, ForeignKey, IntoValue, Model, Node, Param, Path, Result,
    Row, Statement, lower,
    node::{Query, Total},
    value::Storable,
};
use std::{fmt, marker::PhantomData};

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// The row with this primary key: a key, an instance or a foreign key.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// let post = Post::objects().create().title("Hi").author(&alice).await?;
    ///
    /// assert_eq!(User::objects().get(alice.id).await?.username, "alice");
    /// assert_eq!(User::objects().get(&post.author).await?.username, "alice");
    /// assert!(User::objects().get(-1).await.unwrap_err().is_not_found());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if no row of the query has it.
    pub fn get(self, key: impl IntoValue<ForeignKey<M>>) -> Get<R> {
        let (column, key) = (Node::primary(Path::root(M::meta(), 0)), key.into_value().to_param());
        self.get_by(column, key)
    }

    /// The row with a value that is unique.
    pub(crate) fn get_by(self, column: Node, key: Param) -> Get<R> {
        let it = self.with(Node::binary(column, BinaryOp::Eq, Node::Param(key)));
        Get { query: Query { order: Some(Vec::new()), ..it.into_query() }, _r: PhantomData }
    }

    /// The only row.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// for name in ["alice", "bob"] {
    ///     User::objects().create().username(name).await?;
    /// }
    /// let alice = User::objects().filter(|u| u.username.eq("alice")).one().await?;
    /// assert!(User::objects().filter(|u| u.username.eq("carol")).one().await.unwrap_err().is_not_found());
    /// assert!(User::objects().one().await.unwrap_err().is_multiple_found());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if there is none,
    /// [`is_multiple_found`](Error::is_multiple_found) if there are more.
    pub fn one(self) -> Get<R> {
        Get { query: self.into_query().at_most(2), _r: PhantomData }
    }

    /// The first row, if there is one; without an order, by primary key. A query of one value can stand inside another query,
    /// where it is an `Option`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let post: Option<Post> = Post::objects().order_by(|p| p.views.desc()).first().await?;
    /// assert!(post.is_none());
    ///
    /// // As a value of another query: each user's most popular post.
    /// let rows: Vec<(String, Option<String>)> = User::objects()
    ///     .values(|u| {
    ///         let posts = Post::objects().filter(|p| p.author.eq(u.id)).order_by(|p| p.views.desc());
    ///         (u.username, posts.values(|p| p.title).first())
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn first(self) -> First<R> {
        First { query: self.into_query().ordered().at_most(1), _r: PhantomData }
    }

    /// The last row, if there is one; without an order, by primary key.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.title).last();
    /// assert_eq!(query.to_sql(), r#"SELECT "post"."title" FROM "post" ORDER BY "post"."id" DESC LIMIT $1"#);
    /// ```
    ///
    /// # Errors
    /// If the query has a limit or an offset: the last of some rows is not the first of all in opposite order.
    pub fn last(self) -> First<R> {
        let mut last = self;
        last.query = last.query.unsliced("last");
        last.reverse().first()
    }

    /// How many rows there are, an `i64`: await it, or compare it inside another query.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// assert_eq!(
    ///     Post::objects().filter(|p| p.views.gt(10)).count().to_sql(),
    ///     r#"SELECT COUNT(*) FROM "post" WHERE "post"."views" > $1"#
    /// );
    /// // As a value of another query.
    /// let query = User::objects().filter(|u| Post::objects().filter(|p| p.editor.eq(u.id)).count().gte(3)).count();
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COUNT(*) FROM "user" WHERE (SELECT COUNT(*) FROM "post" WHERE "post"."editor_id" = "user"."id") >= $1"#
    /// );
    /// ```
    pub fn count(self) -> Count {
        Count(self.into_query())
    }

    /// Whether there is a row, a `bool`: await it, or use it as a condition inside another query.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// assert_eq!(
    ///     Post::objects().filter(|p| p.title.eq("Hi")).exists().to_sql(),
    ///     r#"SELECT 1 FROM "post" WHERE "post"."title" = $1 LIMIT $2"#
    /// );
    /// // As a condition of another query.
    /// let query = User::objects().filter(|u| !Post::objects().filter(|p| p.editor.eq(u.id)).exists()).count();
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COUNT(*) FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "post" WHERE "post"."editor_id" = "user"."id")"#
    /// );
    /// ```
    pub fn exists(self) -> Exists {
        Exists(self.into_query())
    }
}

fn not_found(query: &Query) -> Error {
    Error::new(ErrorKind::NotFound, format!("no `{}` matches the query", query.model.name))
}

impl<M: Model, R: Row, A: Annotations> ToStatement for QuerySet<M, R, A> {
    fn to_statement(&self) -> Result<Statement> {
        lower::rows(&self.query)
    }
}

impl<M: Model, R: Row, A: Annotations> IntoFuture for QuerySet<M, R, A> {
    type Output = Result<Vec<R>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        if self.query.none {
            return Box::pin(async { Ok(Vec::new()) });
        }
        let call = Call::new(self.query.db.as_ref(), &self);
        Box::pin(call.loaded(self.query.loaded()))
    }
}

/// The one row of a query: what `get` and `one` return, to be awaited.
#[must_use = "a query does nothing until it is awaited"]
pub struct Get<R> {
    query: Query,
    _r: PhantomData<fn() -> R>,
}

impl<R> Get<R> {
    /// The only row of a query that has one at most, or that is an error.
    pub(super) fn new(query: Query) -> Self {
        Get { query, _r: PhantomData }
    }
}

impl<R: Row> ToStatement for Get<R> {
    fn to_statement(&self) -> Result<Statement> {
        lower::rows(&self.query)
    }
}

impl<R: Row> IntoFuture for Get<R> {
    type Output = Result<R>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.query.db.as_ref(), &self);
        Box::pin(async move {
            if self.query.none {
                return Err(not_found(&self.query));
            }
            let mut rows = call.loaded(self.query.loaded()).await?.into_iter();
            match (rows.next(), rows.next()) {
                (Some(row), None) => Ok(row),
                (None, _) => Err(not_found(&self.query)),
                (Some(_), Some(_)) => {
                    let message = format!("more than one `{}` matches the query", self.query.model.name);
                    Err(Error::new(ErrorKind::MultipleFound, message))
                }
            }
        })
    }
}

/// The first row of a query: await it, or use it as a value inside another query.
#[must_use = "await it, or use it in an expression"]
pub struct First<R> {
    query: Query,
    _r: PhantomData<fn() -> R>,
}

impl<R> First<R> {
    pub(crate) fn node(self) -> Node {
        Node::First(self.query.boxed())
    }
}

impl<R: Row> ToStatement for First<R> {
    fn to_statement(&self) -> Result<Statement> {
        lower::rows(&self.query)
    }
}

impl<R: Row> IntoFuture for First<R> {
    type Output = Result<Option<R>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        if self.query.none {
            return Box::pin(async { Ok(None) });
        }
        let call = Call::new(self.query.db.as_ref(), &self);
        Box::pin(async move { Ok(call.loaded(self.query.loaded()).await?.pop()) })
    }
}

/// How many rows a query has: await it, or use it as a value inside another query.
#[derive(Clone, Debug)]
#[must_use = "await it, or use it in an expression"]
pub struct Count(Query);

impl Count {
    pub(crate) fn node(self) -> Node {
        Node::Count(self.0.boxed())
    }
}

impl ToStatement for Count {
    fn to_statement(&self) -> Result<Statement> {
        lower::count(&self.0)
    }
}

impl IntoFuture for Count {
    type Output = Result<i64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        if self.0.none {
            return Box::pin(async { Ok(0) });
        }
        let call = Call::new(self.0.db.as_ref(), &self);
        Box::pin(async move { call.rows().await?.pop().ok_or_else(no_answer) })
    }
}

impl ToStatement for Exists {
    fn to_statement(&self) -> Result<Statement> {
        lower::exists(&self.0)
    }
}

impl IntoFuture for Exists {
    type Output = Result<bool>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        if self.0.none {
            return Box::pin(async { Ok(false) });
        }
        let call = Call::new(self.0.db.as_ref(), &self);
        Box::pin(async move { Ok(call.run(&mut ()).await? > 0) })
    }
}

/// Aggregates of a query's rows: await them, or use a single one as a value inside another query.
#[must_use = "await it, or use it in an expression"]
pub struct Totals<R> {
    pub(super) total: Total,
    pub(super) _r: PhantomData<fn() -> R>,
}

impl<R> Totals<R> {
    pub(crate) fn node(self) -> Node {
        Node::Total(Box::new(Total { query: self.total.query.part(), ..self.total }))
    }
}

impl<R: Row> ToStatement for Totals<R> {
    fn to_statement(&self) -> Result<Statement> {
        lower::totals(&self.total)
    }
}

impl<R: Row> IntoFuture for Totals<R> {
    type Output = Result<R>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.total.query.db.as_ref(), &self);
        Box::pin(async move { call.rows().await?.pop().ok_or_else(no_answer) })
    }
}

fn no_answer() -> Error {
    Error::new(ErrorKind::Decode, "the server sent no row where it always sends one")
}

macro_rules! debug { ($($name:ident)*) => {$(
    impl<R> fmt::Debug for $name<R> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_tuple(stringify!($name)).field(&self.query).finish()
        }
    }
)*}}
debug!(Get First);

impl<R> fmt::Debug for Totals<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.total.fmt(f)
    }
}
