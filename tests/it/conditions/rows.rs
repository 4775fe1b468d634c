//! Which rows in which order: `order_by`, `reverse`, `first`, `last`, `limit`, `offset`, `distinct`, and changes of some
//! rows.

use super::{tail, world};
use crate::models::{Comment, Company, Post, User};
use expect_test::expect;
use orm::{ErrorKind, prelude::*};

#[tokio::test]
async fn the_model_says_the_order_unless_the_query_does() {
    let w = world().await;
    // NULL counts as the largest: the unpublished come first in descending order
    assert_eq!(w.keys(Post::objects()).await, [2, 4, 5, 3, 1]);
    assert_eq!(w.keys(Post::objects().filter(|p| p.views.eq(200)).reverse()).await, [5, 4]);
    assert_eq!(w.keys(Post::objects().order_by(|p| (p.views, p.id.desc()))).await, [3, 2, 1, 5, 4]);
    assert_eq!(w.keys(Post::objects().order_by(|p| p.id).order_by(|p| p.id.desc())).await, [5, 4, 3, 2, 1]);
    let sql = Post::objects().order_by(|_| ()).to_sql();
    assert!(!sql.contains("ORDER BY"), "{sql}");
}

#[tokio::test]
async fn reverse_turns_every_part_and_its_nulls() {
    let w = world().await;
    let query = Post::objects().order_by(|p| (p.published_at.asc().nulls_first(), p.views.desc(), p.id));
    let sql = query.clone().reverse().to_sql();
    expect![[r#"ORDER BY "blog_post"."published_at" DESC NULLS LAST, "blog_post"."views" ASC, "blog_post"."id" DESC"#]].assert_eq(&sql[sql.find("ORDER").unwrap()..]);
    assert_eq!(w.keys(query.clone()).await, [4, 2, 1, 3, 5]);
    assert_eq!(w.keys(query.clone().reverse()).await, [5, 3, 1, 2, 4]);
    assert_eq!(w.keys(query.reverse().reverse()).await, [4, 2, 1, 3, 5]);
    assert_eq!(w.keys(Post::objects().reverse()).await, [1, 3, 5, 4, 2]);
    assert_eq!(w.keys(Company::objects().reverse()).await, [3, 2, 1], "without an order, by descending key");
    assert_eq!(
        w.keys(Company::objects().reverse().order_by(|c| c.name)).await,
        [2, 3, 1],
        "in any order of calls"
    );
}

#[tokio::test]
async fn nulls_stand_where_they_are_told() {
    let w = world().await;
    let by = |f: fn(&crate::models::UserFields) -> orm::Order| {
        w.keys(User::objects().order_by(move |u| (f(u), u.id)))
    };
    assert_eq!(by(|u| u.age.asc()).await, [4, 1, 3, 2]);
    assert_eq!(by(|u| u.age.desc()).await, [2, 3, 1, 4]);
    assert_eq!(by(|u| u.age.asc().nulls_first()).await, [2, 4, 1, 3]);
    assert_eq!(by(|u| u.age.desc().nulls_last()).await, [3, 1, 4, 2]);
}

#[tokio::test]
async fn rows_are_ordered_by_expressions_and_across_relations() {
    let w = world().await;
    assert_eq!(w.keys(Post::objects().order_by(|p| ((p.views * -1), p.id))).await, [4, 5, 1, 2, 3]);
    assert_eq!(
        w.keys(Post::objects().order_by(|p| (p.editor.username.desc().nulls_last(), p.id))).await,
        [5, 3, 2, 4, 1]
    );
    assert_eq!(w.keys(Post::objects().order_by(|p| (p.author.username.desc(), p.id))).await, [5, 3, 4, 1, 2]);
}

#[tokio::test]
async fn first_and_last_are_by_the_order_and_without_one_by_key() {
    let w = world().await;
    let key = |user: Option<User>| user.map(|user| user.id);
    let users = || User::objects().using(w.db());
    assert_eq!(key(users().first().await.unwrap()), Some(1));
    assert_eq!(key(users().last().await.unwrap()), Some(4));
    assert_eq!(key(users().order_by(|u| u.username.desc()).first().await.unwrap()), Some(4));
    assert_eq!(key(users().order_by(|u| u.username.desc()).last().await.unwrap()), Some(1));
    assert_eq!(key(users().order_by(|_| ()).last().await.unwrap()), Some(4));
    assert_eq!(key(users().reverse().first().await.unwrap()), Some(4));
    assert_eq!(key(users().reverse().last().await.unwrap()), Some(1));
    assert_eq!(key(users().filter(|u| u.age.gt(100)).first().await.unwrap()), None);
    assert_eq!(key(users().order_by(|u| u.id).offset(2).first().await.unwrap()), Some(3));
    assert_eq!(key(users().limit(0).first().await.unwrap()), None);
    assert_eq!(Post::objects().using(w.db()).first().await.unwrap().unwrap().id, 2);
    assert_eq!(Post::objects().using(w.db()).last().await.unwrap().unwrap().id, 1);
    let error = users().limit(3).last().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("`last`"), "{error}");
}

#[tokio::test]
async fn limit_and_offset_take_a_part() {
    let w = world().await;
    let by_key = || User::objects().order_by(|u| u.id);
    assert_eq!(w.keys(by_key().limit(2)).await, [1, 2]);
    assert_eq!(w.keys(by_key().offset(1).limit(2)).await, [2, 3]);
    assert_eq!(w.keys(by_key().offset(3)).await, [4]);
    assert!(w.keys(by_key().offset(9)).await.is_empty());
    assert!(w.keys(by_key().limit(0)).await.is_empty());
    assert_eq!(w.keys(by_key().limit(9).limit(1)).await, [1], "the last one said");
    assert_eq!(w.keys(by_key().limit(u64::MAX)).await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn limits_differ_without_a_new_plan() {
    assert_eq!(Post::objects().limit(1).offset(2).to_sql(), Post::objects().limit(30).offset(40).to_sql());
}

#[tokio::test]
async fn distinct_leaves_each_row_of_values_once() {
    let w = world().await;
    let titles = || Post::objects().using(w.db()).values(|p| p.title).distinct();
    expect![[r#"SELECT DISTINCT "blog_post"."title" FROM "blog_post""#]].assert_eq(&titles().to_sql());
    let mut found = titles().await.unwrap();
    found.sort();
    assert_eq!(found, ["go", "rust", "zig"]);
    assert_eq!(titles().order_by(|p| p.title.desc()).await.unwrap(), ["zig", "rust", "go"]);
    assert_eq!(titles().order_by(|p| p.title.desc()).limit(1).await.unwrap(), ["zig"]);
    let count = titles().count();
    expect![[r#"SELECT COUNT(*) FROM (SELECT DISTINCT "blog_post"."title" FROM "blog_post") AS "rows""#]]
        .assert_eq(&count.to_sql());
    assert_eq!(count.await.unwrap(), 3);
    assert_eq!(titles().limit(2).count().await.unwrap(), 2);
    assert!(titles().offset(2).exists().await.unwrap());
    assert!(!titles().offset(3).exists().await.unwrap());
    assert_eq!(titles().filter(|p| p.views.lt(100)).count().await.unwrap(), 2);
    assert_eq!(Post::objects().using(w.db()).values(|p| p.title).count().await.unwrap(), 5);
    assert_eq!(
        Post::objects().using(w.db()).distinct().count().await.unwrap(),
        5,
        "no two rows are the same"
    );
    let editors = Post::objects().using(w.db()).values(|p| (p.author.company.id,)).distinct();
    assert_eq!(editors.count().await.unwrap(), 2, "NULL is a value");
}

#[tokio::test]
async fn first_and_last_of_distinct_values_are_by_the_values() {
    let w = world().await;
    let stars = || Comment::objects().using(w.db()).values(|c| c.stars).distinct();
    expect![[r#"SELECT DISTINCT "comment"."stars" FROM "comment" ORDER BY "comment"."stars" ASC LIMIT $1"#]]
        .assert_eq(&stars().first().to_sql());
    assert_eq!(stars().first().await.unwrap(), Some(1));
    assert_eq!(stars().last().await.unwrap(), Some(5));
    assert_eq!(stars().order_by(|c| c.stars.desc()).first().await.unwrap(), Some(5));
    let ages = User::objects().using(w.db()).values(|u| (u.active, u.age)).distinct();
    assert_eq!(ages.first().await.unwrap(), Some((false, Some(40))));
}

#[tokio::test]
async fn none_is_no_rows_and_asks_nothing() {
    // there is no database: what asks one is an error
    assert_eq!(User::objects().none().await.unwrap(), []);
    assert_eq!(User::objects().none().count().await.unwrap(), 0);
    assert_eq!(User::objects().none().first().await.unwrap(), None);
    assert!(!User::objects().none().exists().await.unwrap());
    assert!(User::objects().none().get(1).await.unwrap_err().is_not_found());
    assert_eq!(User::objects().none().update(|u| u.age.set(1)).await.unwrap(), 0);
    assert_eq!(User::objects().none().delete().await.unwrap(), 0);
    assert!(User::objects().await.is_err());
    expect![[r#"SELECT "user"."id" FROM "user" WHERE FALSE"#]]
        .assert_eq(&User::objects().none().values(|u| u.id).to_sql());
}

#[tokio::test]
async fn an_update_through_relations_changes_the_rows_of_the_query() {
    let w = world().await;
    let update = Post::objects()
        .filter(|p| p.author.username.eq("bob") | p.editor.username.eq("bob"))
        .update(|p| p.views.set(p.views + 1));
    expect![[r#"UPDATE "blog_post" SET "views" = "blog_post"."views" + $1 WHERE "blog_post"."id" IN (SELECT "blog_post_2"."id" FROM "blog_post" AS "blog_post_2" INNER JOIN "user" ON "user"."id" = "blog_post_2"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."editor_id" WHERE "user"."username" = $2 OR "user_2"."username" = $3 FOR UPDATE OF "blog_post_2")"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 3);
    assert_eq!(w.found(Post::objects().filter(|p| p.views.in_([6, 201]))).await, [2, 3, 4]);
    let update = Post::objects().exclude(|p| p.editor.username.eq("bob")).update(|p| p.title.set("x"));
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 4);
    assert_eq!(
        w.found(Post::objects().filter(|p| p.title.ne("x"))).await,
        [2],
        "a post without editor is changed"
    );
}

#[tokio::test]
async fn a_change_of_a_limited_query_changes_only_its_rows() {
    let w = world().await;
    let update = Post::objects().order_by(|p| (p.views.desc(), p.id)).limit(2).update(|p| p.title.set("top"));
    expect![[r#"UPDATE "blog_post" SET "title" = $1 WHERE "blog_post"."id" IN (SELECT "blog_post_2"."id" FROM "blog_post" AS "blog_post_2" ORDER BY "blog_post_2"."views" DESC, "blog_post_2"."id" ASC LIMIT $2 FOR UPDATE OF "blog_post_2")"#]].assert_eq(&update.to_sql());
    assert_eq!(w.db().scope(async { update.await }).await.unwrap(), 2);
    assert_eq!(w.found(Post::objects().filter(|p| p.title.eq("top"))).await, [4, 5]);
    let delete = Post::objects().filter(|p| p.author.active).order_by(|p| p.id).offset(1).limit(1).delete();
    expect![[r#"DELETE FROM "blog_post" WHERE "blog_post"."id" IN (SELECT "blog_post_2"."id" FROM "blog_post" AS "blog_post_2" INNER JOIN "user" ON "user"."id" = "blog_post_2"."author_id" WHERE "user"."active" ORDER BY "blog_post_2"."id" ASC LIMIT $1 OFFSET $2 FOR UPDATE OF "blog_post_2")"#]].assert_eq(&delete.to_sql());
    assert_eq!(w.db().scope(async { delete.await }).await.unwrap(), 1);
    assert_eq!(w.found(Post::objects()).await, [1, 3, 4, 5]);
}

#[tokio::test]
async fn a_delete_through_relations_deletes_the_rows_of_the_query() {
    let w = world().await;
    let delete = Comment::objects().filter(|c| c.post.author.username.eq("ann") & c.stars.lt(5)).delete();
    expect![[r#"DELETE FROM "comment" WHERE "comment"."id" IN (SELECT "comment_2"."id" FROM "comment" AS "comment_2" INNER JOIN "blog_post" ON "blog_post"."id" = "comment_2"."post_id" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "user"."username" = $1 AND "comment_2"."stars" < $2 FOR UPDATE OF "comment_2")"#]].assert_eq(&delete.to_sql());
    assert_eq!(w.db().scope(async { delete.await }).await.unwrap(), 1);
    assert_eq!(w.found(Comment::objects()).await, [1, 3, 4]);
    let all = Comment::objects().delete();
    expect![[r#"DELETE FROM "comment""#]].assert_eq(&all.to_sql());
    assert_eq!(w.db().scope(async { all.await }).await.unwrap(), 3);
}

#[tokio::test]
async fn values_are_read_as_they_are_typed() {
    let w = world().await;
    let query = Post::objects().filter(|p| p.id.eq(2)).values(|p| {
        (
            p.id,
            p.title,
            p.published_at,
            p.author.age,
            p.editor.active,
            (p.author.username, p.editor.email),
            p.views + 1,
        )
    });
    let sql = query.to_sql();
    expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."id" = $2 ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC"#]].assert_eq(tail(&sql));
    let ann = "ann".to_owned();
    let row = (2, "go".to_owned(), None, Some(30), Some(true), (ann, None), 6);
    assert_eq!(query.using(w.db()).one().await.unwrap(), row);
}
