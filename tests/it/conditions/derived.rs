//! Queries over the rows of queries: subqueries in `FROM`, rows put together, common tables, recursion, rows for each row.

use super::world;
use crate::models::{Comment, Company, Post, User};
use expect_test::expect;
use orm::{prelude::*, value, window};
use std::time::Duration;

fn ids(posts: &[Post]) -> Vec<i64> {
    posts.iter().map(|post| post.id).collect()
}

#[tokio::test]
async fn a_window_can_be_a_condition_of_a_query_over_its_rows() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .annotate(|p| {
            window::row_number().over(|w| w.partition_by(p.author.id).order_by((p.views.desc(), p.id)))
        })
        .subquery()
        .filter(|(p, place)| place.eq(1) & p.author.username.ne("cyd"))
        .order_by(|(p, _)| p.id);
    expect![[r#"SELECT "rows"."id", "rows"."title", "rows"."body", "rows"."views", "rows"."published_at", "rows"."changed_at", "rows"."author_id", "rows"."editor_id", "rows"."reply_to_id", "rows"."c9" FROM (SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id", ROW_NUMBER() OVER (PARTITION BY "blog_post"."author_id" ORDER BY "blog_post"."views" DESC, "blog_post"."id") AS "c9" FROM "blog_post") AS "rows" INNER JOIN "user" ON "user"."id" = "rows"."author_id" WHERE "rows"."c9" = $1 AND "user"."username" <> $2 ORDER BY "rows"."id" ASC"#]]
        .assert_eq(&query.to_sql());
    let rows: Vec<(Post, i64)> = query.await.unwrap();
    assert_eq!(rows.iter().map(|(post, place)| (post.id, *place)).collect::<Vec<_>>(), [(1, 1), (4, 1)]);
}

#[tokio::test]
async fn groups_can_be_aggregated_and_grouped_again() {
    let w = world().await;
    let by_author =
        Post::objects().using(w.db()).group_by(|p| p.author.username).annotate(|p| p.id.count()).subquery();
    let (most, authors) =
        by_author.clone().aggregate(|(name, posts)| (posts.max(), name.count())).await.unwrap();
    assert_eq!((most, authors), (Some(2), 3));
    let again = by_author.group_by(|(_, posts)| posts).annotate(|(name, _)| name.count());
    let rows: Vec<(i64, i64)> = again.order_by(|(_, _, posts, _)| posts).await.unwrap();
    assert_eq!(rows, [(1, 1), (2, 2)]);
}

#[tokio::test]
async fn a_limit_is_of_the_inner_rows_and_later_clauses_of_the_outer_ones() {
    let w = world().await;
    let query = Post::objects().using(w.db()).order_by(|p| p.id).limit(3).subquery();
    let query = query.filter(|p| p.views.eq(5)).order_by(|p| p.id.desc());
    assert_eq!(ids(&query.clone().await.unwrap()), [3, 2]);
    assert_eq!(query.clone().count().await.unwrap(), 2);
    assert!(query.clone().exists().await.unwrap());
    assert_eq!(query.clone().first().await.unwrap().unwrap().id, 3);
    assert_eq!(query.clone().aggregate(|p| p.views.sum()).await.unwrap(), Some(10));
    // As part of other queries.
    let authors = User::objects().using(w.db()).filter(|u| u.posts.in_(query.clone())).order_by(|u| u.id);
    assert_eq!(authors.values(|u| u.id).await.unwrap(), [1, 2]);
}

#[tokio::test]
async fn rows_are_put_together_and_remain_rows_of_their_model() {
    let w = world().await;
    let at = |id: i64| Post::objects().using(w.db()).filter(move |p| p.id.eq(id));
    let sorted = |query: QuerySet<Post>| query.order_by(|p| p.id);
    assert_eq!(ids(&sorted(at(1).union(at(3)).union(at(1))).await.unwrap()), [1, 3]);
    assert_eq!(ids(&sorted(at(1).union_all(at(1))).await.unwrap()), [1, 1]);
    let rust = || Post::objects().using(w.db()).filter(|p| p.title.eq("rust"));
    assert_eq!(ids(&sorted(rust().difference(at(3))).await.unwrap()), [1, 5]);
    assert_eq!(ids(&sorted(rust().intersection(at(3).union(at(2)))).await.unwrap()), [3]);
    // Filtered, joined, loaded and counted as any other.
    let query = at(1).union(at(4)).filter(|p| p.author.username.eq("bob")).select_related(|p| p.author);
    let posts = query.await.unwrap();
    assert_eq!((posts[0].id, &*posts[0].author.get().unwrap().username), (4, "bob"));
    assert_eq!(at(1).union(at(4)).count().await.unwrap(), 2);
    // The model's own order is that of the whole.
    assert_eq!(ids(&at(1).union(at(5)).await.unwrap()), [5, 1]);
}

#[tokio::test]
async fn a_chain_of_unions_is_one_and_each_part_keeps_its_limit() {
    let w = world().await;
    let first = |title: &'static str| {
        Post::objects().using(w.db()).filter(move |p| p.title.eq(title)).order_by(|p| p.id.desc()).limit(1)
    };
    let query = first("rust").union(first("go")).union(first("zig")).order_by(|p| p.id).values(|p| p.id);
    expect![[r#"SELECT "rows"."id" FROM (SELECT * FROM (SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id" FROM "blog_post" WHERE "blog_post"."title" = $1 ORDER BY "blog_post"."id" DESC LIMIT $2) AS "part" UNION (SELECT "blog_post_2"."id", "blog_post_2"."title", "blog_post_2"."body", "blog_post_2"."views", "blog_post_2"."published_at", "blog_post_2"."changed_at", "blog_post_2"."author_id", "blog_post_2"."editor_id", "blog_post_2"."reply_to_id" FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."title" = $3 ORDER BY "blog_post_2"."id" DESC LIMIT $4) UNION (SELECT "blog_post_3"."id", "blog_post_3"."title", "blog_post_3"."body", "blog_post_3"."views", "blog_post_3"."published_at", "blog_post_3"."changed_at", "blog_post_3"."author_id", "blog_post_3"."editor_id", "blog_post_3"."reply_to_id" FROM "blog_post" AS "blog_post_3" WHERE "blog_post_3"."title" = $5 ORDER BY "blog_post_3"."id" DESC LIMIT $6)) AS "rows" ORDER BY "rows"."id" ASC"#]]
        .assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), [2, 4, 5]);
}

