//! Aggregates: over a query's rows, and of each row over its related rows.

use super::world;
use crate::models::{Comment, Post, User};
use expect_test::expect;
use orm::prelude::*;

#[tokio::test]
async fn all_aggregates_come_in_one_row() {
    let w = world().await;
    let query = Post::objects().using(w.db()).aggregate(|p| {
        (
            p.id.count(),
            p.views.sum(),
            p.views.avg(),
            p.views.min(),
            p.views.max(),
            p.published_at.count(),
            p.title.max(),
        )
    });
    expect![[r#"SELECT COUNT("blog_post"."id"), SUM("blog_post"."views"), CAST(AVG("blog_post"."views") AS double precision), MIN("blog_post"."views"), MAX("blog_post"."views"), COUNT("blog_post"."published_at"), MAX("blog_post"."title") FROM "blog_post""#]].assert_eq(&query.to_sql());
    assert_eq!(
        query.await.unwrap(),
        (5, Some(510), Some(102.0), Some(5), Some(200), 3, Some("zig".to_owned()))
    );
}

#[tokio::test]
async fn over_nothing_all_but_count_are_none_and_or_gives_a_value() {
    let w = world().await;
    let nothing = || Post::objects().using(w.db()).filter(|p| p.views.gt(1000));
    let row =
        nothing().aggregate(|p| (p.id.count(), p.views.sum(), p.views.avg(), p.views.min(), p.views.max()));
    assert_eq!(row.await.unwrap(), (0, None, None, None, None));
    let query =
        nothing().aggregate(|p| (p.views.sum().or(0), p.views.avg().or(0.5), p.title.max().or("none")));
    expect![[r#"SELECT COALESCE(SUM("blog_post"."views"), $1), COALESCE(CAST(AVG("blog_post"."views") AS double precision), $2), COALESCE(MAX("blog_post"."title"), $3) FROM "blog_post" WHERE "blog_post"."views" > $4"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), (0, 0.5, "none".to_owned()));
    assert_eq!(nothing().count().await.unwrap(), 0);
    let row = Post::objects().using(w.db()).none().aggregate(|p| (p.id.count(), p.views.sum()));
    assert_eq!(row.await.unwrap(), (0, None));
}

#[tokio::test]
async fn aggregates_pass_over_nulls_and_take_expressions_and_paths() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .aggregate(|p| (p.editor.age.count(), p.editor.age.sum(), p.author.age.max(), (p.views + 1).sum()));
    expect![[r#"SELECT COUNT("user"."age"), SUM("user"."age"), MAX("user_2"."age"), SUM("blog_post"."views" + $1) FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."author_id""#]].assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), (3, Some(90), Some(40), Some(515)));
    let stars = Comment::objects().using(w.db()).aggregate(|c| (c.stars.sum(), c.stars.avg(), c.id.sum()));
    assert_eq!(stars.await.unwrap(), (Some(12), Some(3.0), Some(10)));
}

#[tokio::test]
async fn aggregates_of_a_limited_query_see_only_its_rows() {
    let w = world().await;
    let top = || Post::objects().using(w.db()).order_by(|p| (p.views.desc(), p.id)).limit(3);
    let query = top().aggregate(|p| (p.id.count(), p.views.sum(), p.author.age.max()));
    expect![[r#"SELECT COUNT("blog_post"."id"), SUM("blog_post"."views"), MAX("user"."age") FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "blog_post"."id" IN (SELECT "blog_post_2"."id" FROM "blog_post" AS "blog_post_2" ORDER BY "blog_post_2"."views" DESC, "blog_post_2"."id" ASC LIMIT $1)"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), (3, Some(500), Some(40)));
    expect![[r#"SELECT COUNT(*) FROM (SELECT 1 FROM "blog_post" LIMIT $1 OFFSET $2) AS "rows""#]]
        .assert_eq(&top().offset(4).count().to_sql());
    assert_eq!(top().count().await.unwrap(), 3);
    assert_eq!(top().offset(4).count().await.unwrap(), 1);
    assert_eq!(top().offset(4).aggregate(|p| p.views.max()).await.unwrap(), Some(5));
    assert_eq!(top().limit(0).aggregate(|p| p.views.sum().or(7)).await.unwrap(), 7);
}

#[tokio::test]
async fn a_filter_through_a_to_many_relation_does_not_multiply_what_is_summed() {
    let w = world().await;
    let query = Post::objects().using(w.db()).filter(|p| p.comments.stars.gt(0));
    let query = query.aggregate(|p| (p.id.count(), p.views.sum()));
    expect![[r#"SELECT COUNT("blog_post"."id"), SUM("blog_post"."views") FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" > $1)"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), (3, Some(305)), "post 1 has two comments and counts once");
}

#[tokio::test]
async fn two_aggregates_across_relations_in_one_row_are_both_right() {
    let w = world().await;
    let query = User::objects()
        .order_by(|u| u.id)
        .values(|u| (u.id, u.posts.count(), u.comments.count(), u.posts.views.sum(), u.comments.stars.avg()));
    expect![[r#"SELECT "user"."id", (SELECT COUNT("blog_post"."id") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id"), (SELECT COUNT("comment"."id") FROM "comment" WHERE "comment"."author_id" = "user"."id"), (SELECT SUM("blog_post_2"."views") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id"), CAST((SELECT AVG("comment_2"."stars") FROM "comment" AS "comment_2" WHERE "comment_2"."author_id" = "user"."id") AS double precision) FROM "user" ORDER BY "user"."id" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.using(w.db()).await.unwrap();
    assert_eq!(
        rows,
        [
            (1, 2, 1, Some(105), Some(5.0)),
            (2, 2, 2, Some(205), Some(3.0)),
            (3, 1, 1, Some(200), Some(1.0)),
            (4, 0, 0, None, None),
        ]
    );
}

#[tokio::test]
async fn an_aggregate_across_a_relation_counts_all_rows_whatever_the_filters_say() {
    let w = world().await;
    let query = User::objects()
        .filter(|u| u.posts.title.eq("go"))
        .values(|u| (u.username, u.posts.count(), u.posts.views.min().or(0)));
    expect![[r#"SELECT "user"."username", (SELECT COUNT("blog_post"."id") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id"), COALESCE((SELECT MIN("blog_post_2"."views") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id"), $1) FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_3" WHERE "blog_post_3"."author_id" = "user"."id" AND "blog_post_3"."title" = $2)"#]].assert_eq(&query.to_sql());
    assert_eq!(query.using(w.db()).await.unwrap(), [("ann".to_owned(), 2, 5)]);
}

#[tokio::test]
async fn an_aggregate_across_a_relation_stands_in_a_condition() {
    let w = world().await;
    w.users(|u| u.posts.count().eq(2), expect![[r#"FROM "user" WHERE (SELECT COUNT("blog_post"."id") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") = $1"#]], &[1, 2]).await;
    w.users(|u| u.posts.count().eq(0) | u.posts.views.sum().gt(200), expect![[r#"FROM "user" WHERE (SELECT COUNT("blog_post"."id") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") = $1 OR (SELECT SUM("blog_post_2"."views") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id") > $2"#]], &[2, 4]).await;
    w.users(|u| !u.posts.views.max().gt(100), expect![[r#"FROM "user" WHERE ((SELECT MAX("blog_post"."views") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") > $1) IS NOT TRUE"#]], &[1, 4]).await;
    w.users(|u| u.posts.views.max().ne(200), expect![[r#"FROM "user" WHERE (SELECT MAX("blog_post"."views") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") IS DISTINCT FROM $1"#]], &[1, 4]).await;
    w.users(|u| u.posts.views.max().is_null(), expect![[r#"FROM "user" WHERE (SELECT MAX("blog_post"."views") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") IS NULL"#]], &[4]).await;
    w.users(|u| u.posts.views.max().or(0).lt(150), expect![[r#"FROM "user" WHERE COALESCE((SELECT MAX("blog_post"."views") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id"), $1) < $2"#]], &[1, 4]).await;
    w.users(|u| u.posts.count().in_([0, 1]) & u.posts.count().range(1, 5), expect![[r#"FROM "user" WHERE (SELECT COUNT("blog_post"."id") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") = ANY($1) AND ((SELECT COUNT("blog_post_2"."id") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id") BETWEEN $2 AND $3)"#]], &[3]).await;
    w.users(|u| u.posts.count().gt(u.comments.count()), expect![[r#"FROM "user" WHERE (SELECT COUNT("blog_post"."id") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") > (SELECT COUNT("comment"."id") FROM "comment" WHERE "comment"."author_id" = "user"."id")"#]], &[1]).await;
    w.users(|u| u.id.eq(u.posts.count()), expect![[r#"FROM "user" WHERE "user"."id" = (SELECT COUNT("blog_post"."id") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id")"#]], &[2]).await;
}

#[tokio::test]
async fn an_aggregate_across_a_relation_stands_in_an_order() {
    let w = world().await;
    let query =
        User::objects().order_by(|u| (u.posts.views.sum().desc().nulls_last(), u.posts.count(), u.id));
    expect![[r#"SELECT "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "user" ORDER BY (SELECT SUM("blog_post"."views") FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") DESC NULLS LAST, (SELECT COUNT("blog_post_2"."id") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id") ASC, "user"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(w.keys(query).await, [2, 3, 1, 4]);
    assert_eq!(w.keys(User::objects().order_by(|u| (u.comments.count(), u.id))).await, [4, 1, 3, 2]);
}

#[tokio::test]
async fn an_aggregate_goes_as_far_as_its_path() {
    let w = world().await;
    let query = User::objects()
        .order_by(|u| u.id)
        .values(|u| (u.posts.comments.count(), u.posts.comments.stars.max(), u.posts.editor.age.avg()));
    expect![[r#"SELECT (SELECT COUNT("comment"."id") FROM "blog_post" INNER JOIN "comment" ON "comment"."post_id" = "blog_post"."id" WHERE "blog_post"."author_id" = "user"."id"), (SELECT MAX("comment_2"."stars") FROM "blog_post" AS "blog_post_2" INNER JOIN "comment" AS "comment_2" ON "comment_2"."post_id" = "blog_post_2"."id" WHERE "blog_post_2"."author_id" = "user"."id"), CAST((SELECT AVG("user_2"."age") FROM "blog_post" AS "blog_post_3" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_3"."editor_id" WHERE "blog_post_3"."author_id" = "user"."id") AS double precision) FROM "user" ORDER BY "user"."id" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.using(w.db()).await.unwrap();
    assert_eq!(rows, [(2, Some(5), None), (2, Some(5), Some(35.0)), (0, None, Some(20.0)), (0, None, None)]);
}

#[tokio::test]
async fn an_aggregate_behind_a_nullable_hop_is_over_nothing_where_there_is_no_row() {
    let w = world().await;
    let query = Post::objects()
        .order_by(|p| p.id)
        .values(|p| (p.editor.posts.count(), p.editor.posts.views.sum(), p.author.company.staff.count()));
    expect![[r#"SELECT (SELECT COUNT("blog_post_2"."id") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "blog_post"."editor_id"), (SELECT SUM("blog_post_3"."views") FROM "blog_post" AS "blog_post_3" WHERE "blog_post_3"."author_id" = "blog_post"."editor_id"), (SELECT COUNT("user_2"."id") FROM "user" AS "user_2" WHERE "user_2"."company_id" = "user"."company_id") FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" ORDER BY "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.using(w.db()).await.unwrap();
    assert_eq!(rows, [(0, None, 2), (2, Some(205), 2), (1, Some(200), 0), (2, Some(105), 0), (0, None, 2)]);
}

#[tokio::test]
async fn an_aggregate_is_over_all_related_rows_inside_a_condition_on_one_of_them() {
    let w = world().await;
    w.users(|u| u.posts.any(|p| p.views.eq(u.posts.views.max()) & p.title.eq("rust")), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" = (SELECT MAX("blog_post_2"."views") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id") AND "blog_post"."title" = $1)"#]], &[1, 3]).await;
    w.users(|u| u.posts.views.eq(u.posts.views.min().or(0)) & u.posts.title.eq("rust"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" = COALESCE((SELECT MIN("blog_post_2"."views") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id"), $1) AND "blog_post"."title" = $2)"#]], &[2, 3]).await;
    w.users(|u| u.posts.any(|p| p.comments.count().eq(2)), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND (SELECT COUNT("comment"."id") FROM "comment" WHERE "comment"."post_id" = "blog_post"."id") = $1)"#]], &[1]).await;
}
