//! Annotations, groups of rows, and what an aggregate is of.

use super::world;
use crate::models::{Comment, Post, User};
use expect_test::expect;
use orm::prelude::*;

#[tokio::test]
async fn annotations_make_rows_flat_and_later_closures_receive_them() {
    let w = world().await;
    let query = User::objects()
        .using(w.db())
        .annotate(|u| u.posts.count())
        .annotate(|(u, posts)| (posts + u.comments.count(), u.username.eq("ann")))
        .filter(|(u, posts, _, _)| posts.gt(0) & u.active)
        .order_by(|(_, posts, both, _)| (both.desc(), posts));
    let rows: Vec<(User, i64, i64, bool)> = query.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(u, posts, both, ann)| (&*u.username, *posts, *both, *ann)).collect();
    assert_eq!(rows, [("bob", 2, 4, false), ("ann", 2, 3, true)]);
}

#[tokio::test]
async fn an_annotation_is_one_value_wherever_it_is_mentioned() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .annotate(|p| p.views % 100)
        .values(|(_, rest)| rest)
        .distinct()
        .order_by(|(_, rest)| rest.desc());
    expect![[
        r#"SELECT DISTINCT "blog_post"."views" % $1 FROM "blog_post" ORDER BY "blog_post"."views" % $1 DESC"#
    ]]
    .assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), [5, 0]);
}

#[tokio::test]
async fn groups_are_of_columns_of_paths_and_of_calculations() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .group_by(|p| (p.author.username, p.views / 100))
        .annotate(|p| (p.id.count(), p.views.sum().or(0)))
        .filter(|(p, ..)| p.title.ne("go"))
        .having(|(p, _, _, n, _)| n.gt(0) & p.views.max().lt(1000))
        .order_by(|(_, name, hundreds, _, _)| (name, hundreds));
    expect![[r#"SELECT "user"."username", "blog_post"."views" / $1, COUNT("blog_post"."id"), COALESCE(SUM("blog_post"."views"), $2) FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "blog_post"."title" <> $3 GROUP BY "user"."username", "blog_post"."views" / $1 HAVING COUNT("blog_post"."id") > $4 AND MAX("blog_post"."views") < $5 ORDER BY "user"."username" ASC, "blog_post"."views" / $1 ASC"#]]
        .assert_eq(&query.to_sql());
    let rows: Vec<(String, i32, i64, i64)> = query.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (&*row.0, row.1, row.2, row.3)).collect();
    assert_eq!(rows, [("ann", 1, 1, 100), ("bob", 0, 1, 5), ("bob", 2, 1, 200), ("cyd", 2, 1, 200)]);
}

#[tokio::test]
async fn a_group_can_be_the_rows_of_a_model_and_have_null_as_its_key() {
    let w = world().await;
    let by_author = Post::objects().using(w.db()).group_by(|p| p.author).annotate(|p| p.id.count());
    let mut rows: Vec<(User, i64)> = by_author.await.unwrap();
    rows.sort_by_key(|(user, _)| user.id);
    assert_eq!(
        rows.iter().map(|(u, n)| (&*u.username, *n)).collect::<Vec<_>>(),
        [("ann", 2), ("bob", 2), ("cyd", 1)]
    );
    let by_editor = Post::objects().using(w.db()).group_by(|p| p.editor.username).annotate(|p| p.id.count());
    let rows: Vec<(Option<String>, i64)> =
        by_editor.order_by(|(_, name, _)| name.asc().nulls_first()).await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(name, n)| (name.as_deref(), *n)).collect();
    assert_eq!(rows, [(None, 1), (Some("ann"), 1), (Some("bob"), 1), (Some("cyd"), 1), (Some("dan"), 1)]);
}

