//! Rows that are locked while they are read.

use crate::{
    conditions::world,
    models::{Post, User},
};
use expect_test::expect;
use orm::prelude::*;

#[tokio::test]
async fn each_kind_of_lock_keeps_from_the_others_what_it_says() {
    let w = world().await;
    let one = || User::objects().using(w.db()).filter(|u| u.id.eq(1)).values(|u| u.id);
    // While one transaction holds the row in one way, whether another one gets it in another.
    type Way = fn(QuerySet<User, i64>) -> QuerySet<User, i64>;
    let ways: [(&str, Way); 4] = [
        ("update", |query| query.select_for_update()),
        ("no key", |query| query.select_for_update().no_key()),
        ("share", |query| query.select_for_share()),
        ("key share", |query| query.select_for_share().no_key()),
    ];
    let mut together = Vec::new();
    for (held, hold) in ways {
        for (wanted, want) in ways {
            let got = w.db().scope(async {
                atomic(async {
                    assert_eq!(hold(User::objects().filter(|u| u.id.eq(1)).values(|u| u.id)).await?, [1]);
                    let query = want(one()).nowait();
                    let elsewhere = tokio::spawn(async move { query.await });
                    Ok(elsewhere.await.unwrap())
                })
                .await
            });
            match got.await.unwrap() {
                Ok(rows) => together.extend((rows == [1]).then_some((held, wanted))),
                Err(error) => assert!(error.is_lock_not_available(), "{error}"),
            }
        }
    }
    let expected = [
        ("no key", "key share"),
        ("share", "share"),
        ("share", "key share"),
        ("key share", "no key"),
        ("key share", "share"),
        ("key share", "key share"),
    ];
    assert_eq!(together, expected);
}

#[tokio::test]
async fn rows_of_relations_are_locked_where_it_is_said() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .filter(|p| p.id.eq(1))
        .annotate(|p| p.comments.count())
        .select_for_update()
        .lock_of(|(p, _)| p.author);
    assert!(query.to_sql().ends_with(r#"FOR UPDATE OF "blog_post", "user""#), "{}", query.to_sql());
    w.db()
        .scope(atomic(async {
            Post::objects().filter(|p| p.id.eq(1)).select_for_update().lock_of(|p| p.author).await?;
            let author = User::objects().using(w.db()).filter(|u| u.id.eq(1)).select_for_update().nowait();
            let elsewhere = tokio::spawn(async move { author.await }).await.unwrap();
            assert!(elsewhere.unwrap_err().is_lock_not_available());
            Ok(())
        }))
        .await
        .unwrap();
}

#[tokio::test]
async fn what_is_no_row_of_a_table_cannot_be_locked() {
    let w = world().await;
    let query = Post::objects().using(w.db()).values(|p| p.title).distinct().select_for_update();
    expect!["rows that are read once each cannot be locked; lock them without `distinct`"]
        .assert_eq(&query.await.unwrap_err().to_string());
}
