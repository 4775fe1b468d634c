//! `&`, `|` and `^` of two queries on one model.

use super::world;
use crate::models::{Post, User};
use orm::{Result, prelude::*};

async fn ids(query: QuerySet<User>) -> Result<Vec<i64>> {
    query.order_by(|u| u.id).values(|u| u.id).await
}

#[tokio::test]
async fn queries_are_combined_by_what_their_conditions_say() -> Result<()> {
    let w = world().await;
    w.db()
        .scope(async {
            let all = ids(User::objects()).await?;
            let queries = || {
                [
                    User::objects().filter(|u| u.age.gt(30)),
                    User::objects().filter(|u| u.active.eq(true)).exclude(|u| u.email.is_null()),
                    User::objects().filter(|u| u.posts.views.gt(5)).filter(|u| u.posts.title.contains("a")),
                    User::objects().filter(|u| u.id.eq(1) | u.id.eq(4)),
                    User::objects(),
                    User::objects().none(),
                ]
            };
            for (a, left) in queries().into_iter().enumerate() {
                for (b, right) in queries().into_iter().enumerate() {
                    let (in_a, in_b) = (ids(left.clone()).await?, ids(right.clone()).await?);
                    let of = |is: fn(bool, bool) -> bool| -> Vec<i64> {
                        all.iter().copied().filter(|id| is(in_a.contains(id), in_b.contains(id))).collect()
                    };
                    let found = ids(left.clone() & right.clone()).await?;
                    assert_eq!(found, of(|a, b| a && b), "{a} & {b}");
                    let found = ids(left.clone() | right.clone()).await?;
                    assert_eq!(found, of(|a, b| a || b), "{a} | {b}");
                    let found = ids(left.clone() ^ right.clone()).await?;
                    assert_eq!(found, of(|a, b| a != b), "{a} ^ {b}");
                }
            }
            Ok(())
        })
        .await
}

#[test]
fn the_first_query_says_the_order_and_conditions_keep_their_related_rows() {
    let popular = User::objects().filter(|u| u.posts.views.gt(5)).filter(|u| u.posts.title.eq("x"));
    let named = User::objects().filter(|u| u.username.eq("ann"));
    let either = (named.order_by(|u| u.username) | popular).values(|u| u.id);
    assert_eq!(
        either.to_sql(),
        r#"SELECT "user"."id" FROM "user" WHERE "user"."username" = $1 OR (EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" > $2) AND EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."author_id" = "user"."id" AND "blog_post_2"."title" = $3)) ORDER BY "user"."username" ASC"#
    );
}

#[tokio::test]
async fn a_query_with_a_limit_is_not_combined_by_its_conditions() {
    let w = world().await;
    let error = (Post::objects().using(w.db()) & Post::objects().limit(1)).await.unwrap_err();
    assert!(error.to_string().contains("use `union`, `intersection` or `difference`"), "{error}");
    let error = (Post::objects().using(w.db()) | Post::objects().subquery()).await.unwrap_err();
    assert!(error.to_string().contains("where its rows come from"), "{error}");
}
