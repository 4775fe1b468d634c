//! Conditions are two-valued: NULL is not true, `!` is "not true", and equality has a word for NULL.

use super::world;
use crate::models::{Post, User};
use expect_test::expect;
use orm::{Cond, prelude::*};

#[tokio::test]
async fn a_null_stays_under_not_and_exclude() {
    let w = world().await;
    w.users(|u| u.email.eq("ann@x"), expect![[r#"FROM "user" WHERE "user"."email" = $1"#]], &[1]).await;
    w.users(
        |u| !u.email.eq("ann@x"),
        expect![[r#"FROM "user" WHERE ("user"."email" = $1) IS NOT TRUE"#]],
        &[2, 3, 4],
    )
    .await;
    w.check(
        User::objects().exclude(|u| u.email.eq("ann@x")),
        expect![[r#"FROM "user" WHERE ("user"."email" = $1) IS NOT TRUE"#]],
        &[2, 3, 4],
    )
    .await;
    w.users(|u| !u.age.gt(25), expect![[r#"FROM "user" WHERE ("user"."age" > $1) IS NOT TRUE"#]], &[2, 4])
        .await;
    w.users(
        |u| !u.email.contains("x"),
        expect![[r#"FROM "user" WHERE ("user"."email" LIKE $1) IS NOT TRUE"#]],
        &[2, 4],
    )
    .await;
    w.users(
        |u| !u.age.range(25, 35),
        expect![[r#"FROM "user" WHERE ("user"."age" BETWEEN $1 AND $2) IS NOT TRUE"#]],
        &[2, 3, 4],
    )
    .await;
    w.users(
        |u| !u.age.in_([30, 40]),
        expect![[r#"FROM "user" WHERE ("user"."age" = ANY($1)) IS NOT TRUE"#]],
        &[2, 4],
    )
    .await;
    w.users(
        |u| !u.email.regex("^a"),
        expect![[r#"FROM "user" WHERE ("user"."email" ~ $1) IS NOT TRUE"#]],
        &[2, 3, 4],
    )
    .await;
    w.users(
        |u| !u.email.iexact("ANN@X"),
        expect![[r#"FROM "user" WHERE (UPPER("user"."email") = UPPER($1)) IS NOT TRUE"#]],
        &[2, 3, 4],
    )
    .await;
}

#[tokio::test]
async fn not_of_what_is_never_null_is_a_plain_not() {
    let w = world().await;
    w.users(
        |u| !u.username.eq("ann"),
        expect![[r#"FROM "user" WHERE NOT "user"."username" = $1"#]],
        &[2, 3, 4],
    )
    .await;
    w.users(|u| !u.active, expect![[r#"FROM "user" WHERE NOT "user"."active""#]], &[3]).await;
    w.users(
        |u| !(u.active & u.username.gt("ann")),
        expect![[r#"FROM "user" WHERE NOT ("user"."active" AND "user"."username" > $1)"#]],
        &[1, 3],
    )
    .await;
}

#[tokio::test]
async fn a_null_key_stays_under_not() {
    let w = world().await;
    w.posts(|p| !p.editor.username.eq("ann"), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE ("user"."username" = $1) IS NOT TRUE"#]], &[1, 2, 3, 5]).await;
    w.posts(
        |p| !p.editor.eq(1),
        expect![[r#"FROM "blog_post" WHERE ("blog_post"."editor_id" = $1) IS NOT TRUE"#]],
        &[1, 2, 3, 5],
    )
    .await;
    w.posts(|p| !p.editor.active, expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."active" IS NOT TRUE"#]], &[1, 3]).await;
    w.posts(
        |p| !p.editor.in_([1, 2]),
        expect![[r#"FROM "blog_post" WHERE ("blog_post"."editor_id" = ANY($1)) IS NOT TRUE"#]],
        &[1, 3, 5],
    )
    .await;
    w.check(
        Post::objects().exclude(|p| p.reply_to.author.username.eq("ann")).order_by(|_| ()),
        expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" ON "user"."id" = "blog_post_2"."author_id" WHERE ("user"."username" = $1) IS NOT TRUE"#]],
        &[1, 2, 4, 5],
    )
    .await;
}

#[tokio::test]
async fn a_null_does_not_spoil_the_other_arm_of_an_or() {
    let w = world().await;
    w.users(
        |u| u.age.gt(25) | u.username.eq("bob"),
        expect![[r#"FROM "user" WHERE "user"."age" > $1 OR "user"."username" = $2"#]],
        &[1, 2, 3],
    )
    .await;
    w.users(
        |u| !(u.age.gt(25) | u.username.eq("dan")),
        expect![[r#"FROM "user" WHERE ("user"."age" > $1 OR "user"."username" = $2) IS NOT TRUE"#]],
        &[2],
    )
    .await;
    w.posts(|p| p.editor.age.gt(35) | p.reply_to.title.eq("rust") | p.id.eq(1), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" WHERE "user"."age" > $1 OR "blog_post_2"."title" = $2 OR "blog_post"."id" = $3"#]], &[1, 3, 4]).await;
}

#[tokio::test]
async fn not_of_an_and_with_a_null_in_it_is_true_unless_both_are() {
    let w = world().await;
    w.users(
        |u| !(u.age.gt(10) & u.active),
        expect![[r#"FROM "user" WHERE ("user"."age" > $1 AND "user"."active") IS NOT TRUE"#]],
        &[2, 3],
    )
    .await;
    let exclude = User::objects().exclude(|u| u.email.eq("cyd@x") & !u.active);
    w.check(
        exclude,
        expect![[r#"FROM "user" WHERE ("user"."email" = $1 AND (NOT "user"."active")) IS NOT TRUE"#]],
        &[1, 2, 4],
    )
    .await;
    w.users(
        |u| !!(u.age.gt(10) & u.active),
        expect![[r#"FROM "user" WHERE NOT ("user"."age" > $1 AND "user"."active") IS NOT TRUE"#]],
        &[1, 4],
    )
    .await;
    w.users(|u| !!!u.age.gt(25), expect![[r#"FROM "user" WHERE ("user"."age" > $1) IS NOT TRUE"#]], &[2, 4])
        .await;
}

#[tokio::test]
async fn ne_takes_null_as_a_value() {
    let w = world().await;
    w.users(
        |u| u.email.ne("ann@x"),
        expect![[r#"FROM "user" WHERE "user"."email" IS DISTINCT FROM $1"#]],
        &[2, 3, 4],
    )
    .await;
    w.users(|u| u.username.ne("ann"), expect![[r#"FROM "user" WHERE "user"."username" <> $1"#]], &[2, 3, 4])
        .await;
    w.users(
        |u| !u.email.ne("ann@x"),
        expect![[r#"FROM "user" WHERE NOT ("user"."email" IS DISTINCT FROM $1)"#]],
        &[1],
    )
    .await;
    w.users(
        |u| u.company.ne(1),
        expect![[r#"FROM "user" WHERE "user"."company_id" IS DISTINCT FROM $1"#]],
        &[2, 4],
    )
    .await;
    w.posts(|p| p.editor.username.ne("ann"), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."username" IS DISTINCT FROM $1"#]], &[1, 2, 3, 5]).await;
    w.posts(|p| p.editor.active.ne(true), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."active" IS DISTINCT FROM $1"#]], &[1, 3]).await;
    w.posts(|p| p.editor.company.name.ne("acme"), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" LEFT JOIN "company" ON "company"."id" = "user"."company_id" WHERE "company"."name" IS DISTINCT FROM $1"#]], &[1, 2, 5]).await;
}

#[tokio::test]
async fn eq_none_is_is_null_and_ne_none_is_is_not_null() {
    let w = world().await;
    w.users(|u| u.email.eq(None), expect![[r#"FROM "user" WHERE "user"."email" IS NULL"#]], &[2, 4]).await;
    w.users(|u| u.email.ne(None), expect![[r#"FROM "user" WHERE "user"."email" IS NOT NULL"#]], &[1, 3])
        .await;
    w.users(|u| !u.email.eq(None), expect![[r#"FROM "user" WHERE "user"."email" IS NOT NULL"#]], &[1, 3])
        .await;
    w.users(
        |u| u.company.eq(None) | u.company.is_null(),
        expect![[r#"FROM "user" WHERE "user"."company_id" IS NULL OR "user"."company_id" IS NULL"#]],
        &[2],
    )
    .await;
    w.users(
        |u| u.company.ne(None),
        expect![[r#"FROM "user" WHERE "user"."company_id" IS NOT NULL"#]],
        &[1, 3, 4],
    )
    .await;
    w.posts(|p| p.editor.email.eq(None), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."email" IS NULL"#]], &[1, 2, 5]).await;
    let email: Option<String> = None;
    w.users(|u| u.email.eq(&email), expect![[r#"FROM "user" WHERE "user"."email" IS NULL"#]], &[2, 4]).await;
    w.users(
        |u| u.email.eq(Some("ann@x".to_owned())),
        expect![[r#"FROM "user" WHERE "user"."email" = $1"#]],
        &[1],
    )
    .await;
}

#[tokio::test]
async fn is_null_of_a_field_behind_a_nullable_hop_is_true_when_there_is_no_row() {
    let w = world().await;
    w.posts(|p| p.editor.username.is_null(), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."username" IS NULL"#]], &[1]).await;
    w.posts(|p| p.editor.age.is_null(), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."age" IS NULL"#]], &[1, 2]).await;
    w.posts(|p| !p.editor.age.is_null(), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."age" IS NOT NULL"#]], &[3, 4, 5]).await;
    w.posts(|p| p.editor.company.is_null(), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."company_id" IS NULL"#]], &[1, 2]).await;
}

#[tokio::test]
async fn other_comparisons_with_none_are_never_true() {
    let w = world().await;
    w.users(|u| u.age.gt(None), expect![[r#"FROM "user" WHERE "user"."age" > $1"#]], &[]).await;
    w.users(
        |u| !u.age.lte(None),
        expect![[r#"FROM "user" WHERE ("user"."age" <= $1) IS NOT TRUE"#]],
        &[1, 2, 3, 4],
    )
    .await;
    w.users(|u| u.age.range(None, 30), expect![[r#"FROM "user" WHERE "user"."age" BETWEEN $1 AND $2"#]], &[])
        .await;
    w.users(
        |u| !u.age.range(25, None),
        expect![[r#"FROM "user" WHERE ("user"."age" BETWEEN $1 AND $2) IS NOT TRUE"#]],
        &[1, 2, 3, 4],
    )
    .await;
}

#[tokio::test]
async fn two_fields_that_are_null_are_not_equal_and_not_different() {
    let w = world().await;
    // both are NULL for posts 1 and 2, one of them for 4 and 5
    w.posts(|p| p.editor.age.eq(p.reply_to.author.age), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."author_id" WHERE "user"."age" = "user_2"."age""#]], &[]).await;
    w.posts(|p| p.editor.age.ne(p.reply_to.author.age), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."author_id" WHERE "user"."age" IS DISTINCT FROM "user_2"."age""#]], &[3, 4, 5]).await;
    w.posts(|p| !p.editor.age.eq(p.reply_to.author.age), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."author_id" WHERE ("user"."age" = "user_2"."age") IS NOT TRUE"#]], &[1, 2, 3, 4, 5]).await;
    w.posts(|p| !p.editor.age.ne(p.reply_to.author.age), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."author_id" WHERE NOT ("user"."age" IS DISTINCT FROM "user_2"."age")"#]], &[1, 2]).await;
}

#[tokio::test]
async fn constants_are_conditions() {
    let w = world().await;
    w.users(|_| true, expect![[r#"FROM "user""#]], &[1, 2, 3, 4]).await;
    w.users(|_| false, expect![[r#"FROM "user" WHERE FALSE"#]], &[]).await;
    w.users(|u| u.active & true, expect![[r#"FROM "user" WHERE "user"."active""#]], &[1, 2, 4]).await;
    w.users(|u| u.active & false, expect![[r#"FROM "user" WHERE "user"."active" AND FALSE"#]], &[]).await;
    w.users(
        |u| u.username.eq("cyd") | true,
        expect![[r#"FROM "user" WHERE "user"."username" = $1 OR TRUE"#]],
        &[1, 2, 3, 4],
    )
    .await;
    w.check(User::objects().exclude(|_| true), expect![[r#"FROM "user" WHERE FALSE"#]], &[]).await;
    w.check(User::objects().exclude(|_| false), expect![[r#"FROM "user""#]], &[1, 2, 3, 4]).await;
    w.users(|_| Cond::from_iter([]), expect![[r#"FROM "user""#]], &[1, 2, 3, 4]).await;
    w.users(
        |u| ["ann", "bob"].map(|name| u.username.ne(name)).into_iter().collect::<Cond>(),
        expect![[r#"FROM "user" WHERE "user"."username" <> $1 AND "user"."username" <> $2"#]],
        &[3, 4],
    )
    .await;
}

#[tokio::test]
async fn and_binds_closer_than_or_as_in_rust() {
    let w = world().await;
    w.users(
        |u| u.username.eq("ann") | u.username.eq("bob") & u.age.gt(1),
        expect![[
            r#"FROM "user" WHERE "user"."username" = $1 OR ("user"."username" = $2 AND "user"."age" > $3)"#
        ]],
        &[1],
    )
    .await;
    w.users(
        |u| (u.username.eq("ann") | u.username.eq("bob")) & u.age.is_null(),
        expect![[
            r#"FROM "user" WHERE ("user"."username" = $1 OR "user"."username" = $2) AND "user"."age" IS NULL"#
        ]],
        &[2],
    )
    .await;
    w.users(|u| (u.active | u.age.gt(1)) & (u.email.is_null() | u.age.gt(35)), expect![[r#"FROM "user" WHERE ("user"."active" OR "user"."age" > $1) AND ("user"."email" IS NULL OR "user"."age" > $2)"#]], &[2, 3, 4]).await;
}
