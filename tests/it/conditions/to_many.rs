//! To-many relations: `EXISTS`, whose rows are told apart by filter call, by arm and by NOT; never a row twice.

use super::world;
use crate::models::{Post, User};
use expect_test::expect;
use orm::prelude::*;

#[tokio::test]
async fn a_dot_path_through_a_to_many_relation_is_any_and_finds_no_row_twice() {
    let w = world().await;
    w.users(|u| u.posts.views.gt(0), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" > $1)"#]], &[1, 2, 3]).await;
    w.users(|u| u.posts.title.eq("rust"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1)"#]], &[1, 2, 3]).await;
    w.users(|u| u.posts.title.eq("none such"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1)"#]], &[]).await;
}

#[tokio::test]
async fn conditions_of_one_filter_call_speak_of_one_related_row() {
    let w = world().await;
    w.users(|u| u.posts.title.eq("rust") & u.posts.views.gte(100), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND "blog_post"."views" >= $2)"#]], &[1, 3]).await;
    // also when something else stands between them
    w.users(|u| u.posts.title.eq("rust") & u.active & (u.posts.views.gte(100) & u.age.gt(1)), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND "blog_post"."views" >= $2) AND "user"."active" AND "user"."age" > $3"#]], &[1]).await;
}

#[tokio::test]
async fn two_filter_calls_speak_of_any_related_row_each() {
    let w = world().await;
    let query = User::objects().filter(|u| u.posts.title.eq("rust")).filter(|u| u.posts.views.gte(100));
    w.check(query, expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."views" >= $2)"#]], &[1, 2, 3]).await;
}

#[tokio::test]
async fn each_arm_of_an_or_has_its_own_related_row() {
    let w = world().await;
    w.users(|u| u.posts.title.eq("go") | u.posts.title.eq("zig"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) OR EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."title" = $2)"#]], &[1, 2]).await;
    // the same row within an arm
    w.users(
        |u| (u.posts.title.eq("rust") & u.posts.views.eq(200)) | (u.posts.title.eq("zig") & u.posts.views.eq(5)),
        expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND "blog_post"."views" = $2) OR EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."title" = $3 AND "blog_post_2"."views" = $4)"#]],
        &[3],
    )
    .await;
    // an OR beside an AND speaks of rows of its own: bob's rust has 5 views, his zig 200
    w.users(|u| u.posts.title.eq("rust") & (u.posts.views.eq(200) | u.posts.views.eq(7)), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) AND (EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."views" = $2) OR EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_3" WHERE "blog_post_3"."author_id" = "user"."id" AND "blog_post_3"."views" = $3))"#]], &[2, 3]).await;
}

#[tokio::test]
async fn a_mention_under_not_is_a_not_exists_of_its_own() {
    let w = world().await;
    w.users(|u| !u.posts.title.eq("rust"), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1)"#]], &[4]).await;
    w.users(|u| u.posts.title.eq("rust") & !u.posts.views.eq(5), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) AND (NOT EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."views" = $2))"#]], &[3]).await;
    w.users(|u| !(u.posts.title.eq("rust") & u.posts.views.eq(5)), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND "blog_post"."views" = $2)"#]], &[1, 3, 4]).await;
    w.users(|u| !(u.posts.title.eq("go") | u.posts.title.eq("zig")), expect![[r#"FROM "user" WHERE NOT (EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) OR EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."title" = $2))"#]], &[3, 4]).await;
    w.users(|u| !!u.posts.title.eq("go"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1)"#]], &[1]).await;
}

#[tokio::test]
async fn exclude_of_two_conditions_leaves_those_that_have_no_single_row_with_both() {
    let w = world().await;
    let both = User::objects().exclude(|u| u.posts.title.eq("rust") & u.posts.views.gte(100));
    w.check(both, expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND "blog_post"."views" >= $2)"#]], &[2, 4]).await;
    let each = User::objects().exclude(|u| u.posts.title.eq("rust")).exclude(|u| u.posts.views.gte(100));
    w.check(each, expect![[r#"FROM "user" WHERE (NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1)) AND (NOT EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."views" >= $2))"#]], &[4]).await;
}

#[tokio::test]
async fn any_none_and_all_are_exists() {
    let w = world().await;
    w.users(|u| u.posts.any(|p| p.views.gt(100) & !p.published_at.is_null()), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" > $1 AND "blog_post"."published_at" IS NOT NULL)"#]], &[3]).await;
    w.users(|u| u.posts.none(|p| p.views.gt(100)), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" > $1)"#]], &[1, 4]).await;
    w.users(|u| u.posts.all(|p| p.views.gt(50)), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND (NOT "blog_post"."views" > $1))"#]], &[3, 4]).await;
    w.users(|u| u.posts.any(|p| p.title.eq("rust")) & u.posts.any(|p| p.views.gt(100)), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."views" > $2)"#]], &[2, 3]).await;
}

#[tokio::test]
async fn none_and_all_hold_for_an_empty_relation_and_any_does_not() {
    let w = world().await;
    let dan = || User::objects().filter(|u| u.username.eq("dan"));
    assert!(w.found(dan().filter(|u| u.posts.any(|_| true))).await.is_empty());
    assert_eq!(w.found(dan().filter(|u| u.posts.none(|_| true))).await, [4]);
    assert_eq!(w.found(dan().filter(|u| u.posts.all(|_| false))).await, [4]);
    w.users(|u| u.posts.exists(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id")"#]], &[1, 2, 3]).await;
    w.users(|u| u.posts.is_null(), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id")"#]], &[4]).await;
    w.users(|u| !u.posts.exists(), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id")"#]], &[4]).await;
    w.users(|u| u.posts.all(|_| false), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id")"#]], &[4]).await;
}

#[tokio::test]
async fn all_counts_a_null_as_not_true() {
    let w = world().await;
    w.users(|u| u.posts.all(|p| p.editor.active), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."author_id" = "user"."id" AND "user_2"."active" IS NOT TRUE)"#]], &[3, 4]).await;
    w.users(|u| u.posts.none(|p| p.editor.active), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."author_id" = "user"."id" AND "user_2"."active")"#]], &[4]).await;
    w.users(|u| u.posts.all(|p| !p.editor.age.lt(30)), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."author_id" = "user"."id" AND (NOT ("user_2"."age" < $1) IS NOT TRUE))"#]], &[1, 2, 4]).await;
}

#[tokio::test]
async fn to_many_relations_nest() {
    let w = world().await;
    w.users(|u| u.posts.comments.stars.eq(5), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" = $1))"#]], &[1, 2]).await;
    w.users(|u| u.posts.any(|p| p.comments.any(|c| c.stars.eq(5) & c.text.eq("bad"))), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" = $1 AND "comment"."text" = $2))"#]], &[]).await;
    w.users(|u| u.posts.all(|p| p.comments.none(|c| c.stars.lt(3))), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" < $1))"#]], &[3, 4]).await;
    w.users(|u| u.posts.none(|p| p.comments.all(|c| c.stars.eq(5))), expect![[r#"FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND (NOT EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND (NOT "comment"."stars" = $1))))"#]], &[4]).await;
}

#[tokio::test]
async fn mentions_of_nested_relations_share_the_rows_of_their_common_path() {
    let w = world().await;
    // one comment with both: none; one post with a comment each: two filter calls
    w.users(|u| u.posts.comments.stars.eq(5) & u.posts.comments.text.eq("bad"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" = $1 AND "comment"."text" = $2))"#]], &[]).await;
    w.users(|u| u.posts.title.eq("zig") & u.posts.comments.stars.eq(5), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" = $2))"#]], &[]).await;
    w.users(|u| u.posts.title.eq("zig") & u.posts.comments.stars.eq(1), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1 AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" = $2))"#]], &[2]).await;
    let query = User::objects().filter(|u| u.posts.title.eq("zig")).filter(|u| u.posts.comments.stars.eq(5));
    w.check(query, expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post_2"."id" AND "comment"."stars" = $2))"#]], &[2]).await;
}

#[tokio::test]
async fn a_dot_path_leads_to_any_none_and_all_of_any_row() {
    let w = world().await;
    w.users(|u| u.posts.comments.none(|_| true), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND (NOT EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id")))"#]], &[1, 3]).await;
    w.users(|u| u.posts.views.eq(5) & u.posts.comments.is_null(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" = $1 AND (NOT EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id")))"#]], &[1]).await;
    w.users(|u| u.posts.comments.any(|c| c.stars.eq(1) & c.author.username.eq("bob")), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND EXISTS(SELECT 1 FROM "comment" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "comment"."author_id" WHERE "comment"."post_id" = "blog_post"."id" AND "comment"."stars" = $1 AND "user_2"."username" = $2))"#]], &[2]).await;
}

#[tokio::test]
async fn a_nullable_hop_below_a_to_many_relation_is_left_joined_inside() {
    let w = world().await;
    w.users(|u| u.posts.editor.username.eq("ann"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."author_id" = "user"."id" AND "user_2"."username" = $1)"#]], &[2]).await;
    w.users(|u| u.posts.editor.username.eq("ann") & u.posts.editor.age.eq(30), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."author_id" = "user"."id" AND "user_2"."username" = $1 AND "user_2"."age" = $2)"#]], &[2]).await;
    w.users(|u| u.posts.editor.email.ne("cyd@x") & u.posts.title.eq("rust"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."author_id" = "user"."id" AND ("user_2"."email" IS DISTINCT FROM $1) AND "blog_post"."title" = $2)"#]], &[1, 3]).await;
    w.users(|u| u.posts.editor.is_null(), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."editor_id" IS NULL)"#]], &[1]).await;
    w.users(|u| u.posts.editor.eq(4), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."editor_id" = $1)"#]], &[3]).await;
    w.users(|u| u.posts.any(|p| !p.editor.username.eq("bob")), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."author_id" = "user"."id" AND ("user_2"."username" = $1) IS NOT TRUE)"#]], &[1, 2, 3]).await;
}

#[tokio::test]
async fn a_nullable_hop_above_a_to_many_relation_leads_to_nothing() {
    let w = world().await;
    w.posts(|p| p.editor.posts.title.eq("rust"), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "blog_post"."editor_id" AND "blog_post_2"."title" = $1)"#]], &[2, 3, 4]).await;
    w.posts(|p| !p.editor.posts.title.eq("rust"), expect![[r#"FROM "blog_post" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "blog_post"."editor_id" AND "blog_post_2"."title" = $1)"#]], &[1, 5]).await;
    w.posts(|p| p.editor.posts.any(|q| q.title.eq("rust")), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "blog_post"."editor_id" AND "blog_post_2"."title" = $1)"#]], &[2, 3, 4]).await;
    w.posts(|p| p.editor.posts.none(|q| q.title.eq("rust")), expect![[r#"FROM "blog_post" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "blog_post"."editor_id" AND "blog_post_2"."title" = $1)"#]], &[1, 5]).await;
    w.posts(|p| p.editor.company.staff.username.eq("cyd"), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE EXISTS(SELECT 1 FROM "user" AS "user_2" WHERE "user_2"."company_id" = "user"."company_id" AND "user_2"."username" = $1)"#]], &[3, 4]).await;
}

#[tokio::test]
async fn a_to_many_relation_below_a_to_one_relation_needs_no_join() {
    let w = world().await;
    w.posts(|p| p.author.posts.title.eq("zig"), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "blog_post"."author_id" AND "blog_post_2"."title" = $1)"#]], &[3, 4]).await;
    w.posts(|p| p.author.company.staff.age.eq(40) & p.author.active, expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE EXISTS(SELECT 1 FROM "user" AS "user_2" WHERE "user_2"."company_id" = "user"."company_id" AND "user_2"."age" = $1) AND "user"."active""#]], &[1, 2]).await;
}

#[tokio::test]
async fn related_rows_compare_with_keys_instances_and_queries() {
    let w = world().await;
    let zig = Post::objects().using(w.db()).get(4).await.unwrap();
    w.users(|u| u.posts.eq(4), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."id" = $1)"#]], &[2]).await;
    w.users(|u| u.posts.eq(&zig), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."id" = $1)"#]], &[2]).await;
    w.users(|u| u.posts.in_([1, 2, 5]), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."id" = ANY($1))"#]], &[1, 3]).await;
    w.users(|u| u.posts.in_(Post::objects().filter(|p| p.title.eq("go"))), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."id" IN (SELECT "blog_post_2"."id" FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."title" = $1))"#]], &[1]).await;
    w.users(|u| u.posts.ne(4), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."id" <> $1)"#]], &[1, 2, 3]).await;
    w.users(|u| u.posts.id.gt(4), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."id" > $1)"#]], &[3]).await;
}

#[tokio::test]
async fn the_rows_of_a_relation_to_the_own_model_are_told_apart() {
    let w = world().await;
    w.posts(|p| p.replies.title.eq("rust"), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."reply_to_id" = "blog_post"."id" AND "blog_post_2"."title" = $1)"#]], &[1]).await;
    w.posts(|p| p.replies.any(|r| r.author.eq(p.author)), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."reply_to_id" = "blog_post"."id" AND "blog_post_2"."author_id" = "blog_post"."author_id")"#]], &[3]).await;
    w.posts(|p| p.replies.replies.title.eq("zig"), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."reply_to_id" = "blog_post"."id" AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_3" WHERE "blog_post_3"."reply_to_id" = "blog_post_2"."id" AND "blog_post_3"."title" = $1))"#]], &[1]).await;
    w.posts(|p| p.replies.reply_to.title.eq("rust"), expect![[r#"FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" LEFT JOIN "blog_post" AS "blog_post_3" ON "blog_post_3"."id" = "blog_post_2"."reply_to_id" WHERE "blog_post_2"."reply_to_id" = "blog_post"."id" AND "blog_post_3"."title" = $1)"#]], &[1, 3]).await;
}

#[tokio::test]
async fn two_relations_to_one_model_are_two_exists() {
    let w = world().await;
    w.users(|u| u.posts.title.eq("rust") & u.edited.title.eq("rust"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."editor_id" = "user"."id" AND "blog_post_2"."title" = $2)"#]], &[3]).await;
    w.users(|u| u.comments.stars.eq(5) & u.posts.title.eq("zig"), expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "comment" WHERE "comment"."author_id" = "user"."id" AND "comment"."stars" = $1) AND EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $2)"#]], &[2]).await;
}

#[tokio::test]
async fn changes_find_their_rows_through_to_many_relations() {
    let w = world().await;
    let update = User::objects().filter(|u| u.posts.title.eq("zig")).update(|u| u.age.set(99));
    expect![[r#"UPDATE "user" SET "age" = $1 WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $2)"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 1);
    assert_eq!(w.found(User::objects().filter(|u| u.age.eq(99))).await, [2]);
    let delete = Post::objects().filter(|p| p.comments.is_null()).delete();
    expect![[r#"DELETE FROM "blog_post" WHERE NOT EXISTS(SELECT 1 FROM "comment" WHERE "comment"."post_id" = "blog_post"."id")"#]].assert_eq(&delete.to_sql());
    assert_eq!(w.db().scope(async { delete.await }).await.unwrap(), 2);
    assert_eq!(w.found(Post::objects()).await, [1, 3, 4]);
}

/// Two keys to `Place`, and relations that do not say which.
#[derive(Model, Debug, Clone)]
struct Trip {
    pub id: i64,
    #[orm(on_delete = "cascade")]
    pub origin: ForeignKey<Place>,
    #[orm(on_delete = "cascade")]
    pub target: ForeignKey<Place>,
}

#[derive(Model, Debug, Clone)]
#[allow(dead_code, reason = "its fields are spoken of, never read")]
struct Place {
    pub id: i64,
    pub trips: HasMany<Trip>,
    pub users: HasMany<User>,
}

#[test]
fn a_relation_by_one_of_several_keys_names_them() {
    let query = Place::objects().filter(|p| p.trips.origin.eq(1));
    expect![[r#"/* `Place.trips`: `Trip` has several foreign keys to `Place`; say which, as `#[orm(via = "origin")]` or `#[orm(via = "target")]` */"#]].assert_eq(&query.to_sql());
}

#[test]
fn a_relation_without_a_key_says_so() {
    let query = Place::objects().filter(|p| p.users.username.eq("ann"));
    expect!["/* `Place.users`: `User` has no foreign key to `Place` */"].assert_eq(&query.to_sql());
}

#[tokio::test]
async fn a_wrong_relation_is_an_error_when_it_is_asked() {
    let w = world().await;
    let error = Place::objects().using(w.db()).filter(|p| p.trips.origin.eq(1)).await.unwrap_err();
    assert_eq!(error.kind(), orm::ErrorKind::Usage);
}
