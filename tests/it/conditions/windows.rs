//! Window functions: what is around a row, frames, and groups of rows as what they are over.

use super::world;
use crate::models::Post;
use expect_test::expect;
use orm::{
    prelude::*,
    window::{Edge, cume_dist, dense_rank, ntile, percent_rank, rank, row_number},
};

#[tokio::test]
async fn an_aggregate_over_a_window_keeps_each_row() {
    let w = world().await;
    let query = Post::objects().using(w.db()).order_by(|p| p.id).values(|p| {
        let running = p.views.sum().over(|w| w.partition_by(p.author).order_by(p.id));
        let of_author = p.views.max().over(|w| w.partition_by(p.author.username));
        (p.id, running, of_author, p.id.count().over(|w| w))
    });
    expect![[r#"SELECT "blog_post"."id", SUM("blog_post"."views") OVER (PARTITION BY "blog_post"."author_id" ORDER BY "blog_post"."id"), MAX("blog_post"."views") OVER (PARTITION BY "user"."username"), COUNT("blog_post"."id") OVER () FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" ORDER BY "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.await.unwrap();
    assert_eq!(
        rows,
        [
            (1, Some(100), Some(100), 5),
            (2, Some(105), Some(100), 5),
            (3, Some(5), Some(200), 5),
            (4, Some(205), Some(200), 5),
            (5, Some(200), Some(200), 5)
        ]
    );
}

#[tokio::test]
async fn ranks_differ_in_what_they_make_of_equal_rows() {
    let w = world().await;
    let query = Post::objects().using(w.db()).order_by(|p| p.id).values(|p| {
        (
            row_number().over(|w| w.order_by((p.views.desc(), p.id))),
            rank().over(|w| w.order_by(p.views.desc())),
            dense_rank().over(|w| w.order_by(p.views.desc())),
            percent_rank().over(|w| w.order_by(p.views.desc())),
            cume_dist().over(|w| w.order_by(p.views.desc())),
            ntile(2).over(|w| w.order_by((p.views.desc(), p.id))),
        )
    });
    // 100, 5, 5, 200, 200
    let rows: Vec<(i64, i64, i64, f64, f64, i32)> = query.await.unwrap();
    assert_eq!(
        rows,
        [
            (3, 3, 2, 0.5, 0.6, 1),
            (4, 4, 3, 0.75, 1.0, 2),
            (5, 4, 3, 0.75, 1.0, 2),
            (1, 1, 1, 0.0, 0.4, 1),
            (2, 1, 1, 0.0, 0.4, 1)
        ]
    );
}

#[tokio::test]
async fn values_of_other_rows_are_none_where_there_is_no_such_row() {
    let w = world().await;
    let query = Post::objects().using(w.db()).order_by(|p| p.id).values(|p| {
        (
            p.views.lag(1).over(|w| w.order_by(p.id)),
            p.views.lead_or(2, -1).over(|w| w.order_by(p.id)),
            p.title.first_value().over(|w| w.partition_by(p.author).order_by(p.id)),
            p.editor.username.last_value().over(|w| w.order_by(p.id)),
            p.title.nth_value(2).over(|w| w.partition_by(p.author)),
        )
    });
    expect![[r#"SELECT LAG("blog_post"."views", $1) OVER (ORDER BY "blog_post"."id"), LEAD("blog_post"."views", $2, $3) OVER (ORDER BY "blog_post"."id"), FIRST_VALUE("blog_post"."title") OVER (PARTITION BY "blog_post"."author_id" ORDER BY "blog_post"."id"), LAST_VALUE("user"."username") OVER (ORDER BY "blog_post"."id"), NTH_VALUE("blog_post"."title", $4) OVER (PARTITION BY "blog_post"."author_id") FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" ORDER BY "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    let rows: Vec<(Option<i32>, i32, Option<String>, Option<String>, Option<String>)> = query.await.unwrap();
    let text = |text: &Option<String>| text.clone().unwrap_or("-".into());
    let rows: Vec<_> =
        rows.iter().map(|row| (row.0, row.1, text(&row.2), text(&row.3), text(&row.4))).collect();
    let row = |a, b, c: &str, d: &str, e: &str| (a, b, c.to_owned(), d.to_owned(), e.to_owned());
    assert_eq!(
        rows,
        [
            row(None, 5, "rust", "-", "go"),
            row(Some(100), 200, "rust", "bob", "go"),
            row(Some(5), 200, "rust", "cyd", "zig"),
            row(Some(5), -1, "rust", "ann", "zig"),
            row(Some(200), -1, "rust", "dan", "-")
        ]
    );
}

#[tokio::test]
async fn frames_count_rows_or_groups_or_differences_and_leave_some_out() {
    let w = world().await;
    let query = Post::objects().using(w.db()).order_by(|p| p.id).values(|p| {
        let by_id = |w: orm::window::Window| w.order_by(p.id);
        let by_views = |w: orm::window::Window| w.order_by(p.views);
        (
            p.id.sum().over(|w| by_id(w).rows(-1..=1)),
            p.id.sum().over(|w| by_id(w).rows(1..)),
            p.id.sum().over(|w| by_views(w).groups(-1..=-1)),
            p.id.sum().over(|w| by_views(w).range(-100..=0)),
            p.id.sum().over(|w| by_views(w).rows(..).exclude_current_row()),
            p.id.sum().over(|w| by_views(w).exclude_group()),
            p.id.sum().over(|w| by_views(w).groups(0..1).exclude_ties()),
        )
    });
    expect![[r#"SELECT CAST((SUM("blog_post"."id") OVER (ORDER BY "blog_post"."id" ROWS BETWEEN $1 PRECEDING AND $2 FOLLOWING)) AS bigint), CAST((SUM("blog_post"."id") OVER (ORDER BY "blog_post"."id" ROWS BETWEEN $3 FOLLOWING AND UNBOUNDED FOLLOWING)) AS bigint), CAST((SUM("blog_post"."id") OVER (ORDER BY "blog_post"."views" GROUPS BETWEEN $4 PRECEDING AND $5 PRECEDING)) AS bigint), CAST((SUM("blog_post"."id") OVER (ORDER BY "blog_post"."views" RANGE BETWEEN $6 PRECEDING AND CURRENT ROW)) AS bigint), CAST((SUM("blog_post"."id") OVER (ORDER BY "blog_post"."views" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW)) AS bigint), CAST((SUM("blog_post"."id") OVER (ORDER BY "blog_post"."views" RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP)) AS bigint), CAST((SUM("blog_post"."id") OVER (ORDER BY "blog_post"."views" GROUPS BETWEEN CURRENT ROW AND CURRENT ROW EXCLUDE TIES)) AS bigint) FROM "blog_post" ORDER BY "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    let rows = query.await.unwrap();
    assert_eq!(
        rows,
        [
            (Some(3), Some(14), Some(5), Some(6), Some(14), Some(5), Some(1)),
            (Some(6), Some(12), None, Some(5), Some(13), None, Some(2)),
            (Some(9), Some(9), None, Some(5), Some(12), None, Some(3)),
            (Some(12), Some(5), Some(1), Some(10), Some(11), Some(6), Some(4)),
            (Some(9), None, Some(1), Some(10), Some(10), Some(6), Some(5))
        ]
    );
}

#[tokio::test]
async fn a_frame_of_times_is_given_by_an_interval() {
    let w = world().await;
    let query = Post::objects().using(w.db()).filter(|p| p.published_at.is_not_null()).order_by(|p| p.id);
    // 2020, 2021 and 2022
    let query = query.values(|p| {
        let year = || Edge::preceding(TimeDelta::days(366));
        p.id.count().over(|w| w.order_by(p.published_at).range_between(year(), Edge::Current))
    });
    assert_eq!(query.await.unwrap(), [1, 2, 2]);
}

#[tokio::test]
async fn a_window_is_an_annotation_that_orders_and_calculates() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .annotate(|p| p.views.sum().filter(p.title.ne("go")).over(|w| w.partition_by(p.author)).or(0))
        .order_by(|(p, sum)| (sum.desc(), p.id))
        .values(|(p, sum)| (p.id, sum * 100 / p.views.cast::<i64>()));
    expect![[r#"SELECT "blog_post"."id", (COALESCE(SUM("blog_post"."views") FILTER (WHERE "blog_post"."title" <> $1) OVER (PARTITION BY "blog_post"."author_id"), $2) * $3) / CAST("blog_post"."views" AS bigint) FROM "blog_post" ORDER BY COALESCE(SUM("blog_post"."views") FILTER (WHERE "blog_post"."title" <> $1) OVER (PARTITION BY "blog_post"."author_id"), $2) DESC, "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), [(3, 4100), (4, 102), (5, 100), (1, 100), (2, 2000)]);
}

#[tokio::test]
async fn over_groups_of_rows_windows_are_of_groups() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .group_by(|p| p.title)
        .annotate(|p| p.views.sum().or(0))
        .annotate(|(_, title, views)| {
            (rank().over(|w| w.order_by(views.clone().desc())), views.sum().over(|w| w.order_by(title)))
        })
        .order_by(|(_, title, ..)| title);
    expect![[r#"SELECT "blog_post"."title", COALESCE(SUM("blog_post"."views"), $1), RANK() OVER (ORDER BY COALESCE(SUM("blog_post"."views"), $1) DESC), CAST((SUM(COALESCE(SUM("blog_post"."views"), $1)) OVER (ORDER BY "blog_post"."title")) AS bigint) FROM "blog_post" GROUP BY "blog_post"."title" ORDER BY "blog_post"."title" ASC"#]].assert_eq(&query.to_sql());
    let rows: Vec<(String, i64, i64, Option<i64>)> = query.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (&*row.0, row.1, row.2, row.3)).collect();
    assert_eq!(rows, [("go", 5, 3, Some(5)), ("rust", 305, 1, Some(310)), ("zig", 200, 2, Some(510))]);
}

#[tokio::test]
async fn a_distinct_aggregate_has_no_window() {
    let w = world().await;
    let query = Post::objects().using(w.db()).values(|p| p.title.count().distinct().over(|w| w));
    let error = query.await.unwrap_err();
    assert!(
        error.to_string().contains("`distinct` or `order_by` of an aggregate that is `over` a window"),
        "{error}"
    );
}

#[tokio::test]
async fn a_row_without_one_before_it_may_have_a_value_of_its_own_choice() {
    let w = world().await;
    let before = Post::objects().using(w.db()).order_by(|p| p.id);
    let before = before.values(|p| p.views.lag_or(1, -1).over(|w| w.order_by(p.id)));
    assert_eq!(before.await.unwrap(), [-1, 100, 5, 5, 200]);
}
