//! Joins: of which kind, how many, and when none is needed.

use super::{tail, world};
use crate::models::{Company, Post, User};
use expect_test::expect;
use orm::prelude::*;

#[tokio::test]
async fn a_hop_over_a_key_that_is_never_null_is_an_inner_join() {
    let w = world().await;
    w.posts(|p| p.author.username.eq("ann"), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "user"."username" = $1"#]], &[1, 2]).await;
}

#[tokio::test]
async fn a_nullable_hop_is_a_left_join_so_that_a_null_key_keeps_its_row_under_or() {
    let w = world().await;
    w.posts(|p| p.editor.username.eq("ann"), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."username" = $1"#]], &[4]).await;
    w.posts(|p| p.editor.username.eq("ann") | p.title.eq("rust"), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."username" = $1 OR "blog_post"."title" = $2"#]], &[1, 3, 4, 5]).await;
}

#[tokio::test]
async fn all_below_a_nullable_hop_is_left_joined() {
    let w = world().await;
    w.posts(|p| p.reply_to.author.username.eq("ann") | p.title.eq("go"), expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" ON "user"."id" = "blog_post_2"."author_id" WHERE "user"."username" = $1 OR "blog_post"."title" = $2"#]], &[2, 3]).await;
    w.posts(|p| p.author.company.name.eq("acme") | p.author.username.eq("bob"), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "company" ON "company"."id" = "user"."company_id" WHERE "company"."name" = $1 OR "user"."username" = $2"#]], &[1, 2, 3, 4, 5]).await;
    w.posts(|p| p.reply_to.author.company.name.is_null(), expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" ON "user"."id" = "blog_post_2"."author_id" LEFT JOIN "company" ON "company"."id" = "user"."company_id" WHERE "company"."name" IS NULL"#]], &[1, 2, 4, 5]).await;
}

#[tokio::test]
async fn a_path_used_often_is_one_join() {
    let w = world().await;
    let query = Post::objects()
        .filter(|p| p.author.username.eq("ann") & p.author.age.gt(1))
        .filter(|p| p.author.active | !p.author.active)
        .exclude(|p| p.author.username.eq("bob"))
        .order_by(|p| (p.author.username.desc(), p.author.age, p.id))
        .values(|p| (p.id, p.author.username, p.author));
    expect![[r#"SELECT "blog_post"."id", "user"."username", "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "user"."username" = $1 AND "user"."age" > $2 AND ("user"."active" OR (NOT "user"."active")) AND (NOT "user"."username" = $3) ORDER BY "user"."username" DESC, "user"."age" ASC, "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.using(w.db()).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(id, name, author)| (*id, &name[..], &author.username[..])).collect();
    assert_eq!(rows, [(1, "ann", "ann"), (2, "ann", "ann")]);
}

#[tokio::test]
async fn a_path_to_a_nullable_row_is_one_join_too() {
    let w = world().await;
    let query = Post::objects()
        .filter(|p| p.editor.age.gt(25) | p.editor.username.eq("bob"))
        .order_by(|p| p.editor.username)
        .values(|p| (p.id, p.editor.username));
    expect![[r#"SELECT "blog_post"."id", "user"."username" FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."age" > $1 OR "user"."username" = $2 ORDER BY "user"."username" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.using(w.db()).await.unwrap();
    assert_eq!(rows, [(4, Some("ann".into())), (2, Some("bob".into())), (3, Some("cyd".into()))]);
}

#[tokio::test]
async fn two_paths_to_one_table_are_two_joins() {
    let w = world().await;
    w.posts(|p| p.author.username.lt(p.editor.username), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "user"."username" < "user_2"."username""#]], &[2, 3, 5]).await;
    w.posts(|p| p.author.company.name.eq("acme") & p.editor.company.name.eq("zeta"), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "company" ON "company"."id" = "user"."company_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" LEFT JOIN "company" AS "company_2" ON "company_2"."id" = "user_2"."company_id" WHERE "company"."name" = $1 AND "company_2"."name" = $2"#]], &[5]).await;
}

#[tokio::test]
async fn a_table_can_be_joined_to_itself_repeatedly() {
    let w = world().await;
    w.posts(|p| p.reply_to.reply_to.title.eq("rust") & p.reply_to.title.eq("rust"), expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "blog_post" AS "blog_post_3" ON "blog_post_3"."id" = "blog_post_2"."reply_to_id" WHERE "blog_post_3"."title" = $1 AND "blog_post_2"."title" = $2"#]], &[4]).await;
}

#[tokio::test]
async fn the_key_of_a_relation_is_read_without_a_join() {
    let w = world().await;
    w.posts(
        |p| p.author.id.eq(1),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" = $1"#]],
        &[1, 2],
    )
    .await;
    w.posts(|p| p.author.eq(1), expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" = $1"#]], &[1, 2])
        .await;
    w.posts(
        |p| p.author.ne(1),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" <> $1"#]],
        &[3, 4, 5],
    )
    .await;
    w.posts(
        |p| p.author.gt(1) & p.author.lte(2),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" > $1 AND "blog_post"."author_id" <= $2"#]],
        &[3, 4],
    )
    .await;
    w.posts(
        |p| p.author.is_null(),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" IS NULL"#]],
        &[],
    )
    .await;
    w.posts(
        |p| p.author.in_([1, 3]),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" = ANY($1)"#]],
        &[1, 2, 5],
    )
    .await;
    w.posts(|p| p.editor.is_null() | p.editor.id.is_null() | p.editor.eq(None), expect![[r#"FROM "blog_post" WHERE "blog_post"."editor_id" IS NULL OR "blog_post"."editor_id" IS NULL OR "blog_post"."editor_id" IS NULL"#]], &[1]).await;
    w.posts(
        |p| p.editor.id.eq(3) | p.editor.eq(3),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."editor_id" = $1 OR "blog_post"."editor_id" = $2"#]],
        &[3],
    )
    .await;
    w.posts(|p| p.author.eq(p.reply_to.author), expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" WHERE "blog_post"."author_id" = "blog_post_2"."author_id""#]], &[4]).await;
    let query = Post::objects().order_by(|p| p.editor.id).values(|p| (p.author.id, p.editor.id));
    expect![[r#"SELECT "blog_post"."author_id", "blog_post"."editor_id" FROM "blog_post" ORDER BY "blog_post"."editor_id" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.using(w.db()).await.unwrap();
    assert_eq!(rows, [(2, Some(1)), (1, Some(2)), (2, Some(3)), (3, Some(4)), (1, None)]);
}

#[tokio::test]
async fn the_key_of_a_relation_of_a_relation_takes_one_join() {
    let w = world().await;
    w.posts(|p| p.author.company.id.eq(1), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "user"."company_id" = $1"#]], &[1, 2, 5]).await;
    w.posts(|p| p.author.company.is_null(), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "user"."company_id" IS NULL"#]], &[3, 4]).await;
    w.posts(|p| p.reply_to.author.eq(2), expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" WHERE "blog_post_2"."author_id" = $1"#]], &[4]).await;
    w.posts(|p| p.reply_to.author.is_null(), expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" WHERE "blog_post_2"."author_id" IS NULL"#]], &[1, 2, 5]).await;
    w.posts(|p| p.reply_to.author.ne(2), expect![[r#"FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" WHERE "blog_post_2"."author_id" IS DISTINCT FROM $1"#]], &[1, 2, 3, 5]).await;
}

#[tokio::test]
async fn relations_compare_with_instances_keys_and_each_other() {
    let w = world().await;
    let ann = User::objects().using(w.db()).get(1).await.unwrap();
    let posts = Post::objects().using(w.db()).order_by(|p| p.id).await.unwrap();
    assert_eq!(w.found(Post::objects().filter(|p| p.author.eq(&ann))).await, [1, 2]);
    assert_eq!(w.found(Post::objects().filter(|p| p.editor.eq(&ann))).await, [4]);
    assert_eq!(w.found(Post::objects().filter(|p| p.editor.ne(&ann))).await, [1, 2, 3, 5]);
    assert_eq!(w.found(Post::objects().filter(|p| p.author.eq(&posts[4].author))).await, [5]);
    assert_eq!(w.found(Post::objects().filter(|p| p.editor.eq(&posts[3].editor))).await, [4]);
    assert_eq!(
        w.found(Post::objects().filter(|p| p.editor.eq(&posts[0].editor))).await,
        [1],
        "None is no editor"
    );
    assert_eq!(w.found(Post::objects().filter(|p| p.author.in_([&ann]))).await, [1, 2]);
    w.posts(
        |p| p.author.eq(p.editor),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" = "blog_post"."editor_id""#]],
        &[],
    )
    .await;
    w.posts(
        |p| p.author.ne(p.editor),
        expect![[
            r#"FROM "blog_post" WHERE "blog_post"."author_id" IS DISTINCT FROM "blog_post"."editor_id""#
        ]],
        &[1, 2, 3, 4, 5],
    )
    .await;
}

#[tokio::test]
async fn a_nullable_relation_is_an_option_of_its_model() {
    let w = world().await;
    let query = Post::objects().order_by(|p| p.id).values(|p| (p.id, p.author, p.editor, p.reply_to.author));
    let sql = query.to_sql();
    expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" AS "user_3" ON "user_3"."id" = "blog_post_2"."author_id" ORDER BY "blog_post"."id" ASC"#]].assert_eq(tail(&sql));
    let rows = query.using(w.db()).await.unwrap();
    let name = |user: &Option<User>| user.as_ref().map(|user| user.username.clone());
    let rows: Vec<_> = rows.iter().map(|(id, a, e, r)| (*id, &a.username[..], name(e), name(r))).collect();
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(
        rows,
        [
            (1, "ann", None, None),
            (2, "ann", some("bob"), None),
            (3, "bob", some("cyd"), some("ann")),
            (4, "bob", some("ann"), some("bob")),
            (5, "cyd", some("dan"), None),
        ]
    );
    let companies: Vec<Option<Company>> =
        Post::objects().filter(|p| p.id.eq(3)).values(|p| p.author.company).using(w.db()).await.unwrap();
    assert_eq!(companies, [None], "a user without a company is no row of NULLs");
}
