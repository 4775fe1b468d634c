//! Arithmetic in conditions, values and changes.

use super::{World, world};
use crate::models::{Comment, Post, PostFields};
use expect_test::expect;
use orm::{Expr, prelude::*};

#[tokio::test]
async fn arithmetic_has_the_precedence_of_rust() {
    let w = world().await;
    type Case = (fn(&PostFields) -> Expr<i32>, fn(i32) -> i32);
    let cases: [Case; 16] = [
        (|p| p.views + 1, |v| v + 1),
        (|p| p.views - 1 - 2, |v| v - 1 - 2),
        (|p| p.views - (p.views - 1), |v| v - (v - 1)),
        (|p| p.views + p.views * 2, |v| v + v * 2),
        (|p| (p.views + p.views) * 2, |v| (v + v) * 2),
        (|p| p.views / 3 * 3, |v| v / 3 * 3),
        (|p| p.views / (p.views * 3), |v| v / (v * 3)),
        (|p| p.views / 7 / 2, |v| v / 7 / 2),
        (|p| p.views / (p.views / 2), |v| v / (v / 2)),
        (|p| p.views % 7, |v| v % 7),
        (|p| -p.views % 7, |v| -v % 7),
        (|p| -(p.views % 7), |v| -(v % 7)),
        (|p| -(p.views - 7), |v| -(v - 7)),
        (|p| -(-p.views), |v| v),
        (|p| p.views - -p.views, |v| v + v),
        (|p| p.views * 7 % (p.views % 9 + 1) - p.views, |v| v * 7 % (v % 9 + 1) - v),
    ];
    for (at, (sql, rust)) in cases.into_iter().enumerate() {
        let rows: Vec<(i32, i32)> =
            Post::objects().values(|p| (p.views, sql(p))).using(w.db()).await.unwrap();
        assert_eq!(rows.len(), 5);
        for (views, value) in rows {
            assert_eq!(value, rust(views), "case {at} of {views}");
        }
        // the same in a condition
        let all = Post::objects().filter(|p| sql(p).eq(rust(5)) | !p.views.eq(5)).using(w.db()).count();
        assert_eq!(all.await.unwrap(), 5, "case {at}");
    }
}

