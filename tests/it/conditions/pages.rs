//! Pages by number, optional conditions, and single rows by an order or a unique field.

use super::world;
use crate::models::{Post, User};
use expect_test::expect;
use orm::{ErrorKind, prelude::*, testing::count_queries};

fn ids<M: Model<Key = i64>>(rows: &[M]) -> Vec<i64> {
    rows.iter().map(Model::key).collect()
}

#[tokio::test]
async fn a_page_has_its_rows_and_counts_all_only_where_the_rows_do_not_tell() {
    let w = world().await;
    w.db()
        .scope(async {
            let posts = || Post::objects().order_by(|p| p.id);
            let (page, queries) = count_queries(posts().page(1, 2).into_future()).await;
            let page = page?;
            assert_eq!(
                (ids(&page.items), page.number, page.per_page, page.pages, page.total),
                (vec![1, 2], 1, 2, 3, 5)
            );
            assert_eq!(
                (page.previous(), page.next(), page.has_previous(), page.has_next()),
                (None, Some(2), false, true)
            );
            assert_eq!(queries, 2);
            let (page, queries) = count_queries(posts().page(3, 2).into_future()).await;
            let page = page?;
            assert_eq!((ids(&page.items), page.pages, page.total, page.next()), (vec![5], 3, 5, None));
            assert_eq!(queries, 1, "the last page tells");
            let (page, queries) = count_queries(posts().page(1, 5).into_future()).await;
            assert_eq!(page?.pages, 1);
            assert_eq!(queries, 2);
            let (page, queries) = count_queries(posts().page(1, 6).into_future()).await;
            assert_eq!(page?.total, 5);
            assert_eq!(queries, 1);
            let none = posts().filter(|p| p.views.lt(0)).page(1, 2).await?;
            assert_eq!((none.items.len(), none.pages, none.total), (0, 1, 0));
            assert_eq!(posts().none().page(1, 2).await?.total, 0);
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_page_that_is_not_there_is_an_error_that_names_the_last_one() {
    let w = world().await;
    let posts = || Post::objects().using(w.db());
    for (number, said) in [
        (4, "there is no page 4: the last one is 3"),
        (u64::MAX, "there is no page 18446744073709551615: the last one is 3"),
    ] {
        let error = posts().page(number, 2).await.unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!(error.to_string(), said);
    }
    let error = posts().filter(|p| p.views.lt(0)).page(2, 2).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no page 2: the last one is 1");
    for page in [posts().page(0, 2), posts().page(1, 0)] {
        assert_eq!(
            page.await.unwrap_err().to_string(),
            "pages are counted from 1, and have at least one row"
        );
    }
}

#[tokio::test]
async fn a_page_of_a_slice_stays_in_it_and_one_without_an_order_is_by_key() {
    let w = world().await;
    let slice = Post::objects().order_by(|p| p.id).offset(1).limit(3).using(w.db());
    let page = slice.clone().page(1, 2).await.unwrap();
    assert_eq!((ids(&page.items), page.pages, page.total), (vec![2, 3], 2, 3));
    let page = slice.clone().page(2, 2).await.unwrap();
    assert_eq!((ids(&page.items), page.pages, page.total), (vec![4], 2, 3));
    assert!(slice.page(3, 2).await.unwrap_err().is_invalid_input());
    let page = User::objects().values(|u| u.username).page(2, 3);
    expect![[r#"SELECT "user"."username" FROM "user" ORDER BY "user"."id" ASC LIMIT $1 OFFSET $2"#]]
        .assert_eq(&page.to_sql());
    let names = User::objects().values(|u| u.username).using(w.db()).page(2, 3).await.unwrap();
    assert_eq!(names.map(|name| name.to_uppercase()).items, ["DAN"]);
}

#[tokio::test]
async fn the_links_around_a_page_leave_out_what_is_far() {
    let w = world().await;
    let page = User::objects().using(w.db()).page(1, 1).await.unwrap();
    let shown = |number, pages, around, at_ends| {
        let mut page = page.clone();
        (page.number, page.pages) = (number, pages);
        let links = page.elided(around, at_ends);
        links
            .map(|link| link.map_or("…".to_owned(), |number| number.to_string()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(shown(1, 1, 3, 2), "1");
    assert_eq!(shown(1, 4, 1, 1), "1 2 3 4", "a gap of one page is that page");
    assert_eq!(shown(1, 5, 1, 1), "1 2 … 5");
    assert_eq!(shown(1, 30, 1, 2), "1 2 … 29 30");
    assert_eq!(shown(5, 30, 1, 2), "1 2 3 4 5 6 … 29 30");
    assert_eq!(shown(6, 30, 1, 2), "1 2 … 5 6 7 … 29 30");
    assert_eq!(shown(26, 30, 1, 2), "1 2 … 25 26 27 28 29 30");
    assert_eq!(shown(30, 30, 0, 0), "… 30");
}

#[tokio::test]
async fn a_condition_without_a_value_is_none() {
    let w = world().await;
    let found = async |word: Option<&str>, least: Option<i32>, editor: Option<i64>| {
        let posts = Post::objects().filter_opt(word, |p, word| p.title.contains(word));
        let posts = posts.filter_opt(least, |p, least| p.views.gte(least));
        w.found(posts.filter_opt(editor, |p, editor| p.editor.eq(editor))).await
    };
    assert_eq!(found(None, None, None).await, [1, 2, 3, 4, 5]);
    assert_eq!(found(Some("rust"), None, None).await, [1, 3, 5]);
    assert_eq!(found(Some("rust"), Some(100), None).await, [1, 5]);
    assert_eq!(found(None, None, Some(2)).await, [2]);
}

#[tokio::test]
async fn the_earliest_and_the_latest_row_are_never_one_without_a_value_if_there_is_another() {
    let w = world().await;
    w.db()
        .scope(async {
            assert_eq!(Post::objects().earliest(|p| p.published_at).await?.id, 1);
            assert_eq!(Post::objects().latest(|p| p.published_at).await?.id, 5);
            assert_eq!(Post::objects().latest(|p| (p.views, p.id)).await?.id, 5);
            assert_eq!(Post::objects().earliest(|p| (p.views.desc(), p.id)).await?.id, 4);
            assert_eq!(Post::objects().reverse().earliest(|p| p.id).await?.id, 1, "no other order counts");
            let unpublished = Post::objects().filter(|p| p.published_at.is_null());
            assert_eq!(unpublished.latest(|p| (p.published_at, p.id)).await?.id, 4);
            assert_eq!(Post::objects().values(|p| p.title).latest(|p| p.id).await?, "rust");
            let none = Post::objects().filter(|p| p.views.lt(0)).latest(|p| p.id).await;
            assert!(none.unwrap_err().is_not_found());
            let error = Post::objects().limit(2).latest(|p| p.id).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage);
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_query_contains_a_row_that_its_conditions_let_through() {
    let w = world().await;
    w.db()
        .scope(async {
            let ann = User::objects().get(1).await?;
            assert!(User::objects().contains(&ann).await?);
            assert!(!User::objects().filter(|u| u.active).contains(3).await?);
            assert!(!User::objects().none().contains(1).await?);
            let editors =
                |p: &'static crate::models::PostFields| User::objects().filter(|u| u.edited.id.eq(p.id));
            let by_ann = Post::objects().filter(|p| editors(p).contains(1)).values(|p| p.id).await?;
            assert_eq!(by_ann, [4], "as a condition");
            let error = User::objects().limit(1).contains(1).await.unwrap_err();
            assert!(error.to_string().contains("`contains` of a query with `limit`"), "{error}");
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn rows_are_found_in_bulk_by_a_unique_field() {
    let w = world().await;
    w.db()
        .scope(async {
            let active = User::objects().filter(|u| u.active);
            let users = active.clone().in_bulk_by(|u| u.username, ["ann", "cyd", "dan", "eve"]).await?;
            assert_eq!((users.len(), users["ann"].id, users["dan"].id), (2, 1, 4));
            assert_eq!(active.clone().in_bulk_by(|u| u.id, [4, 9]).await?[&4].username, "dan");
            let (none, queries) =
                count_queries(User::objects().in_bulk_by(|u| u.id, [0; 0]).into_future()).await;
            assert_eq!(none?.len(), 0);
            assert_eq!(queries, 0);
            let error = active.in_bulk_by(|u| u.email, ["ann@x"]).await.unwrap_err();
            assert_eq!(error.to_string(), "User: `in_bulk_by` is for unique fields, and `email` is none");
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}
