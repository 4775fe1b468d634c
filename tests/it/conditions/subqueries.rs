//! Queries inside of queries: in lists, as conditions and as values.

use super::world;
use crate::models::{Comment, Post, User};
use expect_test::expect;
use orm::prelude::*;

#[tokio::test]
async fn in_takes_a_query_of_values() {
    let w = world().await;
    w.users(|u| u.username.in_(User::objects().filter(|v| v.age.gt(25)).values(|v| v.username)), expect![[r#"FROM "user" WHERE "user"."username" IN (SELECT "user_2"."username" FROM "user" AS "user_2" WHERE "user_2"."age" > $1)"#]], &[1, 3])
        .await;
    w.posts(|p| p.views.in_(Post::objects().filter(|q| q.title.eq("go")).values(|q| q.views)), expect![[r#"FROM "blog_post" WHERE "blog_post"."views" IN (SELECT "blog_post_2"."views" FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."title" = $1)"#]], &[2, 3])
        .await;
}

#[tokio::test]
async fn nulls_among_the_rows_of_a_query_are_passed_over() {
    let w = world().await;
    // ann, bob, cyd and dan edit; post 1 has no editor
    w.users(
        |u| u.id.in_(Post::objects().values(|p| p.editor.id)),
        expect![[r#"FROM "user" WHERE "user"."id" IN (SELECT "blog_post"."editor_id" FROM "blog_post")"#]],
        &[1, 2, 3, 4],
    )
    .await;
    w.users(
        |u| u.age.in_(User::objects().values(|v| v.age)),
        expect![[r#"FROM "user" WHERE "user"."age" IN (SELECT "user_2"."age" FROM "user" AS "user_2")"#]],
        &[1, 3, 4],
    )
    .await;
}

#[tokio::test]
async fn not_in_a_query_whose_rows_hold_null_is_still_two_valued() {
    let w = world().await;
    w.posts(|p| !p.id.in_(Post::objects().values(|q| q.reply_to.id)), expect![[r#"FROM "blog_post" WHERE ("blog_post"."id" IN (SELECT "blog_post_2"."reply_to_id" FROM "blog_post" AS "blog_post_2")) IS NOT TRUE"#]], &[2, 4, 5]).await;
    let exclude =
        User::objects().exclude(|u| u.email.in_(User::objects().filter(|v| v.id.lt(3)).values(|v| v.email)));
    w.check(exclude, expect![[r#"FROM "user" WHERE ("user"."email" IN (SELECT "user_2"."email" FROM "user" AS "user_2" WHERE "user_2"."id" < $1)) IS NOT TRUE"#]], &[2, 3, 4]).await;
    w.users(|u| !u.age.in_(User::objects().filter(|_| false).values(|v| v.age)), expect![[r#"FROM "user" WHERE ("user"."age" IN (SELECT "user_2"."age" FROM "user" AS "user_2" WHERE FALSE)) IS NOT TRUE"#]], &[1, 2, 3, 4]).await;
}

#[tokio::test]
async fn in_takes_a_query_of_models_by_their_keys() {
    let w = world().await;
    w.posts(|p| p.author.in_(User::objects().filter(|u| u.active)), expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" IN (SELECT "user"."id" FROM "user" WHERE "user"."active")"#]], &[1, 2, 3, 4]).await;
    w.posts(|p| p.editor.in_(User::objects().filter(|u| !u.active)), expect![[r#"FROM "blog_post" WHERE "blog_post"."editor_id" IN (SELECT "user"."id" FROM "user" WHERE NOT "user"."active")"#]], &[3]).await;
    w.posts(|p| !p.editor.in_(User::objects().filter(|u| u.active)), expect![[r#"FROM "blog_post" WHERE ("blog_post"."editor_id" IN (SELECT "user"."id" FROM "user" WHERE "user"."active")) IS NOT TRUE"#]], &[1, 3]).await;
    w.posts(
        |p| p.author.in_(User::objects().values(|u| u.id).limit(0)),
        expect![[
            r#"FROM "blog_post" WHERE "blog_post"."author_id" IN (SELECT "user"."id" FROM "user" LIMIT $1)"#
        ]],
        &[],
    )
    .await;
}

#[tokio::test]
async fn in_takes_a_query_of_related_models_by_their_keys() {
    let w = world().await;
    w.posts(|p| p.author.in_(Comment::objects().filter(|c| c.stars.eq(5)).values(|c| c.author)), expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" IN (SELECT "comment"."author_id" FROM "comment" WHERE "comment"."stars" = $1)"#]], &[
        1, 2, 3, 4,
    ])
    .await;
    w.posts(|p| p.author.in_(Comment::objects().filter(|c| c.id.eq(4)).values(|c| c.post.author)), expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" IN (SELECT "blog_post_2"."author_id" FROM "comment" INNER JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "comment"."post_id" WHERE "comment"."id" = $1)"#]], &[3, 4])
        .await;
}

#[tokio::test]
async fn a_limited_query_in_a_list_keeps_its_order_and_others_need_none() {
    let w = world().await;
    // the newest published post is 5; unpublished ones come first in descending order
    w.users(|u| u.id.in_(Post::objects().limit(3).values(|p| p.author.id)), expect![[r#"FROM "user" WHERE "user"."id" IN (SELECT "blog_post"."author_id" FROM "blog_post" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC LIMIT $1)"#]], &[1, 2, 3]).await;
    w.users(|u| u.id.in_(Post::objects().limit(2).values(|p| p.author.id)), expect![[r#"FROM "user" WHERE "user"."id" IN (SELECT "blog_post"."author_id" FROM "blog_post" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC LIMIT $1)"#]], &[1, 2]).await;
    w.users(
        |u| u.id.in_(Post::objects().values(|p| p.author.id)),
        expect![[r#"FROM "user" WHERE "user"."id" IN (SELECT "blog_post"."author_id" FROM "blog_post")"#]],
        &[1, 2, 3],
    )
    .await;
}

#[tokio::test]
async fn exists_is_a_condition() {
    let w = world().await;
    w.users(|u| Post::objects().filter(|p| p.author.eq(u.id) & p.views.gt(100)).exists(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" > $1)"#]], &[2, 3]).await;
    w.users(|u| !Post::objects().filter(|p| p.author.eq(u.id)).exists(), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id")"#]], &[4]).await;
    w.users(|u| u.active & Post::objects().filter(|p| p.editor.eq(u.id)).exists(), expect![[r#"FROM "user" WHERE "user"."active" AND EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."editor_id" = "user"."id")"#]], &[1, 2, 4]).await;
    w.users(|u| Post::objects().filter(|p| p.editor.eq(u.id)).exists() & !u.active, expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."editor_id" = "user"."id") AND (NOT "user"."active")"#]], &[3]).await;
    w.users(
        |_| Post::objects().none().exists(),
        expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE FALSE)"#]],
        &[],
    )
    .await;
    w.users(|u| Post::objects().filter(|p| p.author.eq(u.id)).offset(1).exists(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" OFFSET $1)"#]], &[1, 2]).await;
}

#[tokio::test]
async fn exists_can_be_awaited() {
    let w = world().await;
    assert!(Post::objects().using(w.db()).exists().await.unwrap());
    assert!(!Post::objects().using(w.db()).filter(|p| p.views.gt(1000)).exists().await.unwrap());
    assert!(!Post::objects().using(w.db()).offset(5).exists().await.unwrap());
    assert!(!Post::objects().using(w.db()).limit(0).exists().await.unwrap());
    assert!(!Post::objects().using(w.db()).none().exists().await.unwrap());
}

#[tokio::test]
async fn count_is_a_value() {
    let w = world().await;
    w.users(|u| Post::objects().filter(|p| p.author.eq(u.id)).count().eq(2), expect![[r#"FROM "user" WHERE (SELECT COUNT(*) FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") = $1"#]], &[1, 2]).await;
    w.users(|u| !Post::objects().filter(|p| p.author.eq(u.id)).count().gt(0), expect![[r#"FROM "user" WHERE NOT (SELECT COUNT(*) FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") > $1"#]], &[4]).await;
    w.users(|u| Post::objects().filter(|p| p.author.eq(u.id)).limit(1).count().eq(1), expect![[r#"FROM "user" WHERE (SELECT COUNT(*) FROM (SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" LIMIT $1) AS "rows") = $2"#]], &[1, 2, 3]).await;
    w.users(|u| u.id.gt(Post::objects().filter(|p| p.title.eq("rust")).count()), expect![[r#"FROM "user" WHERE "user"."id" > (SELECT COUNT(*) FROM "blog_post" WHERE "blog_post"."title" = $1)"#]], &[4]).await;
    let query = User::objects()
        .order_by(|u| u.id)
        .values(|u| (u.id, Comment::objects().filter(|c| c.post.author.eq(u.id)).count()));
    expect![[r#"SELECT "user"."id", (SELECT COUNT(*) FROM "comment" INNER JOIN "blog_post" ON "blog_post"."id" = "comment"."post_id" WHERE "blog_post"."author_id" = "user"."id") FROM "user" ORDER BY "user"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.using(w.db()).await.unwrap(), [(1, 2), (2, 2), (3, 0), (4, 0)]);
}

#[tokio::test]
async fn first_is_a_value_and_null_when_there_is_no_row() {
    let w = world().await;
    let query = User::objects().order_by(|u| u.id).values(|u| {
        let posts = Post::objects().filter(|p| p.author.eq(u.id)).order_by(|p| (p.views.desc(), p.id));
        (u.username, posts.clone().values(|p| p.title).first(), posts.values(|p| p.editor.username).first())
    });
    expect![[r#"SELECT "user"."username", (SELECT "blog_post"."title" FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" ORDER BY "blog_post"."views" DESC, "blog_post"."id" ASC LIMIT $1), (SELECT "user_2"."username" FROM "blog_post" AS "blog_post_2" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."editor_id" WHERE "blog_post_2"."author_id" = "user"."id" ORDER BY "blog_post_2"."views" DESC, "blog_post_2"."id" ASC LIMIT $2) FROM "user" ORDER BY "user"."id" ASC"#]].assert_eq(&query.to_sql());
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        query.using(w.db()).await.unwrap(),
        [
            ("ann".to_owned(), text("rust"), None),
            ("bob".to_owned(), text("zig"), text("ann")),
            ("cyd".to_owned(), text("rust"), text("dan")),
            ("dan".to_owned(), None, None),
        ]
    );
    let newest =
        |u: &crate::models::UserFields| Post::objects().filter(|p| p.author.eq(u.id)).values(|p| p.title);
    w.users(move |u| newest(u).first().eq("go"), expect![[r#"FROM "user" WHERE (SELECT "blog_post"."title" FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC LIMIT $1) = $2"#]], &[1]).await;
    w.users(move |u| newest(u).first().ne("go"), expect![[r#"FROM "user" WHERE (SELECT "blog_post"."title" FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC LIMIT $1) IS DISTINCT FROM $2"#]], &[2, 3, 4]).await;
    w.users(move |u| !newest(u).first().startswith("g"), expect![[r#"FROM "user" WHERE ((SELECT "blog_post"."title" FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC LIMIT $1) LIKE $2) IS NOT TRUE"#]], &[2, 3, 4]).await;
    w.users(move |u| newest(u).last().is_null(), expect![[r#"FROM "user" WHERE (SELECT "blog_post"."title" FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" ORDER BY "blog_post"."published_at" ASC, "blog_post"."id" DESC LIMIT $1) IS NULL"#]], &[4]).await;
}

#[tokio::test]
async fn a_change_takes_its_values_and_rows_from_queries() {
    let w = world().await;
    let update = Post::objects()
        .filter(|p| p.author.in_(User::objects().filter(|u| u.username.eq("bob"))))
        .update(|p| p.title.set(p.comments.text.max().or("-")));
    expect![[r#"UPDATE "blog_post" SET "title" = COALESCE((SELECT MAX("comment"."text") FROM "comment" WHERE "comment"."post_id" = "blog_post"."id"), $1) WHERE "blog_post"."author_id" IN (SELECT "user"."id" FROM "user" WHERE "user"."username" = $2)"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 2);
    assert_eq!(w.found(Post::objects().filter(|p| p.title.in_(["good", "meh"]))).await, [3, 4]);
    let update = User::objects()
        .filter(|u| u.posts.exists())
        .update(|u| u.email.set(Post::objects().filter(|p| p.author.eq(u.id)).values(|p| p.title).first()));
    expect![[r#"UPDATE "user" SET "email" = (SELECT "blog_post"."title" FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC LIMIT $1) WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id")"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 3);
    assert_eq!(w.found(User::objects().filter(|u| u.email.in_(["go", "meh", "rust"]))).await, [1, 2, 3]);
}
