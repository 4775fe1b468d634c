//! What every verb and every refining method becomes.

mod clauses;

use crate::models::{Comment, Company, Post, Tag, User};
use expect_test::{Expect, expect};
use orm::prelude::*;

#[allow(clippy::needless_pass_by_value, reason = "a call reads better without a `&`")]
fn check(query: &impl ToSql, sql: Expect) {
    sql.assert_eq(&query.to_sql());
}

#[test]
fn a_query_reads_all_columns_of_its_model_in_the_model_s_order() {
    check(
        &Post::objects(),
        expect![[
            r#"SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id" FROM "blog_post" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC"#
        ]],
    );
    check(
        &Post::objects().all(),
        expect![[
            r#"SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id" FROM "blog_post" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC"#
        ]],
    );
    check(&Company::objects(), expect![[r#"SELECT "company"."id", "company"."name" FROM "company""#]]);
    check(&Tag::objects(), expect![[r#"SELECT "tag"."slug", "tag"."name" FROM "tag""#]]);
}

#[test]
fn filter_and_exclude_are_where() {
    check(
        &Company::objects().filter(|c| c.name.eq("x")),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."name" = $1"#]],
    );
    check(
        &Company::objects().exclude(|c| c.name.eq("x")),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE NOT "company"."name" = $1"#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.id.gt(1)).filter(|c| c.id.lt(9)).exclude(|c| c.name.ne("x")),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" > $1 AND "company"."id" < $2 AND (NOT "company"."name" <> $3)"#
        ]],
    );
    check(
        &Company::objects().none(),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" WHERE FALSE"#]],
    );
}

#[test]
fn the_query_of_the_contract_is_one_select() {
    let query = Post::objects()
        .filter(|p| p.title.icontains("rust") & p.author.username.eq("alice"))
        .exclude(|p| p.published_at.is_null())
        .order_by(|p| (p.views.desc(), p.id.asc()))
        .limit(20);
    check(
        &query,
        expect![[
            r#"SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id" FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE ("blog_post"."title" ILIKE $1) AND "user"."username" = $2 AND "blog_post"."published_at" IS NOT NULL ORDER BY "blog_post"."views" DESC, "blog_post"."id" ASC LIMIT $3"#
        ]],
    );
}

#[test]
fn order_by_reverse_and_nulls() {
    check(
        &Company::objects().order_by(|c| c.name),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."name" ASC"#]],
    );
    check(
        &Company::objects().order_by(|c| (c.name.desc(), c.id)),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."name" DESC, "company"."id" ASC"#
        ]],
    );
    check(
        &Company::objects().order_by(|c| c.name).order_by(|c| c.id),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."id" ASC"#]],
    );
    check(
        &Company::objects().reverse(),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."id" DESC"#]],
    );
    check(
        &Comment::objects().reverse(),
        expect![[
            r#"SELECT "comment"."id", "comment"."text", "comment"."stars", "comment"."post_id", "comment"."author_id" FROM "comment" ORDER BY "comment"."id" DESC"#
        ]],
    );
    check(
        &Comment::objects().order_by(|_| ()),
        expect![[
            r#"SELECT "comment"."id", "comment"."text", "comment"."stars", "comment"."post_id", "comment"."author_id" FROM "comment""#
        ]],
    );
    check(
        &Company::objects().order_by(|c| (c.name.asc().nulls_first(), c.id.desc().nulls_last())),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."name" ASC NULLS FIRST, "company"."id" DESC NULLS LAST"#
        ]],
    );
}

#[test]
fn limit_and_offset_are_parameters() {
    check(
        &Company::objects().limit(3),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" LIMIT $1"#]],
    );
    check(
        &Company::objects().offset(3),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" OFFSET $1"#]],
    );
    check(
        &Company::objects().offset(3).limit(4),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" LIMIT $1 OFFSET $2"#]],
    );
}

