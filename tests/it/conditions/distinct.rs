//! One row for each value: `distinct_on`, and the dates that there are rows of.

use super::world;
use crate::models::{Post, User};
use expect_test::expect;
use orm::{TimeUnit, prelude::*};

#[tokio::test]
async fn the_first_row_of_each_value_by_the_order_is_read() {
    let w = world().await;
    let query =
        Post::objects().using(w.db()).distinct_on(|p| p.author.id).order_by(|p| (p.views.desc(), p.id));
    expect![[r#"SELECT DISTINCT ON ("blog_post"."author_id") "blog_post"."id" FROM "blog_post" ORDER BY "blog_post"."author_id" ASC, "blog_post"."views" DESC, "blog_post"."id" ASC"#]]
        .assert_eq(&query.clone().values(|p| p.id).to_sql());
    let posts: Vec<Post> = query.clone().await.unwrap();
    assert_eq!(posts.iter().map(|p| p.id).collect::<Vec<_>>(), [1, 4, 5]);
    assert_eq!(query.clone().count().await.unwrap(), 3);
    assert_eq!(query.clone().first().await.unwrap().unwrap().id, 1);
    // Its direction can be said, and other queries go on from it.
    let down = query.clone().order_by(|p| (p.author.id.desc(), p.views.desc()));
    assert_eq!(down.values(|p| p.id).await.unwrap(), [5, 4, 1]);
    let best = query.clone().subquery().filter(|p| p.views.gt(100)).order_by(|p| p.id).values(|p| p.id);
    assert_eq!(best.await.unwrap(), [4, 5]);
    let few = User::objects().using(w.db()).filter(|u| u.posts.in_(query.clone().order_by(|p| p.views)));
    assert_eq!(few.clone().filter(|u| u.posts.views.lt(10)).count().await.unwrap(), 2);
    assert_eq!(few.count().await.unwrap(), 3);
    assert_eq!(query.update(|p| p.views.set(0)).await.unwrap(), 3);
}

#[tokio::test]
async fn several_values_and_calculated_ones_are_distinguished() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .annotate(|p| p.views % 100)
        .distinct_on(|(p, rest)| (p.title, rest))
        .order_by(|(p, rest)| (rest.desc(), p.title, p.id));
    let rows: Vec<(Post, i32)> = query.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(p, rest)| (p.id, *rest)).collect();
    assert_eq!(rows, [(2, 5), (3, 5), (1, 0), (4, 0)]);
}

#[tokio::test]
async fn loaded_relations_are_distinguished_among_the_rows_of_each_parent() {
    let w = world().await;
    let users = User::objects()
        .using(w.db())
        .order_by(|u| u.id)
        .prefetch_related(|u| u.edited.with(Post::objects().distinct_on(|p| p.views).order_by(|p| p.id)));
    let users = users.await.unwrap();
    let edited: Vec<_> = users.iter().map(|u| u.edited.get().unwrap().len()).collect();
    assert_eq!(edited, [1, 1, 1, 1]);
}

#[tokio::test]
async fn different_rows_of_unions_are_read_once() {
    let w = world().await;
    let rust = || Post::objects().using(w.db()).filter(|p| p.title.eq("rust"));
    let all = rust().union_all(rust());
    assert_eq!(all.clone().count().await.unwrap(), 6);
    assert_eq!(all.clone().distinct().count().await.unwrap(), 3);
    assert_eq!(all.distinct().order_by(|p| p.id).values(|p| p.id).await.unwrap(), [1, 3, 5]);
}

#[tokio::test]
async fn the_dates_that_there_are_rows_of_are_listed_once_and_in_order() {
    let w = world().await;
    let posts = || Post::objects().using(w.db());
    let years = posts().dates(|p| p.published_at.date(), TimeUnit::Year);
    expect![[r#"SELECT DISTINCT CAST(DATE_TRUNC('year', CAST("blog_post"."published_at" AS date)) AS date) FROM "blog_post" WHERE CAST(DATE_TRUNC('year', CAST("blog_post"."published_at" AS date)) AS date) IS NOT NULL ORDER BY CAST(DATE_TRUNC('year', CAST("blog_post"."published_at" AS date)) AS date) ASC"#]]
        .assert_eq(&years.to_sql());
    let years: Vec<String> = years.await.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(years, ["2020-01-01", "2021-01-01", "2022-01-01"]);
    let last = posts().dates(|p| p.published_at, TimeUnit::Year).reverse().first().await.unwrap().unwrap();
    assert_eq!(last.to_rfc3339(), "2022-01-01T00:00:00+00:00");
    let zone = posts().datetimes(|p| p.published_at, TimeUnit::Year, "Asia/Tokyo").first().await.unwrap();
    assert_eq!(zone.unwrap().to_rfc3339(), "2019-12-31T15:00:00+00:00");
    assert_eq!(posts().dates(|p| p.changed_at, TimeUnit::Year).count().await.unwrap(), 1);
}