#[tokio::test]
async fn the_order_of_the_model_is_none_of_its_groups_and_the_first_group_is_by_its_keys() {
    let w = world().await;
    let groups = || Post::objects().using(w.db()).group_by(|p| p.title).annotate(|p| p.views.sum());
    assert_eq!(groups().first().await.unwrap(), Some(("go".into(), Some(5))));
    assert_eq!(groups().last().await.unwrap(), Some(("zig".into(), Some(200))));
    assert_eq!(groups().count().await.unwrap(), 3);
    expect![[r#"SELECT COUNT(*) FROM (SELECT 1 FROM "blog_post" GROUP BY "blog_post"."title") AS "rows""#]]
        .assert_eq(&groups().count().to_sql());
    assert!(groups().having(|(_, _, views)| views.gt(300)).exists().await.unwrap());
    assert!(!groups().having(|(_, _, views)| views.gt(3000)).exists().await.unwrap());
}

#[tokio::test]
async fn what_is_read_of_a_group_can_be_chosen_and_added_to() {
    let w = world().await;
    let query = Post::objects()
        .using(w.db())
        .group_by(|p| p.title)
        .annotate(|p| p.id.count())
        .annotate(|(p, title, n)| (p.views.max(), n * 10, title.or("?")))
        .order_by(|(_, title, ..)| title.desc());
    let rows: Vec<(String, i64, Option<i32>, i64, String)> = query.clone().await.unwrap();
    assert_eq!(rows[0], ("zig".into(), 1, Some(200), 10, "zig".into()));
    let rows: Vec<i64> = query.values(|(_, _, n, ..)| n).await.unwrap();
    assert_eq!(rows, [1, 3, 1]);
}

#[tokio::test]
async fn aggregates_of_two_to_many_relations_are_both_right() {
    let w = world().await;
    // A join of both would count each post once for each comment.
    let query = User::objects()
        .using(w.db())
        .annotate(|u| {
            (u.posts.count(), u.comments.count(), u.posts.views.sum().or(0), u.comments.stars.avg())
        })
        .order_by(|(u, ..)| u.id);
    let rows = query.await.unwrap();
    let rows: Vec<_> = rows.iter().map(|(u, p, c, v, s)| (&*u.username, *p, *c, *v, *s)).collect();
    assert_eq!(
        rows,
        [
            ("ann", 2, 1, 105, Some(5.0)),
            ("bob", 2, 2, 205, Some(3.0)),
            ("cyd", 1, 1, 200, Some(1.0)),
            ("dan", 0, 0, 0, None)
        ]
    );
}

#[tokio::test]
async fn an_aggregate_can_be_filtered_made_distinct_and_ordered() {
    let w = world().await;
    let query = Post::objects().using(w.db()).aggregate(|p| {
        (
            p.id.count().filter(p.views.gt(50)).filter(p.editor.username.is_not_null()),
            p.title.count().distinct(),
            p.views.sum().distinct().filter(p.title.eq("rust")),
        )
    });
    expect![[r#"SELECT COUNT("blog_post"."id") FILTER (WHERE "blog_post"."views" > $1 AND "user"."username" IS NOT NULL), COUNT(DISTINCT "blog_post"."title"), SUM(DISTINCT "blog_post"."views") FILTER (WHERE "blog_post"."title" = $2) FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id""#]]
        .assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), (2, 3, Some(305)));
}

#[tokio::test]
async fn the_filter_of_an_aggregate_speaks_of_the_same_related_row() {
    let w = world().await;
    // Of the second relation on the way too: bob's comment on his own post 4 has one star.
    let query = User::objects().using(w.db()).order_by(|u| u.id).values(|u| {
        (
            u.posts.count().filter(u.posts.views.gt(50)),
            u.posts.comments.stars.sum().filter(u.posts.comments.stars.gt(1)),
        )
    });
    expect![[r#"SELECT (SELECT COUNT("blog_post"."id") FILTER (WHERE "blog_post"."views" > $1) FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id"), (SELECT SUM("comment"."stars") FILTER (WHERE "comment"."stars" > $2) FROM "blog_post" AS "blog_post_2" INNER JOIN "comment" ON "comment"."post_id" = "blog_post_2"."id" WHERE "blog_post_2"."author_id" = "user"."id") FROM "user" ORDER BY "user"."id" ASC"#]]
        .assert_eq(&query.to_sql());
    assert_eq!(query.await.unwrap(), [(1, Some(5)), (1, Some(5)), (1, None), (0, None)]);
}

#[tokio::test]
async fn aggregates_can_be_calculated_with_and_compared() {
    let w = world().await;
    let query = Comment::objects().using(w.db()).aggregate(|c| {
        (c.stars.sum() / c.id.count(), c.stars.max().eq(c.stars.min()), c.stars.avg().or(0.0) * 2.0)
    });
    let rows: (Option<i64>, bool, f64) = query.await.unwrap();
    assert_eq!(rows, (Some(3), false, 6.0));
}

#[tokio::test]
async fn an_annotated_query_made_outside_keeps_its_values_when_it_is_refined_inside() {
    let w = world().await;
    let busy = Post::objects().annotate(|p| p.comments.count());
    // Both closures are of posts: at the outer depth `n` must not be read as of the outer post.
    let query = Post::objects()
        .using(w.db())
        .filter(|p| busy.clone().filter(|(q, n)| n.gt(1) & q.author.eq(p.author.id)).exists())
        .order_by(|p| p.id)
        .values(|p| p.id);
    assert_eq!(query.await.unwrap(), [1, 2]);
    // And a captured annotation is the outer one.
    let query = Post::objects()
        .using(w.db())
        .annotate(|p| p.comments.count())
        .filter(|(p, n)| {
            Post::objects()
                .annotate(|q| q.comments.count())
                .filter(|(q, m)| m.lt(n) & q.author.eq(p.author.id))
                .exists()
        })
        .order_by(|(p, _)| p.id)
        .values(|(p, _)| p.id);
    assert_eq!(query.await.unwrap(), [1]);
}
