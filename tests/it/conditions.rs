//! What the words of a query mean exactly: for each rule the SQL, and the rows it finds in a small world whose rows show
//! the difference.

mod aggregates;
mod annotate;
mod combine;
mod derived;
mod distinct;
mod joins;
mod keyset;
mod lookups;
mod nulls;
mod numbers;
mod pages;
mod projections;
mod rows;
mod scopes;
mod strings;
mod subqueries;
mod to_many;
mod windows;

use crate::models::{Comment, Company, Post, PostFields, User, UserFields, blog};
use expect_test::Expect;
use orm::{IntoCond, prelude::*, testing::TestDb};

/// A database with four users, five posts and four comments.
///
/// | user | email | age  | active | company |   | post | title | views | published | author | editor | reply to |
/// |------|-------|------|--------|---------|---|------|-------|-------|-----------|--------|--------|----------|
/// | 1 ann| ann@x | 30   | yes    | 1       |   | 1    | rust  | 100   | 2020      | 1 ann  |        |          |
/// | 2 bob|       |      | yes    |         |   | 2    | go    | 5     |           | 1 ann  | 2 bob  |          |
/// | 3 cyd| cyd@x | 40   | no     | 1       |   | 3    | rust  | 5     | 2021      | 2 bob  | 3 cyd  | 1        |
/// | 4 dan|       | 20   | yes    | 2       |   | 4    | zig   | 200   |           | 2 bob  | 1 ann  | 3        |
/// |      |       |      |        |         |   | 5    | rust  | 200   | 2022      | 3 cyd  | 4 dan  |          |
///
/// Comments: 1 on post 1 by bob, 5 stars, "nice"; 2 on post 1 by cyd, 1 star, "bad"; 3 on post 3 by ann, 5 stars, "good";
/// 4 on post 4 by bob, 1 star, "meh". Companies: 1 acme, 2 zeta, 3 idle (without staff).
pub struct World(TestDb);

pub async fn world() -> World {
    let world = World(blog().await);
    world.fill().await.unwrap();
    world
}

fn year(year: i32) -> DateTime<Utc> {
    format!("{year}-01-01T00:00:00Z").parse().unwrap()
}

/// The SQL from its first `FROM` on.
pub fn tail(sql: &str) -> &str {
    sql.find("FROM").map_or(sql, |at| &sql[at..])
}

impl World {
    pub fn db(&self) -> &Db {
        self.0.db()
    }

    pub fn url(&self) -> &str {
        self.0.url()
    }

    async fn fill(&self) -> orm::Result<()> {
        let companies = [(1, "acme"), (2, "zeta"), (3, "idle")];
        let companies = companies.map(|(id, name)| Company::draft().id(id).name(name).build());
        let users = [
            (1, "ann", Some("ann@x"), Some(30), true, Some(1)),
            (2, "bob", None, None, true, None),
            (3, "cyd", Some("cyd@x"), Some(40), false, Some(1)),
            (4, "dan", None, Some(20), true, Some(2)),
        ];
        let users = users.map(|(id, name, email, age, active, company)| {
            let user =
                User::draft().id(id).username(name).email(email.map(String::from)).age(age).active(active);
            user.company(company.map(ForeignKey::to)).build()
        });
        let posts = [
            (1, "rust", 100, Some(2020), 1, None, None),
            (2, "go", 5, None, 1, Some(2), None),
            (3, "rust", 5, Some(2021), 2, Some(3), Some(1)),
            (4, "zig", 200, None, 2, Some(1), Some(3)),
            (5, "rust", 200, Some(2022), 3, Some(4), None),
        ];
        let posts = posts.map(|(id, title, views, published, author, editor, reply_to)| {
            let post = Post::draft().id(id).title(title).views(views).published_at(published.map(year));
            let post = post.author(author).editor(editor.map(ForeignKey::to));
            post.reply_to(reply_to.map(ForeignKey::to)).build()
        });
        let comments = [(1, 1, 2, 5, "nice"), (2, 1, 3, 1, "bad"), (3, 3, 1, 5, "good"), (4, 4, 2, 1, "meh")];
        let comments = comments.map(|(id, post, author, stars, text)| {
            Comment::draft().id(id).post(post).author(author).stars(stars).text(text).build()
        });
        self.db()
            .scope(async {
                Company::objects().bulk_create(companies).await?;
                User::objects().bulk_create(users).await?;
                Post::objects().bulk_create(posts).await?;
                Comment::objects().bulk_create(comments).await?;
                Ok(())
            })
            .await
    }

    /// The query's SQL from its `FROM` on, and the keys of its rows, sorted: one found twice stands there twice.
    pub async fn check<M: Model<Key = i64>>(&self, query: QuerySet<M>, sql: Expect, keys: &[i64]) {
        sql.assert_eq(tail(&query.to_sql()));
        assert_eq!(self.found(query.clone()).await, keys, "{}", query.to_sql());
    }

    /// The keys of a query's rows, sorted.
    async fn found<M: Model<Key = i64>>(&self, query: QuerySet<M>) -> Vec<i64> {
        let mut keys = self.keys(query).await;
        keys.sort_unstable();
        keys
    }

    /// The keys of a query's rows in their order.
    async fn keys<M: Model<Key = i64>>(&self, query: QuerySet<M>) -> Vec<i64> {
        query.using(self.db()).await.unwrap().iter().map(Model::key).collect()
    }

    /// What a condition on users becomes, and whom it finds.
    async fn users<C: IntoCond>(&self, f: impl FnOnce(&'static UserFields) -> C, sql: Expect, keys: &[i64]) {
        self.check(User::objects().filter(f), sql, keys).await;
    }

    /// What a condition on posts becomes, and which it finds.
    async fn posts<C: IntoCond>(&self, f: impl FnOnce(&'static PostFields) -> C, sql: Expect, keys: &[i64]) {
        self.check(Post::objects().filter(f).order_by(|_| ()), sql, keys).await;
    }
}
