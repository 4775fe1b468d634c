//! `returning`: what is read of rows that are changed.

use crate::{
    conditions::world,
    models::{Post, User},
};
use expect_test::expect;
use orm::prelude::*;

#[tokio::test]
async fn an_update_gives_values_of_the_rows_as_they_are_then() {
    let w = world().await;
    let change = Post::objects()
        .using(w.db())
        .filter(|p| p.views.lt(100))
        .update(|p| p.views.set(p.views + 1))
        .returning(|p| (p.id, p.views, p.views.gt(5), p.author.id));
    expect![[r#"UPDATE "blog_post" SET "views" = "blog_post"."views" + $1 WHERE "blog_post"."views" < $2 RETURNING "blog_post"."id", "blog_post"."views", "blog_post"."views" > $3, "blog_post"."author_id""#]]
        .assert_eq(&change.to_sql());
    let mut rows: Vec<(i64, i32, bool, i64)> = change.await.unwrap();
    rows.sort_unstable();
    assert_eq!(rows, [(2, 6, true, 1), (3, 6, true, 2)]);
}

#[tokio::test]
async fn a_delete_gives_the_rows_as_they_were() {
    let w = world().await;
    let delete = Post::objects().using(w.db()).filter(|p| p.author.username.eq("cyd")).delete();
    let posts: Vec<Post> = delete.returning_all().await.unwrap();
    assert_eq!((posts.len(), posts[0].id, &*posts[0].title), (1, 5, "rust"));
    assert!(!Post::objects().using(w.db()).filter(|p| p.id.eq(5)).exists().await.unwrap());
    let none = Post::objects().using(w.db()).none().delete().returning(|p| p.id).await.unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn what_is_returned_can_be_a_struct_and_a_subquery() {
    #[derive(Projection, Debug, PartialEq)]
    struct Changed {
        id: i64,
        comments: i64,
    }
    let w = world().await;
    let change = Post::objects().using(w.db()).filter(|p| p.id.eq(1)).update(|p| p.title.set("new"));
    let rows = change.returning(|p| ChangedRow { id: p.id, comments: p.comments.count() }).await.unwrap();
    assert_eq!(rows, [Changed { id: 1, comments: 2 }]);
}

#[tokio::test]
async fn a_value_of_another_table_is_an_error_that_says_how_to_take_it() {
    let w = world().await;
    let change = Post::objects().using(w.db()).delete().returning(|p| p.author.username);
    let error = change.await.unwrap_err().to_string();
    expect!["`returning` of a value from `User`; take it by a query: `User::objects().filter(…).values(…).first()`"]
        .assert_eq(&error);
    assert_eq!(Post::objects().using(w.db()).count().await.unwrap(), 5);
    let change = Post::objects().using(w.db()).filter(|p| p.id.eq(5)).delete();
    let names = change
        .returning(|p| User::objects().filter(|u| u.id.eq(p.author.id)).values(|u| u.username).first())
        .await
        .unwrap();
    assert_eq!(names, [Some("cyd".to_owned())]);
}

#[tokio::test]
async fn rows_that_are_changed_are_read_in_the_same_statement() {
    let w = world().await;
    let deleted = Post::objects().using(w.db()).filter(|p| p.title.eq("rust")).delete();
    let deleted = deleted.returning(|p| (p.author.id, p.views)).cte();
    let query = deleted.aggregate(|(author, views)| (author.count(), views.sum().or(0)));
    expect![[r#"WITH "cte" AS (DELETE FROM "blog_post" WHERE "blog_post"."title" = $1 RETURNING "blog_post"."author_id" AS "c0", "blog_post"."views" AS "c1") SELECT COUNT("rows"."c0"), COALESCE(SUM("rows"."c1"), $2) FROM "cte" AS "rows""#]]
        .assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), (3, 305));
    assert_eq!(Post::objects().using(w.db()).count().await.unwrap(), 1);
    // Whole rows remain rows of their model, with their relations.
    let changed = Post::objects().using(w.db()).update(|p| p.views.set(1)).returning_all().cte();
    let authors: Vec<String> = changed.order_by(|p| p.id).values(|p| p.author.username).await.unwrap();
    assert_eq!(authors, ["ann"]);
    assert_eq!(Post::objects().using(w.db()).filter(|p| p.views.eq(1)).count().await.unwrap(), 1);
}
