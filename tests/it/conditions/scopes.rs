//! Scopes: what a captured field refers to, and that a query made elsewhere keeps its own paths.

use super::world;
use crate::models::{Comment, Post, PostFields, User};
use expect_test::expect;
use orm::{ErrorKind, Expr, prelude::*};

#[tokio::test]
async fn a_captured_field_refers_to_the_enclosing_query() {
    let w = world().await;
    w.users(|u| Post::objects().filter(|p| p.editor.eq(u.id) & p.author.gt(u.id)).exists(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."editor_id" = "user"."id" AND "blog_post"."author_id" > "user"."id")"#]], &[1]).await;
    w.users(|u| u.posts.any(|p| p.views.gt(u.age)), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" > "user"."age")"#]], &[1, 3]).await;
    w.posts(|p| p.comments.any(|c| c.author.eq(p.author)), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."author_id" = "blog_post"."author_id")"#]], &[4]).await;
}

#[tokio::test]
async fn a_captured_path_is_joined_to_the_enclosing_query() {
    let w = world().await;
    // the company's name belongs to the user and is joined once, outside
    w.users(
        |u| u.company.name.eq("acme") & u.posts.any(|p| p.title.ne(u.company.name) & p.views.gt(100)),
        expect![[r#"FROM "user" LEFT JOIN "company" ON "company"."id" = "user"."company_id" WHERE "company"."name" = $1 AND EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND ("blog_post"."title" IS DISTINCT FROM "company"."name") AND "blog_post"."views" > $2)"#]],
        &[3],
    )
    .await;
    w.posts(|p| p.comments.any(|c| c.author.username.gt(p.author.username)), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE EXISTS(SELECT 1 FROM "comment" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "comment"."author_id" WHERE "comment"."post_id" = "blog_post"."id" AND "user_2"."username" > "user"."username")"#]], &[1]).await;
    w.posts(|p| p.comments.none(|c| c.author.username.ne(p.editor.username)), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE NOT EXISTS(SELECT 1 FROM "comment" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "comment"."author_id" WHERE "comment"."post_id" = "blog_post"."id" AND ("user_2"."username" IS DISTINCT FROM "user"."username"))"#]], &[2, 5]).await;
}

#[tokio::test]
async fn a_field_can_be_captured_two_closures_deep() {
    let w = world().await;
    // somebody commented a post of their own
    w.users(|u| u.posts.any(|p| p.comments.any(|c| c.author.eq(u.id) & c.stars.lt(p.views.cast::<i16>()))), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."author_id" = "user"."id" AND "comment"."stars" < CAST("blog_post"."views" AS smallint)))"#]], &[2])
        .await;
    w.users(
        |u| {
            let posts = Post::objects().filter(|p| {
                let comments = Comment::objects().filter(|c| c.post.eq(p.id) & c.author.ne(u.id));
                p.author.eq(u.id) & comments.exists()
            });
            posts.exists()
        },
        expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."author_id" <> "user"."id"))"#]],
        &[1, 2],
    )
    .await;
}

#[tokio::test]
async fn a_query_on_the_own_model_tells_its_rows_from_the_outer_ones() {
    let w = world().await;
    w.users(|u| !User::objects().filter(|v| v.age.gt(u.age)).exists() & u.age.gt(0), expect![[r#"FROM "user" WHERE (NOT EXISTS(SELECT 1 FROM "user" AS "user_2" WHERE "user_2"."age" > "user"."age")) AND "user"."age" > $1"#]], &[3]).await;
    w.users(|u| User::objects().filter(|v| v.company.eq(u.company) & v.id.ne(u.id)).exists(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "user" AS "user_2" WHERE "user_2"."company_id" = "user"."company_id" AND "user_2"."id" <> "user"."id")"#]], &[1, 3]).await;
    w.posts(|p| Post::objects().filter(|q| q.author.eq(p.author) & q.views.gt(p.views)).exists(), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "blog_post"."author_id" AND "blog_post_2"."views" > "blog_post"."views")"#]], &[2, 3])
        .await;
    w.posts(|p| p.views.eq(Post::objects().filter(|q| q.title.eq(p.title)).values(|q| q.views).last()), expect![[r#"FROM "blog_post" WHERE "blog_post"."views" = (SELECT "blog_post_2"."views" FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."title" = "blog_post"."title" ORDER BY "blog_post_2"."published_at" ASC, "blog_post_2"."id" DESC LIMIT $1)"#]], &[
        1, 2, 4,
    ])
    .await;
}

#[tokio::test]
async fn a_query_made_elsewhere_keeps_its_own_paths() {
    let w = world().await;
    let popular = Post::objects().filter(|p| p.views.gt(100) & p.author.active);
    let by = popular.clone();
    w.users(move |u| u.id.in_(by.values(|p| p.author.id)), expect![[r#"FROM "user" WHERE "user"."id" IN (SELECT "blog_post"."author_id" FROM "blog_post" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."author_id" WHERE "blog_post"."views" > $1 AND "user_2"."active")"#]], &[2]).await;
    // refined inside with a captured field
    let by = popular.clone();
    w.users(move |u| by.filter(|p| p.author.eq(u.id)).exists(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."author_id" WHERE "blog_post"."views" > $1 AND "user_2"."active" AND "blog_post"."author_id" = "user"."id")"#]], &[2]).await;
    // of the same model, made at the same depth as the query it stands in
    let same = popular.clone();
    w.posts(move |p| !p.id.in_(same.values(|q| q.id)) & p.author.active, expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE ("blog_post"."id" IN (SELECT "blog_post_2"."id" FROM "blog_post" AS "blog_post_2" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."author_id" WHERE "blog_post_2"."views" > $1 AND "user_2"."active")) IS NOT TRUE AND "user"."active""#]], &[1, 2, 3]).await;
    let same = popular.clone();
    w.posts(move |p| same.filter(|q| q.reply_to.author.eq(p.author)).exists(), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" INNER JOIN "user" ON "user"."id" = "blog_post_2"."author_id" LEFT JOIN "blog_post" AS "blog_post_3" ON "blog_post_3"."id" = "blog_post_2"."reply_to_id" WHERE "blog_post_2"."views" > $1 AND "user"."active" AND "blog_post_3"."author_id" = "blog_post"."author_id")"#]], &[3, 4]).await;
    // twice in one query
    let (a, b) = (popular.clone(), popular);
    w.users(
        move |u| a.filter(|p| p.author.eq(u.id)).exists() | b.filter(|p| p.editor.eq(u.id)).exists(),
        expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."author_id" WHERE "blog_post"."views" > $1 AND "user_2"."active" AND "blog_post"."author_id" = "user"."id") OR EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" INNER JOIN "user" AS "user_3" ON "user_3"."id" = "blog_post_2"."author_id" WHERE "blog_post_2"."views" > $2 AND "user_3"."active" AND "blog_post_2"."editor_id" = "user"."id")"#]],
        &[1, 2],
    )
    .await;
}

#[tokio::test]
async fn a_query_made_in_a_helper_is_the_same() {
    fn of_author(author: &crate::models::UserFields) -> QuerySet<Post> {
        Post::objects().filter(|p| p.author.eq(author.id)).order_by(|_| ())
    }
    fn doubled(p: &PostFields) -> Expr<i32> {
        p.views * 2
    }
    let w = world().await;
    w.users(|u| of_author(u).filter(|p| doubled(p).eq(400)).exists(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" * $1 = $2)"#]], &[2, 3]).await;
    w.users(|u| of_author(u).count().gt(of_author(u).filter(|p| !p.published_at.is_null()).count()), expect![[r#"FROM "user" WHERE (SELECT COUNT(*) FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id") > (SELECT COUNT(*) FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."published_at" IS NOT NULL)"#]], &[1, 2])
        .await;
}

#[tokio::test]
async fn a_name_that_shadows_refers_to_the_inner_row() {
    let w = world().await;
    w.users(|u| u.id.eq(1) & User::objects().filter(|u| u.username.eq("bob") & u.id.eq(2)).exists(), expect![[r#"FROM "user" WHERE "user"."id" = $1 AND EXISTS(SELECT 1 FROM "user" AS "user_2" WHERE "user_2"."username" = $2 AND "user_2"."id" = $3)"#]], &[1])
        .await;
    w.posts(|p| p.replies.any(|p| p.replies.any(|p| p.title.eq("zig"))), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."reply_to_id" = "blog_post"."id" AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_3" WHERE "blog_post_3"."reply_to_id" = "blog_post_2"."id" AND "blog_post_3"."title" = $1))"#]], &[1]).await;
}

#[tokio::test]
async fn the_row_of_a_closure_is_not_that_of_a_dot_path_in_it() {
    let w = world().await;
    w.users(|u| u.posts.any(|p| p.title.eq("rust") & u.posts.title.eq("zig")), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."title" = $2))"#]], &[2]).await;
    w.users(|u| u.posts.any(|p| p.title.eq("rust") & !u.posts.views.eq(5)), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND (NOT EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."views" = $2)))"#]], &[3]).await;
}

#[tokio::test]
async fn siblings_at_one_depth_are_not_mixed() {
    let w = world().await;
    w.users(
        |u| u.posts.any(|p| p.views.eq(5)) & u.edited.any(|p| p.views.eq(5)) & u.posts.none(|p| p.title.eq("go")),
        expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" = $1) AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."editor_id" = "user"."id" AND "blog_post_2"."views" = $2) AND (NOT EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_3" WHERE "blog_post_3"."author_id" = "user"."id" AND "blog_post_3"."title" = $3))"#]],
        &[2],
    )
    .await;
    w.users(|u| u.posts.any(|p| p.views.eq(5)) & u.edited.any(|p| p.title.eq("go")), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" = $1) AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."editor_id" = "user"."id" AND "blog_post_2"."title" = $2)"#]], &[2]).await;
}

#[test]
fn a_field_used_outside_of_its_query_is_an_error_that_names_the_path() {
    let mut smuggled = None;
    let users = User::objects().filter(|u| {
        smuggled = Some(u.company.name);
        u.active
    });
    let name = smuggled.unwrap();
    expect!["/* `User.company` refers to a query on `User` that does not enclose this one */"]
        .assert_eq(&Post::objects().filter(|p| p.title.eq(name)).to_sql());
    expect!["/* `User.company` refers to a query on `User` that does not enclose this one */"]
        .assert_eq(&Post::objects().update(|p| p.title.set(name.or("x"))).to_sql());
    expect!["/* `User.company` refers to a query on `User` that does not enclose this one */"]
        .assert_eq(&Post::objects().order_by(|_| name).to_sql());
    expect!["/* `User.company` refers to a query on `User` that does not enclose this one */"]
        .assert_eq(&Post::objects().values(|_| name).to_sql());
    expect!["/* `User.company` refers to a query on `User` that does not enclose this one */"]
        .assert_eq(&Post::objects().filter(|p| p.title.eq(name)).delete().to_sql());
    expect![[r#"FROM "user" WHERE "user"."active""#]].assert_eq(super::tail(&users.to_sql()));
}

#[test]
fn a_field_of_an_inner_query_cannot_leave_it() {
    let query = User::objects().filter(|u| {
        let mut smuggled = None;
        let inner = Post::objects().filter(|p| {
            smuggled = Some(p.title);
            p.author.eq(u.id)
        });
        inner.exists() & u.username.eq(smuggled.unwrap())
    });
    expect!["/* `Post` refers to a query on `Post` that does not enclose this one */"]
        .assert_eq(&query.to_sql());
}

#[tokio::test]
async fn an_outer_reference_that_was_never_enclosed_is_an_error_when_awaited() {
    let w = world().await;
    let mut alone = None;
    let _ = User::objects().filter(|u| {
        alone = Some(Post::objects().using(w.db()).filter(|p| p.author.username.eq(u.username)));
        true
    });
    let alone = alone.unwrap();
    let errors = [
        alone.clone().await.unwrap_err(),
        alone.clone().count().await.unwrap_err(),
        alone.clone().exists().await.unwrap_err(),
        alone.clone().first().await.unwrap_err(),
        alone.clone().aggregate(|p| p.views.sum()).await.unwrap_err(),
        alone.clone().update(|p| p.views.set(0)).await.unwrap_err(),
        alone.delete().await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert_eq!(error.to_string(), "`User` refers to a query on `User` that does not enclose this one");
    }
    assert_eq!(w.found(Post::objects()).await, [1, 2, 3, 4, 5]);
}
