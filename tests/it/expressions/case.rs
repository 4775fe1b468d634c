//! `CASE`, and functions of several values of one type.

use super::{Post, User, world};
use expect_test::expect;
use orm::{case, coalesce, concat, greatest, least, nullif, prelude::*, value};

#[tokio::test]
async fn a_case_has_the_value_of_the_first_condition_that_is_true() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .order_by(|p| p.id)
        .values(|p| case().when(p.views.gte(200), "hot").when(p.views.gte(100), "warm").otherwise(p.title));
    expect![[r#"SELECT (CASE WHEN ("blog_post"."views" >= $1) THEN $2 WHEN ("blog_post"."views" >= $3) THEN $4 ELSE "blog_post"."title" END) FROM "blog_post" ORDER BY "blog_post"."id" ASC"#]]
        .assert_eq(&query.to_sql());
    let rows: Vec<String> = query.await.unwrap();
    assert_eq!(rows, ["warm", "go", "rust", "hot", "hot"]);
}

#[tokio::test]
async fn a_case_without_otherwise_is_null_where_no_condition_is_true() {
    let w = world().await;
    let query = User::objects().using(w.db()).order_by(|u| u.id);
    // That of an unknown age is not true.
    let rows: Vec<Option<i32>> =
        query.clone().values(|u| case().when(u.age.gt(25), 1).when(u.active, 2)).await.unwrap();
    assert_eq!(rows, [Some(1), Some(2), Some(1), Some(2)]);
    let rows: Vec<Option<i32>> = query.clone().values(|u| case().when(u.age.gt(25), 1)).await.unwrap();
    assert_eq!(rows, [Some(1), None, Some(1), None]);
    // A value that may be NULL makes all of it so.
    let rows: Vec<Option<i32>> = query.values(|u| case().when(u.active, 0).otherwise(u.age)).await.unwrap();
    assert_eq!(rows, [Some(0), Some(0), Some(40), Some(0)]);
}

#[tokio::test]
async fn a_case_stands_wherever_values_stand() {
    let w = world().await;
    let rank =
        |title: orm::Field<String>| case().when(title.eq("zig"), 1).when(title.eq("go"), 2).otherwise(3);
    let posts = Post::objects().using(w.db());
    let ids: Vec<i64> = posts.clone().order_by(|p| (rank(p.title), p.id)).values(|p| p.id).await.unwrap();
    assert_eq!(ids, [4, 2, 1, 3, 5]);
    let n = posts.clone().filter(|p| rank(p.title).lt(3)).count().await.unwrap();
    assert_eq!(n, 2);
    let sum = posts.clone().aggregate(|p| case().when(p.title.eq("rust"), p.views).sum()).await.unwrap();
    assert_eq!(sum, Some(305));
    let groups: Vec<(i32, i64)> = posts
        .clone()
        .group_by(|p| rank(p.title))
        .annotate(|_| orm::count_all())
        .order_by(|(_, rank, _)| rank)
        .await
        .unwrap();
    assert_eq!(groups, [(1, 1), (2, 1), (3, 3)]);
    posts
        .clone()
        .update(|p| p.views.set(case().when(p.title.eq("rust"), p.views + 1).otherwise(0)))
        .await
        .unwrap();
    let views: Vec<i32> = posts.order_by(|p| p.id).values(|p| p.views).await.unwrap();
    assert_eq!(views, [101, 0, 6, 0, 201]);
}

#[tokio::test]
async fn a_case_speaks_of_related_rows() {
    let w = world().await;
    // A condition across a to-many relation: whether there is a row.
    let rows: Vec<String> = User::objects()
        .using(w.db())
        .order_by(|u| u.id)
        .values(|u| {
            case().when(u.posts.views.gt(150), "read").when(u.posts.exists(), "writes").otherwise("-")
        })
        .await
        .unwrap();
    assert_eq!(rows, ["writes", "read", "read", "-"]);
    // Values across one: aggregated, each row with its own condition.
    let query = User::objects()
        .using(w.db())
        .order_by(|u| u.id)
        .values(|u| case().when(u.posts.title.eq("rust"), u.posts.views).otherwise(0).sum());
    expect![[r#"SELECT (SELECT SUM((CASE WHEN ("blog_post"."title" = $1) THEN "blog_post"."views" ELSE $2 END)) FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") FROM "user" ORDER BY "user"."id" ASC"#]]
        .assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), [Some(100), Some(5), Some(200), None]);
}

#[tokio::test]
async fn coalesce_is_null_only_if_all_its_values_may_be() {
    let w = world().await;
    let query = User::objects().using(w.db()).order_by(|u| u.id);
    let rows: Vec<Option<String>> =
        query.clone().values(|u| coalesce((u.email, u.company.name))).await.unwrap();
    assert_eq!(rows, [Some("ann@x".into()), None, Some("cyd@x".into()), Some("zeta".into())]);
    let rows: Vec<String> = query.values(|u| coalesce((u.email, u.company.name, "?"))).await.unwrap();
    assert_eq!(rows, ["ann@x", "?", "cyd@x", "zeta"]);
}

#[tokio::test]
async fn greatest_and_least_pass_over_null() {
    let w = world().await;
    let query = User::objects().using(w.db()).order_by(|u| u.id);
    let rows: Vec<(i32, Option<i32>)> =
        query.values(|u| (greatest((u.age, 25)), least((u.age, u.age)))).await.unwrap();
    assert_eq!(rows, [(30, Some(30)), (25, None), (40, Some(40)), (25, Some(20))]);
}

#[tokio::test]
async fn nullif_is_null_for_one_value_and_concat_takes_null_for_nothing() {
    let w = world().await;
    let query = Post::objects().using(w.db()).order_by(|p| p.id);
    let rows: Vec<Option<i32>> = query.clone().values(|p| value(1000) / nullif(p.views, 5)).await.unwrap();
    assert_eq!(rows, [Some(10), None, None, Some(5), Some(5)]);
    let rows: Vec<String> =
        query.values(|p| concat((p.title, ":", p.views, value(" "), p.editor.username))).await.unwrap();
    assert_eq!(rows, ["rust:100 ", "go:5 bob", "rust:5 cyd", "zig:200 ann", "rust:200 dan"]);
}