#[test]
fn parentheses_stand_where_they_are_needed() {
    let sql = |f: fn(&PostFields) -> Expr<i32>| Post::objects().order_by(|_| ()).values(f).to_sql();
    expect![[r#"SELECT "blog_post"."views" - ("blog_post"."views" - $1) FROM "blog_post""#]]
        .assert_eq(&sql(|p| p.views - (p.views - 1)));
    expect![[r#"SELECT ("blog_post"."views" + $1) * $2 FROM "blog_post""#]]
        .assert_eq(&sql(|p| (p.views + 1) * 2));
    expect![[r#"SELECT "blog_post"."views" + ("blog_post"."views" * $1) FROM "blog_post""#]]
        .assert_eq(&sql(|p| p.views + p.views * 2));
    expect![[r#"SELECT ("blog_post"."views" / ("blog_post"."views" * $1)) % $2 FROM "blog_post""#]]
        .assert_eq(&sql(|p| p.views / (p.views * 3) % 2));
    expect![[r#"SELECT -(-("blog_post"."views") - $1) FROM "blog_post""#]]
        .assert_eq(&sql(|p| -(-p.views - 1)));
}

#[tokio::test]
async fn arithmetic_stands_on_both_sides_of_a_comparison() {
    let w = world().await;
    w.posts(
        |p| (p.views * 2).gt(p.views + 100),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."views" * $1 > "blog_post"."views" + $2"#]],
        &[4, 5],
    )
    .await;
    w.posts(
        |p| p.views.eq(p.views / 10 * 10),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."views" = ("blog_post"."views" / $1) * $2"#]],
        &[1, 4, 5],
    )
    .await;
    w.posts(
        |p| (p.views % 10).ne(0) & (p.views + 1).in_([6, 7]),
        expect![[
            r#"FROM "blog_post" WHERE "blog_post"."views" % $1 <> $2 AND "blog_post"."views" + $3 = ANY($4)"#
        ]],
        &[2, 3],
    )
    .await;
    w.posts(
        |p| (p.views.cast::<i64>() + p.id).eq(204),
        expect![[r#"FROM "blog_post" WHERE CAST("blog_post"."views" AS bigint) + "blog_post"."id" = $1"#]],
        &[4],
    )
    .await;
}

#[tokio::test]
async fn a_null_operand_makes_null() {
    let w = world().await;
    let query = Post::objects().order_by(|p| p.id);
    let query = query.values(|p| (p.editor.age + p.views, p.editor.age.or(0) + p.views, -p.author.age));
    let rows = query.using(w.db()).await.unwrap();
    assert_eq!(
        rows,
        [
            (None, 100, Some(-30)),
            (None, 5, Some(-30)),
            (Some(45), 45, None),
            (Some(230), 230, None),
            (Some(220), 220, Some(-40)),
        ]
    );
    w.posts(|p| (p.editor.age + 1).gt(30), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."age" + $1 > $2"#]], &[3, 4]).await;
    w.posts(|p| !(p.editor.age + 1).gt(30), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE ("user"."age" + $1 > $2) IS NOT TRUE"#]], &[1, 2, 5]).await;
    w.posts(|p| (p.editor.age + 1).ne(31), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE ("user"."age" + $1) IS DISTINCT FROM $2"#]], &[1, 2, 3, 5]).await;
    w.posts(|p| (p.editor.age * 2).is_null(), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE ("user"."age" * $1) IS NULL"#]], &[1, 2]).await;
    w.posts(|p| !p.editor.age.or(0).gt(20), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE NOT COALESCE("user"."age", $1) > $2"#]], &[1, 2, 5]).await;
}

#[tokio::test]
async fn cast_converts_in_sql() {
    let w = world().await;
    let query = Post::objects().filter(|p| p.id.eq(3));
    let query =
        query.values(|p| (p.views.cast::<f64>() / 2.0, p.views.cast::<String>(), p.editor.age.cast::<i64>()));
    expect![[r#"SELECT CAST("blog_post"."views" AS double precision) / $1, CAST("blog_post"."views" AS text), CAST("user"."age" AS bigint) FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "blog_post"."id" = $2 ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.using(w.db()).await.unwrap(), [(2.5, "5".to_owned(), Some(40))]);
    let texts = Comment::objects().using(w.db()).values(|c| c.text.cast::<i32>());
    assert_eq!(texts.await.unwrap_err().code(), Some("22P02"), "`nice` is no number");
}

#[tokio::test]
async fn small_integers_stay_small() {
    let w = world().await;
    let rows: Vec<(i16, i16, Option<i64>)> = Comment::objects()
        .order_by(|c| c.id)
        .limit(1)
        .values(|c| (c.stars * 2 - 1, -c.stars, c.post.author.posts.id.max()))
        .using(w.db())
        .await
        .unwrap();
    assert_eq!(rows, [(9, -5, Some(2))]);
}

#[tokio::test]
async fn an_impossible_operation_is_the_server_s_error() {
    let w = world().await;
    let zero = Post::objects().using(w.db()).filter(|p| (p.views / (p.views - 5)).gt(1));
    assert_eq!(zero.await.unwrap_err().code(), Some("22012"));
    let much = Post::objects().using(w.db()).filter(|p| (p.views * 100_000_000).gt(1));
    assert_eq!(much.await.unwrap_err().code(), Some("22003"));
}

async fn views(w: &World) -> Vec<i32> {
    Post::objects().order_by(|p| p.id).values(|p| p.views).using(w.db()).await.unwrap()
}

#[tokio::test]
async fn an_update_computes_from_the_row() {
    let w = world().await;
    let update =
        Post::objects().filter(|p| p.author.eq(2)).update(|p| p.views.set((p.views + 1) * 2 - p.views % 3));
    expect![[r#"UPDATE "blog_post" SET "views" = (("blog_post"."views" + $1) * $2) - ("blog_post"."views" % $3) WHERE "blog_post"."author_id" = $4"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 2);
    assert_eq!(views(&w).await, [100, 5, 10, 400, 200]);
}

#[tokio::test]
async fn an_update_sets_several_fields_from_the_old_row() {
    let w = world().await;
    let update = Post::objects().filter(|p| p.id.eq(4)).update(|p| {
        (p.views.set(p.views - 1), p.title.set("zag"), p.editor.set(p.author), p.reply_to.set(None))
    });
    expect![[r#"UPDATE "blog_post" SET "views" = "blog_post"."views" - $1, "title" = $2, "editor_id" = "blog_post"."author_id", "reply_to_id" = $3 WHERE "blog_post"."id" = $4"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 1);
    let post = Post::objects().using(w.db()).get(4).await.unwrap();
    assert_eq!(
        (post.views, &*post.title, post.editor, post.reply_to),
        (199, "zag", Some(ForeignKey::to(2)), None)
    );
}

#[tokio::test]
async fn an_update_takes_values_of_other_tables_by_queries_and_aggregates() {
    let w = world().await;
    let update = Post::objects().update(|p| p.views.set(p.replies.views.max().or(0)));
    expect![[r#"UPDATE "blog_post" SET "views" = COALESCE((SELECT MAX("blog_post_2"."views") FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."reply_to_id" = "blog_post"."id"), $1)"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 5);
    assert_eq!(views(&w).await, [5, 0, 200, 0, 0]);
    let joined = Post::objects().filter(|p| p.id.eq(1)).update(|p| p.published_at.set(p.author.joined_at));
    expect!["/* `update` of `Post` with a value from `User`; take it by a query: `set(User::objects().filter(…).values(…).first())` */"].assert_eq(&joined.to_sql());
}