#[tokio::test]
async fn values_of_different_models_are_put_together() {
    let w = world().await;
    let names = User::objects().using(w.db()).values(|u| (value("user"), u.username));
    let all = names.union_all(Company::objects().values(|c| (value("company"), c.name)));
    let rows: Vec<(String, String)> =
        all.filter(|(_, name)| name.lt("b")).order_by(|(kind, name)| (kind, name)).await.unwrap();
    assert_eq!(rows, [("company".into(), "acme".into()), ("user".into(), "ann".into())]);
    // Options and models in rows.
    let editors = Post::objects().using(w.db()).values(|p| (p.title, p.editor, p.author));
    let rows: Vec<(String, Option<User>, User)> =
        editors.clone().union(editors).order_by(|(title, _, _)| title.desc()).limit(1).await.unwrap();
    let row = &rows[0];
    assert_eq!((&*row.0, &*row.1.as_ref().unwrap().username, &*row.2.username), ("zig", "ann", "bob"));
}

#[tokio::test]
async fn no_rows_put_together_with_some_are_those() {
    let w = world().await;
    let (all, none) = (|| Post::objects().using(w.db()), || Post::objects().using(w.db()).none());
    assert_eq!(none().union(all()).count().await.unwrap(), 5);
    assert_eq!(all().difference(none()).count().await.unwrap(), 5);
    assert_eq!(all().intersection(none()).await.unwrap(), []);
    assert_eq!(none().union(none()).await.unwrap(), []);
}

