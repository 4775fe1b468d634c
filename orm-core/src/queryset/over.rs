//! Queries over the rows of queries: subqueries in `FROM`, rows put together, recursion, rows for each row.

use super::QuerySet;
use crate::{
    Annotations, Followed, Model, Reach, Rel, Row,
    ast::Combine,
    kind::PerRow,
    node::{Derived, Lateral, Output, Place, Query, Rows, Source},
    path::enter_with,
};
use std::sync::Arc;

/// A query that reads rows of type `R`, which a query on `M` gives. Closures receive the fields of the model that such a row
/// begins with and the values that follow, or, where it begins with a value, its values alone.
type Over<M, R> = QuerySet<<R as Row>::Lead<M>, R, <R as Row>::Over>;

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// A query over the rows of this one, `SELECT … FROM (SELECT …)`: what stands in their order, limit, windows and groups is
    /// done before. Its closures receive the values of a row, and before them, if rows begin with a model, its fields.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// // The three most popular posts of each author.
    /// let best: Vec<(Post, i64)> = Post::objects()
    ///     .annotate(|p| orm::window::row_number().over(|w| w.partition_by(p.author.id).order_by(p.views.desc())))
    ///     .subquery()
    ///     .filter(|(_, place)| place.lte(3))
    ///     .await?;
    /// // How many posts an author has on average.
    /// let posts = Post::objects().group_by(|p| p.author.id).annotate(|p| p.id.count());
    /// let mean: Option<f64> = posts.subquery().aggregate(|(_, posts)| posts.avg()).await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn subquery(self) -> Over<M, R> {
        self.over(Place::From)
    }

    /// The same, written once before the statement (`WITH`), however often it is read in it
    /// ([PostgreSQL, section 7.8](https://www.postgresql.org/docs/current/queries-with.html)).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let totals = Post::objects().group_by(|p| p.author.id).annotate(|p| p.views.sum().or(0)).cte();
    /// let most = totals.clone().aggregate(|(_, views)| views.max());
    /// let best = totals.filter(|(_, views)| views.eq(most));
    /// assert_eq!(
    ///     best.to_sql(),
    ///     r#"WITH "cte" AS (SELECT "post"."author_id" AS "c0", COALESCE(SUM("post"."views"), $1) AS "c1" FROM "post" GROUP BY "post"."author_id") SELECT "rows"."c0", "rows"."c1" FROM "cte" AS "rows" WHERE "rows"."c1" = (SELECT MAX("rows_2"."c1") FROM "cte" AS "rows_2")"#
    /// );
    /// ```
    pub fn cte(self) -> Over<M, R> {
        self.over(Place::With)
    }

    /// The same as [`cte`](Self::cte), and PostgreSQL does not merge it into what reads it (`AS MATERIALIZED`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let titles = Post::objects().values(|p| p.title).materialized();
    /// assert!(titles.to_sql().starts_with(r#"WITH "cte" AS  MATERIALIZED (SELECT "post"."title" AS "c0" FROM"#));
    /// ```
    pub fn materialized(self) -> Over<M, R> {
        self.over(Place::Materialized)
    }

    fn over(self, place: Place) -> Over<M, R> {
        let query = self.into_query().part();
        let rows = Rows::Of(Combine::Union, vec![query.clone()]);
        QuerySet::from_query(query.over(Arc::new(Derived { rows, place, leads: R::LEADS })))
    }

    /// The rows of both queries, each once (`UNION`). As every query over rows of queries it can be filtered, ordered, joined,
    /// annotated and counted; the order of the two is of no consequence.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let popular = Post::objects().filter(|p| p.views.gt(100));
    /// let edited = Post::objects().filter(|p| p.editor.is_not_null());
    /// let query = popular.union(edited).filter(|p| p.author.username.eq("alice")).values(|p| p.id);
    /// assert_eq!(
    ///     query.order_by(|p| p.id).to_sql().split_once(" FROM ").unwrap().0,
    ///     r#"SELECT "rows"."id""#
    /// );
    /// // Rows of different models, of the same types.
    /// let words = Post::objects().values(|p| p.title).union(User::objects().values(|u| u.username));
    /// assert_eq!(
    ///     words.filter(|word| word.startswith("a")).to_sql(),
    ///     r#"SELECT "rows"."c0" FROM (SELECT "post"."title" AS "c0" FROM "post" UNION (SELECT "user"."username" AS "c0" FROM "user")) AS "rows" WHERE "rows"."c0" LIKE $1"#
    /// );
    /// ```
    pub fn union<N: Model, B: Annotations>(self, other: QuerySet<N, R, B>) -> Over<M, R> {
        self.combined(Combine::Union, other.into_query())
    }

    /// The rows of both queries (`UNION ALL`): what both have, twice.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let words = Post::objects().values(|p| p.title).union_all(User::objects().values(|u| u.username));
    /// assert!(words.to_sql().contains(" UNION ALL "));
    /// ```
    pub fn union_all<N: Model, B: Annotations>(self, other: QuerySet<N, R, B>) -> Over<M, R> {
        self.combined(Combine::UnionAll, other.into_query())
    }

    /// The rows that the other query has too, each once (`INTERSECT`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let authors = Post::objects().values(|p| p.author.id);
    /// let both: Vec<i64> = authors.intersection(User::objects().values(|u| u.id)).await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn intersection<N: Model, B: Annotations>(self, other: QuerySet<N, R, B>) -> Over<M, R> {
        self.combined(Combine::Intersect, other.into_query())
    }

    /// The rows that the other query does not have, each once (`EXCEPT`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let authors = Post::objects().values(|p| p.author.id);
    /// let silent: Vec<i64> = User::objects().values(|u| u.id).difference(authors).await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn difference<N: Model, B: Annotations>(self, other: QuerySet<N, R, B>) -> Over<M, R> {
        self.combined(Combine::Except, other.into_query())
    }

    fn combined(self, how: Combine, other: Query) -> Over<M, R> {
        let first = self.into_query();
        let none = match how {
            Combine::Union | Combine::UnionAll => first.none && other.none,
            Combine::Intersect => first.none || other.none,
            Combine::Except => first.none,
        };
        // What is such a chain already is made longer, so that no loop makes it deep.
        let (like, rows) = match first.bare_chain(how) {
            Some(chain) => (chain[0].clone(), chain.iter().cloned().chain([other.part()]).collect()),
            None => (first.clone(), vec![first.part(), other.part()]),
        };
        let source = Derived { rows: Rows::Of(how, rows), place: Place::From, leads: R::LEADS };
        QuerySet::from_query(Query { none, ..like.over(Arc::new(source)) })
    }

    /// The rows of this query, the rows that a step finds from them, the rows it finds from those, and so on until it finds no new
    /// ones (`WITH RECURSIVE … UNION`). Each row is there once, so one that leads back to itself ends; with a value that grows
    /// from step to step, it is for the step to end it by a condition.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// #[derive(Model, Debug, Clone)]
    /// pub struct Category {
    ///     pub id: i64,
    ///     pub name: String,
    ///     pub parent: Option<ForeignKey<Category>>,
    ///     pub children: HasMany<Category>,
    /// }
    /// # run(async |db| {
    /// db.create_tables(orm::models![Category]).await?;
    /// let root = Category::objects().create().name("all").await?;
    /// let books = Category::objects().create().name("books").parent(&root).await?;
    /// Category::objects().create().name("poems").parent(&books).await?;
    ///
    /// // A category and all below it, each with how far below.
    /// let tree: Vec<(Category, i32)> = Category::objects()
    ///     .filter(|c| c.name.eq("all"))
    ///     .annotate(|_| orm::value(0))
    ///     .recursive(|found| {
    ///         found.filter(|(_, depth)| depth.lt(100)).follow(|(c, _)| c.children).annotate(|(_, depth)| depth + 1)
    ///     })
    ///     .order_by(|(c, depth)| (depth, c.name))
    ///     .await?;
    /// assert_eq!(tree.iter().map(|(c, depth)| (&*c.name, *depth)).collect::<Vec<_>>(), [("all", 0), ("books", 1), ("poems", 2)]);
    /// // And all above one.
    /// let up = Category::objects().filter(|c| c.name.eq("poems")).recursive(|found| found.follow(|c| c.parent));
    /// assert_eq!(up.count().await?, 3);
    /// # Ok(())
    /// # });
    /// ```
    pub fn recursive<N: Model, B: Annotations>(
        self,
        step: impl FnOnce(Over<M, R>) -> QuerySet<N, R, B>,
    ) -> Over<M, R> {
        let first = self.into_query();
        let last = Arc::new(Derived { rows: Rows::Last, place: Place::With, leads: R::LEADS });
        let next = step(QuerySet::from_query(first.over(Arc::clone(&last)))).into_query();
        let rows = Rows::Recursive { first: first.clone().boxed(), next: next.boxed(), last };
        QuerySet::from_query(first.over(Arc::new(Derived { rows, place: Place::With, leads: R::LEADS })))
    }

    /// Reads the rows that a relation leads to, instead of those it leads from: as many as there are. Closures of later calls still
    /// speak of where it leads from, until [`subquery`](Self::subquery).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let alice = User::objects().create().username("alice").await?;
    /// Post::objects().create().title("Hi").author(&alice).await?;
    /// let posts: Vec<Post> = User::objects().filter(|u| u.username.eq("alice")).follow(|u| u.posts).await?;
    /// assert_eq!(posts[0].title, "Hi");
    /// # Ok(())
    /// # });
    /// ```
    pub fn follow<T: Model, N: Reach>(
        self,
        f: impl FnOnce(A::Arg<M>) -> Rel<T, N>,
    ) -> QuerySet<M, T, Followed<A>>
    where
        A: Annotations<Kind = PerRow>,
    {
        let (depth, relation) = enter_with::<M, A, _>(f);
        let mut query = self.into_query();
        if query.follows {
            query.refused = Some("`follow` twice; call `subquery()` between, or follow a path".to_owned());
        }
        query.output = vec![(depth, Output::Model(relation.path()))];
        query.follows = true;
        QuerySet::from_query(query)
    }

    /// Asks a query for each row, and joins its rows to it (`CROSS JOIN LATERAL`): a row stands there once for each of them, with
    /// their values after its own. Rows for which the query has none are left out.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// // The two most popular posts of each user.
    /// let rows: Vec<(User, String, i32)> = User::objects()
    ///     .lateral(|u| {
    ///         let posts = Post::objects().filter(|p| p.author.eq(u.id)).order_by(|p| p.views.desc());
    ///         posts.limit(2).values(|p| (p.title, p.views))
    ///     })
    ///     .order_by(|(u, _, views)| (u.username, views.desc()))
    ///     .await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn lateral<N: Model, S: Row, B: Annotations>(
        self,
        f: impl FnOnce(A::Arg<M>) -> QuerySet<N, S, B>,
    ) -> QuerySet<M, S::After<R>, S::Onto<A>>
    where
        A: Annotations<Kind = PerRow>,
    {
        let (depth, rows) = enter_with::<M, A, _>(f);
        let (rows, mut query) = (rows.into_query().part(), self.into_query());
        query.begin();
        let own = [(0, Output::Model(crate::Path::root(rows.model, 0)))];
        let parts = if rows.output.is_empty() { &own[..] } else { &rows.output };
        query.give(Source::Lateral(query.laterals.len()), parts, 0);
        query.laterals.push(Lateral { depth, rows });
        QuerySet::from_query(query)
    }
}

impl Query {
    /// The queries whose rows it gives as they are, if those are put together in this way.
    fn bare_chain(&self, how: Combine) -> Option<&[Query]> {
        match self.source.as_deref() {
            Some(Derived { rows: Rows::Of(same, queries), place: Place::From, .. })
                if *same == how && how != Combine::Except && queries.len() > 1 && self.is_bare() =>
            {
                Some(queries)
            }
            _ => None,
        }
    }

    /// Whether it says nothing about what it reads.
    fn is_bare(&self) -> bool {
        let says = self.order.is_some() || self.reversed || self.is_sliced() || self.follows;
        self.filters.is_empty() && self.output.is_empty() && self.laterals.is_empty() && !says
    }
}