#[test]
fn values_read_what_they_name() {
    check(&Company::objects().values(|c| c.name), expect![[r#"SELECT "company"."name" FROM "company""#]]);
    check(
        &Company::objects().values(|c| (c.id, c.name)),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company""#]],
    );
    check(
        &Company::objects().values(|c| c.name).distinct(),
        expect![[r#"SELECT DISTINCT "company"."name" FROM "company""#]],
    );
    check(
        &Comment::objects().values(|c| (c.author, c.post.id, c.post.title)),
        expect![[
            r#"SELECT "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id", "comment"."post_id", "blog_post"."title" FROM "comment" INNER JOIN "user" ON "user"."id" = "comment"."author_id" INNER JOIN "blog_post" ON "blog_post"."id" = "comment"."post_id" ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Company::objects().values(|c| (c.name, c.staff.count())),
        expect![[
            r#"SELECT "company"."name", (SELECT COUNT("user"."id") FROM "user" WHERE "user"."company_id" = "company"."id") FROM "company""#
        ]],
    );
}

#[test]
fn get_one_first_and_last_read_as_many_rows_as_they_need() {
    check(
        &Company::objects().get(7),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" = $1"#]],
    );
    check(
        &Tag::objects().get("rust"),
        expect![[r#"SELECT "tag"."slug", "tag"."name" FROM "tag" WHERE "tag"."slug" = $1"#]],
    );
    check(
        &Company::objects().filter(|c| c.id.gt(1)).get(7),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" > $1 AND "company"."id" = $2"#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.name.eq("x")).one(),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."name" = $1 LIMIT $2"#
        ]],
    );
    check(
        &Company::objects().first(),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."id" ASC LIMIT $1"#
        ]],
    );
    check(
        &Company::objects().last(),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."id" DESC LIMIT $1"#
        ]],
    );
    check(
        &Comment::objects().first(),
        expect![[
            r#"SELECT "comment"."id", "comment"."text", "comment"."stars", "comment"."post_id", "comment"."author_id" FROM "comment" ORDER BY "comment"."id" ASC LIMIT $1"#
        ]],
    );
    check(
        &Comment::objects().last(),
        expect![[
            r#"SELECT "comment"."id", "comment"."text", "comment"."stars", "comment"."post_id", "comment"."author_id" FROM "comment" ORDER BY "comment"."id" DESC LIMIT $1"#
        ]],
    );
    check(
        &Company::objects().limit(2).last(),
        expect!["/* Company: `last` of a query with `limit` or `offset`; read the rows instead */"],
    );
}

#[test]
fn count_and_exists_read_no_columns() {
    check(&Comment::objects().count(), expect![[r#"SELECT COUNT(*) FROM "comment""#]]);
    check(
        &Comment::objects().filter(|c| c.post.title.eq("x")).count(),
        expect![[
            r#"SELECT COUNT(*) FROM "comment" INNER JOIN "blog_post" ON "blog_post"."id" = "comment"."post_id" WHERE "blog_post"."title" = $1"#
        ]],
    );
    check(
        &Company::objects().limit(3).count(),
        expect![[r#"SELECT COUNT(*) FROM (SELECT 1 FROM "company" LIMIT $1) AS "rows""#]],
    );
    check(&Company::objects().values(|c| c.name).count(), expect![[r#"SELECT COUNT(*) FROM "company""#]]);
    check(
        &Company::objects().values(|c| c.name).distinct().count(),
        expect![[r#"SELECT COUNT(*) FROM (SELECT DISTINCT "company"."name" FROM "company") AS "rows""#]],
    );
    check(&Comment::objects().exists(), expect![[r#"SELECT 1 FROM "comment" LIMIT $1"#]]);
    check(
        &Comment::objects().filter(|c| c.stars.gt(3)).offset(5).exists(),
        expect![[r#"SELECT 1 FROM "comment" WHERE "comment"."stars" > $1 LIMIT $2 OFFSET $3"#]],
    );
}

#[test]
fn aggregate_reads_one_row() {
    check(
        &Post::objects().aggregate(|p| p.id.count()),
        expect![[r#"SELECT COUNT("blog_post"."id") FROM "blog_post""#]],
    );
    check(
        &Post::objects().aggregate(|p| (p.views.sum(), p.views.avg(), p.views.min(), p.views.max())),
        expect![[
            r#"SELECT SUM("blog_post"."views"), CAST(AVG("blog_post"."views") AS double precision), MIN("blog_post"."views"), MAX("blog_post"."views") FROM "blog_post""#
        ]],
    );
    check(
        &Post::objects().aggregate(|p| (p.id.sum(), p.views.sum().or(0), p.author.age.max())),
        expect![[
            r#"SELECT CAST(SUM("blog_post"."id") AS bigint), COALESCE(SUM("blog_post"."views"), $1), MAX("user"."age") FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id""#
        ]],
    );
    check(
        &Post::objects().limit(3).aggregate(|p| p.views.sum()),
        expect![[
            r#"SELECT SUM("blog_post"."views") FROM "blog_post" WHERE "blog_post"."id" IN (SELECT "blog_post_2"."id" FROM "blog_post" AS "blog_post_2" ORDER BY "blog_post_2"."published_at" DESC, "blog_post_2"."id" ASC LIMIT $1)"#
        ]],
    );
    check(
        &Post::objects().values(|p| p.views).distinct().aggregate(|p| p.views.sum()),
        expect![
            "/* `aggregate` after `values` and `distinct`; aggregate without them, or call `subquery()` before it */"
        ],
    );
}

#[test]
fn locks_are_of_the_own_table() {
    check(
        &Company::objects().select_for_update(),
        expect![[r#"SELECT "company"."id", "company"."name" FROM "company" FOR UPDATE OF "company""#]],
    );
    check(
        &User::objects().filter(|u| u.company.name.eq("x")).select_for_update().nowait(),
        expect![[
            r#"SELECT "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "user" LEFT JOIN "company" ON "company"."id" = "user"."company_id" WHERE "company"."name" = $1 FOR UPDATE OF "user" NOWAIT"#
        ]],
    );
    check(
        &Company::objects().order_by(|c| c.id).limit(1).select_for_update().skip_locked(),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY "company"."id" ASC LIMIT $1 FOR UPDATE OF "company" SKIP LOCKED"#
        ]],
    );
    check(&Company::objects().select_for_update().count(), expect![[r#"SELECT COUNT(*) FROM "company""#]]);
}

#[test]
fn explain_stands_before_queries_and_changes() {
    let one = Company::objects().filter(|c| c.id.eq(1));
    check(
        &one.clone().explain(),
        expect![[
            r#"EXPLAIN SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" = $1"#
        ]],
    );
    check(
        &one.clone().explain().analyze().analyze().buffers().without_timing(),
        expect![[
            r#"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" = $1"#
        ]],
    );
    check(
        &one.clone().explain().parsed(),
        expect![[
            r#"EXPLAIN (FORMAT JSON) SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" = $1"#
        ]],
    );
    check(
        &one.clone().update(|c| c.name.set("x")).explain().verbose(),
        expect![[r#"EXPLAIN (VERBOSE) UPDATE "company" SET "name" = $1 WHERE "company"."id" = $2"#]],
    );
    check(
        &one.clone().delete().returning_all().explain().without_costs(),
        expect![[
            r#"EXPLAIN (COSTS OFF) DELETE FROM "company" WHERE "company"."id" = $1 RETURNING "id", "name""#
        ]],
    );
    check(
        &Company::objects().insert_from(one, |new, c| new.name.set(c.name)).explain(),
        expect![[
            r#"EXPLAIN INSERT INTO "company" ("name") SELECT "company"."name" FROM "company" WHERE "company"."id" = $1"#
        ]],
    );
}

#[test]
fn joins_exists_and_subqueries() {
    check(
        &Comment::objects().filter(|c| c.post.author.username.eq("x") | c.post.editor.age.gt(3)),
        expect![[
            r#"SELECT "comment"."id", "comment"."text", "comment"."stars", "comment"."post_id", "comment"."author_id" FROM "comment" INNER JOIN "blog_post" ON "blog_post"."id" = "comment"."post_id" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "user"."username" = $1 OR "user_2"."age" > $2 ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.staff.posts.title.eq("x") & c.staff.active),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id" AND EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."title" = $1) AND "user"."active")"#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.staff.all(|u| u.posts.any(|p| p.views.gt(u.age)))),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE NOT EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id" AND (NOT EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND "blog_post"."views" > "user"."age")))"#
        ]],
    );
    check(
        &Company::objects().filter(|c| User::objects().filter(|u| u.company.eq(c.id)).exists()),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id")"#
        ]],
    );
    check(
        &Comment::objects().filter(|c| c.author.in_(User::objects().filter(|u| u.active))),
        expect![[
            r#"SELECT "comment"."id", "comment"."text", "comment"."stars", "comment"."post_id", "comment"."author_id" FROM "comment" WHERE "comment"."author_id" IN (SELECT "user"."id" FROM "user" WHERE "user"."active") ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Company::objects().order_by(|c| c.staff.count().desc()),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" ORDER BY (SELECT COUNT("user"."id") FROM "user" WHERE "user"."company_id" = "company"."id") DESC"#
        ]],
    );
}

#[test]
fn changes() {
    check(
        &Company::objects().filter(|c| c.id.eq(1)).update(|c| c.name.set("x")),
        expect![[r#"UPDATE "company" SET "name" = $1 WHERE "company"."id" = $2"#]],
    );
    check(
        &Post::objects().update(|p| (p.views.set(p.views + 1), p.editor.set(None))),
        expect![[r#"UPDATE "blog_post" SET "views" = "blog_post"."views" + $1, "editor_id" = $2"#]],
    );
    check(
        &Comment::objects().filter(|c| c.author.username.eq("x")).update(|c| c.stars.set(1)),
        expect![[
            r#"UPDATE "comment" SET "stars" = $1 WHERE "comment"."id" IN (SELECT "comment_2"."id" FROM "comment" AS "comment_2" INNER JOIN "user" ON "user"."id" = "comment_2"."author_id" WHERE "user"."username" = $2 FOR UPDATE OF "comment_2")"#
        ]],
    );
    check(&Company::objects().delete(), expect![[r#"DELETE FROM "company""#]]);
    check(
        &Comment::objects().filter(|c| c.post.views.lt(3)).delete(),
        expect![[
            r#"DELETE FROM "comment" WHERE "comment"."id" IN (SELECT "comment_2"."id" FROM "comment" AS "comment_2" INNER JOIN "blog_post" ON "blog_post"."id" = "comment_2"."post_id" WHERE "blog_post"."views" < $1 FOR UPDATE OF "comment_2")"#
        ]],
    );
    check(
        &Company::objects().order_by(|c| c.id).limit(3).delete(),
        expect![[
            r#"DELETE FROM "company" WHERE "company"."id" IN (SELECT "company_2"."id" FROM "company" AS "company_2" ORDER BY "company_2"."id" ASC LIMIT $1 FOR UPDATE OF "company_2")"#
        ]],
    );
    check(
        &Post::objects().update(|p| (p.views.set(1), p.views.set(2))),
        expect!["/* `Post.views` is set twice */"],
    );
}

#[test]
fn inserts() {
    check(
        &Company::objects().create().name("x"),
        expect![[r#"INSERT INTO "company" ("name") VALUES ($1) RETURNING "id", "name""#]],
    );
    check(
        &Company::objects().create().id(7).name("x"),
        expect![[r#"INSERT INTO "company" ("id", "name") VALUES ($1, $2) RETURNING "id", "name""#]],
    );
    check(
        &Comment::objects().create().post(1).author(2).text("x"),
        expect![[
            r#"INSERT INTO "comment" ("text", "stars", "post_id", "author_id") VALUES ($1, $2, $3, $4) RETURNING "id", "text", "stars", "post_id", "author_id""#
        ]],
    );
    check(
        &Company::objects().bulk_create(["x", "y"].map(|name| Company::draft().name(name).build())),
        expect![[
            r##"INSERT INTO "company" ("name") SELECT "name" FROM unnest($1) WITH ORDINALITY AS "rows" ("name", "#") ORDER BY "#" RETURNING "id", "name""##
        ]],
    );
}

#[test]
fn one_shape_has_one_text_whatever_its_values() {
    let query =
        |title: &str, views: i32| Post::objects().filter(|p| p.title.contains(title) & p.views.gt(views));
    assert_eq!(query("x", 1).to_sql(), query("y'%", 2).to_sql());
}