#[tokio::test]
async fn a_common_table_is_written_once_however_often_it_is_read() {
    let w = world().await;
    let totals =
        Post::objects().using(w.db()).group_by(|p| p.author.id).annotate(|p| p.views.sum().or(0)).cte();
    let most = totals.clone().aggregate(|(_, views)| views.max());
    let best = totals.filter(|(_, views)| views.eq(most));
    expect![[r#"WITH "cte" AS (SELECT "blog_post"."author_id" AS "c0", COALESCE(SUM("blog_post"."views"), $1) AS "c1" FROM "blog_post" GROUP BY "blog_post"."author_id") SELECT "rows"."c0", "rows"."c1" FROM "cte" AS "rows" WHERE "rows"."c1" = (SELECT MAX("rows_2"."c1") FROM "cte" AS "rows_2")"#]]
        .assert_eq(&best.to_sql());
    let mut best: Vec<(i64, i64)> = best.await.unwrap();
    best.sort_unstable();
    assert_eq!(best, [(2, 205)]);
    // In a subquery it stands before the statement as well.
    let popular = Post::objects().filter(|p| p.views.gt(50)).values(|p| p.author.id).materialized();
    let authors =
        User::objects().using(w.db()).filter(|u| u.id.in_(popular)).order_by(|u| u.id).values(|u| u.id);
    expect![[r#"WITH "cte" AS  MATERIALIZED (SELECT "blog_post"."author_id" AS "c0" FROM "blog_post" WHERE "blog_post"."views" > $1) SELECT "user"."id" FROM "user" WHERE "user"."id" IN (SELECT "rows"."c0" FROM "cte" AS "rows") ORDER BY "user"."id" ASC"#]]
        .assert_eq(&authors.to_sql());
    assert_eq!(authors.await.unwrap(), [1, 2, 3]);
}

#[tokio::test]
async fn a_recursion_follows_a_relation_until_there_are_no_new_rows() {
    let w = world().await;
    let below = |id: i64| {
        let post = Post::objects().using(w.db()).filter(move |p| p.id.eq(id));
        post.recursive(|found| found.follow(|p| p.replies)).order_by(|p| p.id)
    };
    expect![[r#"WITH RECURSIVE "cte" AS (SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id" FROM "blog_post" WHERE "blog_post"."id" = $1 UNION (SELECT "blog_post_2"."id", "blog_post_2"."title", "blog_post_2"."body", "blog_post_2"."views", "blog_post_2"."published_at", "blog_post_2"."changed_at", "blog_post_2"."author_id", "blog_post_2"."editor_id", "blog_post_2"."reply_to_id" FROM "cte" AS "rows" INNER JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."reply_to_id" = "rows"."id")) SELECT "rows_2"."id" FROM "cte" AS "rows_2" ORDER BY "rows_2"."id" ASC"#]]
        .assert_eq(&below(1).values(|p| p.id).to_sql());
    assert_eq!(ids(&below(1).await.unwrap()), [1, 3, 4]);
    // With how far they are.
    let depths: Vec<(Post, i32)> = Post::objects()
        .using(w.db())
        .filter(|p| p.id.eq(4))
        .annotate(|_| value(0))
        .recursive(|found| found.follow(|(p, _)| p.reply_to).annotate(|(_, depth)| depth + 1))
        .order_by(|(_, depth)| depth)
        .await
        .unwrap();
    assert_eq!(depths.iter().map(|(p, depth)| (p.id, *depth)).collect::<Vec<_>>(), [(4, 0), (3, 1), (1, 2)]);
    // What leads back to itself ends.
    Post::objects().using(w.db()).filter(|p| p.id.eq(1)).update(|p| p.reply_to.set(4)).await.unwrap();
    assert_eq!(ids(&below(3).await.unwrap()), [1, 3, 4]);
}

#[tokio::test]
async fn a_recursion_counts_by_values_alone() {
    let w = world().await;
    let numbers = Company::objects()
        .using(w.db())
        .filter(|c| c.id.eq(1))
        .values(|_| value(1_i32))
        .recursive(|found| found.filter(|n| n.lt(5)).values(|n| n + 1));
    assert_eq!(numbers.clone().order_by(|n| n.desc()).await.unwrap(), [5, 4, 3, 2, 1]);
    assert_eq!(numbers.aggregate(|n| n.sum()).await.unwrap(), Some(15));
}

#[tokio::test]
async fn a_relation_is_followed_to_all_its_rows_without_nulls() {
    let w = world().await;
    let posts = User::objects().using(w.db()).filter(|u| u.username.in_(["ann", "bob"])).follow(|u| u.posts);
    assert_eq!(posts.clone().count().await.unwrap(), 4);
    let rust = posts.subquery().filter(|p| p.title.eq("rust")).order_by(|p| p.id);
    assert_eq!(ids(&rust.await.unwrap()), [1, 3]);
    let editors = Post::objects().using(w.db()).follow(|p| p.editor).subquery().order_by(|u| u.id);
    assert_eq!(editors.values(|u| u.id).await.unwrap(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_query_for_each_row_is_joined_to_it() {
    let w = world().await;
    let query = User::objects()
        .using(w.db())
        .lateral(|u| {
            let posts = Post::objects().filter(|p| p.author.eq(u.id)).order_by(|p| (p.views.desc(), p.id));
            posts.limit(1).values(|p| (p.title, p.views))
        })
        .filter(|(u, _, views)| views.gt(50) & u.id.lt(3))
        .order_by(|(_, title, views)| (views.desc(), title));
    expect![[r#"SELECT "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id", "rows"."c0", "rows"."c1" FROM "user" INNER JOIN LATERAL (SELECT "blog_post"."title" AS "c0", "blog_post"."views" AS "c1" FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" ORDER BY "blog_post"."views" DESC, "blog_post"."id" ASC LIMIT $1) AS "rows" ON TRUE WHERE "rows"."c1" > $2 AND "user"."id" < $3 ORDER BY "rows"."c1" DESC, "rows"."c0" ASC"#]]
        .assert_eq(&query.to_sql());
    let rows: Vec<(User, String, i32)> = query.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(u, title, views)| (&*u.username, &**title, *views)).collect();
    assert_eq!(rows, [("bob", "zig", 200), ("ann", "rust", 100)]);
    // Whole models, several times, and with paths of the row.
    let query = Comment::objects()
        .using(w.db())
        .lateral(|c| Post::objects().filter(|p| p.title.eq(c.post.title)).order_by(|p| p.id).limit(1))
        .lateral(|(c, ())| User::objects().filter(|u| u.id.eq(c.author.id)).values(|u| u.username))
        .order_by(|(c, (), _)| c.id);
    let rows: Vec<(Comment, Post, String)> = query.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(c, p, name)| (c.id, p.id, &**name)).collect();
    assert_eq!(rows, [(1, 1, "bob"), (2, 1, "cyd"), (3, 1, "ann"), (4, 4, "bob")]);
}

#[tokio::test]
async fn rows_of_a_subquery_are_changed_where_they_are_rows_of_the_table() {
    let w = world().await;
    let at = |id: i64| Post::objects().using(w.db()).filter(move |p| p.id.eq(id));
    assert_eq!(at(1).union(at(2)).update(|p| p.views.set(7)).await.unwrap(), 2);
    assert_eq!(Post::objects().using(w.db()).filter(|p| p.views.eq(7)).count().await.unwrap(), 2);
    assert_eq!(at(1).union(at(5)).difference(at(5)).delete().await.unwrap(), 1);
    assert!(at(5).exists().await.unwrap());
}

#[tokio::test]
async fn what_makes_no_sense_is_an_error_that_says_so() {
    let w = world().await;
    let posts = || Post::objects().using(w.db());
    let error = posts().union(posts()).select_for_update().await.unwrap_err();
    expect!["`select_for_update` of the rows of a subquery; lock the rows of tables, in a query of its own"]
        .assert_eq(&error.to_string());
    let error = posts().values(|p| p.title).subquery().filter_str("views", "3").unwrap().await.unwrap_err();
    expect!["the rows of a subquery are values and no `Post`; speak of those values"]
        .assert_eq(&error.to_string());
    let error = posts().subquery().limit(2).aggregate(|p| p.views.sum()).await.unwrap_err();
    expect!["`aggregate` of some rows of a subquery; call `subquery()` after `limit` or `distinct_on`"]
        .assert_eq(&error.to_string());
    let mut stolen = None;
    let _ = posts().values(|p| p.id).recursive(|found| {
        stolen = Some(found.clone());
        found
    });
    let error = stolen.unwrap().await.unwrap_err();
    expect!["the rows that a step of `recursive` reads are read outside of it"].assert_eq(&error.to_string());
    let deep = (0..100).fold(posts().values(|p| p.id).subquery(), |query, _| query.subquery());
    let error = deep.await.unwrap_err().to_string();
    assert!(error.contains("nested more than 64 deep"), "{error}");
    let many = (0..200).fold(posts(), |query, _| query.union(posts()));
    assert_eq!(many.count().await.unwrap(), 5);
}

#[tokio::test]
async fn a_recursion_without_an_end_ends_at_the_deadline_and_says_how_to_end_it() {
    let w = world().await;
    let config = orm::Config::from_url(w.url()).unwrap().statement_timeout(Duration::from_millis(300));
    let db = Db::connect(config).await.unwrap();
    let endless = Company::objects()
        .using(&db)
        .values(|_| value(1_i64))
        .recursive(|found| found.values(|n| n + 1))
        .count();
    let error = endless.await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(error.to_string().contains("bound by a condition what grows from step to step"), "{error}");
}
