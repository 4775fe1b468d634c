//! What every clause becomes.

use super::check;
use crate::models::{Comment, Company, Post, Tag, User};
use expect_test::expect;
use orm::{prelude::*, window};

#[test]
fn groups_have_keys_totals_and_conditions() {
    check(
        &Comment::objects()
            .group_by(|c| c.post.id)
            .annotate(|c| (c.id.count(), c.stars.avg()))
            .having(|(c, ..)| c.stars.max().gt(3))
            .order_by(|(_, post, n, _)| (n.desc(), post)),
        expect![[
            r#"SELECT "comment"."post_id", COUNT("comment"."id"), CAST(AVG("comment"."stars") AS double precision) FROM "comment" GROUP BY "comment"."post_id" HAVING MAX("comment"."stars") > $1 ORDER BY COUNT("comment"."id") DESC, "comment"."post_id" ASC"#
        ]],
    );
    check(
        &Comment::objects()
            .group_by(|c| (c.post.author.id, c.stars.gt(2)))
            .annotate(|c| c.id.count().filter(c.text.ne(""))),
        expect![[
            r#"SELECT "blog_post"."author_id", "comment"."stars" > $1, COUNT("comment"."id") FILTER (WHERE "comment"."text" <> $2) FROM "comment" INNER JOIN "blog_post" ON "blog_post"."id" = "comment"."post_id" GROUP BY "blog_post"."author_id", "comment"."stars" > $1"#
        ]],
    );
    check(
        &Comment::objects().aggregate(|c| {
            (
                c.stars.sum().or(0),
                c.author.id.count().distinct(),
                c.text.string_agg(", ").order_by(c.id.desc()),
            )
        }),
        expect![[
            r#"SELECT COALESCE(SUM("comment"."stars"), $1), COUNT(DISTINCT "comment"."author_id"), STRING_AGG("comment"."text", $2 ORDER BY "comment"."id" DESC) FROM "comment""#
        ]],
    );
}

#[test]
fn windows_have_partitions_orders_and_frames() {
    check(
        &Comment::objects().values(|c| {
            (window::row_number().over(|w| w.partition_by(c.post).order_by(c.id)), c.stars.sum().over(|w| w))
        }),
        expect![[
            r#"SELECT ROW_NUMBER() OVER (PARTITION BY "comment"."post_id" ORDER BY "comment"."id"), SUM("comment"."stars") OVER () FROM "comment" ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Comment::objects().values(|c| c.stars.avg().over(|w| w.order_by(c.id).rows(-2..=0))),
        expect![[
            r#"SELECT CAST((AVG("comment"."stars") OVER (ORDER BY "comment"."id" ROWS BETWEEN $1 PRECEDING AND CURRENT ROW)) AS double precision) FROM "comment" ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Comment::objects()
            .values(|c| c.stars.avg().over(|w| w.order_by(c.stars).groups(-1..=1).exclude_ties())),
        expect![[
            r#"SELECT CAST((AVG("comment"."stars") OVER (ORDER BY "comment"."stars" GROUPS BETWEEN $1 PRECEDING AND $2 FOLLOWING EXCLUDE TIES)) AS double precision) FROM "comment" ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Comment::objects()
            .values(|c| c.stars.sum().over(|w| w.order_by(c.stars).rows(..).exclude_current_row())),
        expect![[
            r#"SELECT SUM("comment"."stars") OVER (ORDER BY "comment"."stars" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) FROM "comment" ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Comment::objects().values(|c| c.stars.sum().over(|w| w.order_by(c.id).rows(0..).exclude_group())),
        expect![[
            r#"SELECT SUM("comment"."stars") OVER (ORDER BY "comment"."id" ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP) FROM "comment" ORDER BY "comment"."id" ASC"#
        ]],
    );
}

#[test]
fn the_first_row_of_each_value_and_different_rows() {
    check(
        &Comment::objects()
            .distinct_on(|c| c.post.id)
            .order_by(|c| (c.post.id, c.stars.desc()))
            .values(|c| c.text),
        expect![[
            r#"SELECT DISTINCT ON ("comment"."post_id") "comment"."text" FROM "comment" ORDER BY "comment"."post_id" ASC, "comment"."stars" DESC"#
        ]],
    );
    check(
        &Comment::objects().values(|c| c.stars).distinct(),
        expect![[r#"SELECT DISTINCT "comment"."stars" FROM "comment""#]],
    );
    check(
        &Post::objects().datetimes(|p| p.published_at, orm::TimeUnit::Month, "Europe/Rome"),
        expect![[
            r#"SELECT DISTINCT DATE_TRUNC('month', "blog_post"."published_at", $1) FROM "blog_post" WHERE DATE_TRUNC('month', "blog_post"."published_at", $1) IS NOT NULL ORDER BY DATE_TRUNC('month', "blog_post"."published_at", $1) ASC"#
        ]],
    );
}

#[test]
fn rows_of_several_queries_are_combined() {
    check(
        &Company::objects().filter(|c| c.id.lt(2)).union(Company::objects().filter(|c| c.id.gt(5))),
        expect![[
            r#"SELECT "rows"."id", "rows"."name" FROM (SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" < $1 UNION (SELECT "company_2"."id", "company_2"."name" FROM "company" AS "company_2" WHERE "company_2"."id" > $2)) AS "rows""#
        ]],
    );
    check(
        &Company::objects()
            .values(|c| c.name)
            .union_all(Tag::objects().values(|t| t.name))
            .order_by(|name| name)
            .limit(3),
        expect![[
            r#"SELECT "rows"."c0" FROM (SELECT "company"."name" AS "c0" FROM "company" UNION ALL (SELECT "tag"."name" AS "c0" FROM "tag")) AS "rows" ORDER BY "rows"."c0" ASC LIMIT $1"#
        ]],
    );
    check(
        &Company::objects().values(|c| c.name).intersection(Tag::objects().values(|t| t.name)),
        expect![[
            r#"SELECT "rows"."c0" FROM (SELECT "company"."name" AS "c0" FROM "company" INTERSECT (SELECT "tag"."name" AS "c0" FROM "tag")) AS "rows""#
        ]],
    );
    check(
        &Company::objects()
            .values(|c| c.name)
            .difference(Tag::objects().order_by(|t| t.name).limit(2).values(|t| t.name)),
        expect![[
            r#"SELECT "rows"."c0" FROM (SELECT "company"."name" AS "c0" FROM "company" EXCEPT (SELECT "tag"."name" AS "c0" FROM "tag" ORDER BY "tag"."name" ASC LIMIT $1)) AS "rows""#
        ]],
    );
}

#[test]
fn a_query_is_read_by_others_in_from_in_with_and_laterally() {
    check(
        &Company::objects().limit(3).subquery().filter(|c| c.name.ne("")),
        expect![[
            r#"SELECT "rows"."id", "rows"."name" FROM (SELECT "company"."id", "company"."name" FROM "company" LIMIT $1) AS "rows" WHERE "rows"."name" <> $2"#
        ]],
    );
    check(
        &Comment::objects()
            .group_by(|c| c.post.id)
            .annotate(|c| c.id.count())
            .subquery()
            .aggregate(|(_, n)| n.avg()),
        expect![[
            r#"SELECT CAST(AVG("rows"."c1") AS double precision) FROM (SELECT "comment"."post_id" AS "c0", COUNT("comment"."id") AS "c1" FROM "comment" GROUP BY "comment"."post_id") AS "rows""#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.id.gt(1)).cte().filter(|c| c.name.ne("")),
        expect![[
            r#"WITH "cte" AS (SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" > $1) SELECT "rows"."id", "rows"."name" FROM "cte" AS "rows" WHERE "rows"."name" <> $2"#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.id.gt(1)).materialized().filter(|c| c.name.ne("")),
        expect![[
            r#"WITH "cte" AS  MATERIALIZED (SELECT "company"."id", "company"."name" FROM "company" WHERE "company"."id" > $1) SELECT "rows"."id", "rows"."name" FROM "cte" AS "rows" WHERE "rows"."name" <> $2"#
        ]],
    );
    check(
        &Company::objects().lateral(|c| {
            User::objects()
                .filter(|u| u.company.eq(c.id))
                .order_by(|u| u.age.desc())
                .limit(2)
                .values(|u| u.username)
        }),
        expect![[
            r#"SELECT "company"."id", "company"."name", "rows"."c0" FROM "company" INNER JOIN LATERAL (SELECT "user"."username" AS "c0" FROM "user" WHERE "user"."company_id" = "company"."id" ORDER BY "user"."age" DESC LIMIT $1) AS "rows" ON TRUE"#
        ]],
    );
    check(
        &Comment::objects().filter(|c| c.stars.gt(3)).follow(|c| c.post.author.company),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "comment" INNER JOIN "blog_post" ON "blog_post"."id" = "comment"."post_id" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" INNER JOIN "company" ON "company"."id" = "user"."company_id" WHERE "comment"."stars" > $1"#
        ]],
    );
}

#[test]
fn a_query_over_its_own_rows_is_recursive() {
    check(
        &Tag::objects().values(|t| t.slug).recursive(|found| {
            found.filter(|slug| slug.length().lt(9)).subquery().values(|slug| orm::concat((slug, "x")))
        }),
        expect![[
            r#"WITH RECURSIVE "cte" AS (SELECT "tag"."slug" AS "c0" FROM "tag" UNION (SELECT CONCAT("rows"."c0", $2) AS "c0" FROM (SELECT "rows_2"."c0" AS "c0" FROM "cte" AS "rows_2" WHERE LENGTH("rows_2"."c0") < $1) AS "rows")) SELECT "rows_3"."c0" FROM "cte" AS "rows_3""#
        ]],
    );
}

#[test]
fn locks_have_a_strength_and_a_patience() {
    check(
        &Company::objects().select_for_update().no_key().skip_locked(),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" FOR NO KEY UPDATE OF "company" SKIP LOCKED"#
        ]],
    );
    check(
        &Company::objects().select_for_share().no_key().nowait(),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" FOR KEY SHARE OF "company" NOWAIT"#
        ]],
    );
    check(
        &Tag::objects().select_for_share(),
        expect![[r#"SELECT "tag"."slug", "tag"."name" FROM "tag" FOR SHARE OF "tag""#]],
    );
}

#[test]
fn conditions_over_to_many_are_exists() {
    check(
        &Company::objects().filter(|c| c.staff.username.eq("ann") & c.staff.age.gt(30)),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id" AND "user"."username" = $1 AND "user"."age" > $2)"#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.staff.any(|u| u.age.gt(30)) & c.staff.none(|u| u.active.eq(false))),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id" AND "user"."age" > $1) AND (NOT EXISTS(SELECT 1 FROM "user" AS "user_2" WHERE "user_2"."company_id" = "company"."id" AND "user_2"."active" = $2))"#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.staff.all(|u| u.comments.stars.gte(3))),
        expect![[
            r#"SELECT "company"."id", "company"."name" FROM "company" WHERE NOT EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id" AND (NOT EXISTS(SELECT 1 FROM "comment" WHERE "comment"."author_id" = "user"."id" AND "comment"."stars" >= $1)))"#
        ]],
    );
    check(
        &Company::objects().values(|c| (c.name, c.staff.count(), c.staff.comments.stars.max())),
        expect![[
            r#"SELECT "company"."name", (SELECT COUNT("user"."id") FROM "user" WHERE "user"."company_id" = "company"."id"), (SELECT MAX("comment"."stars") FROM "user" AS "user_2" INNER JOIN "comment" ON "comment"."author_id" = "user_2"."id" WHERE "user_2"."company_id" = "company"."id") FROM "company""#
        ]],
    );
}

#[test]
fn cases_casts_and_subqueries_are_values() {
    check(
        &Comment::objects().values(|c| {
            (
                orm::case().when(c.stars.gt(3), "good").when(c.stars.gt(1), "so").otherwise("bad"),
                c.stars.cast::<i64>(),
                orm::coalesce((c.author.email, c.author.username)),
            )
        }),
        expect![[
            r#"SELECT (CASE WHEN ("comment"."stars" > $1) THEN $2 WHEN ("comment"."stars" > $3) THEN $4 ELSE $5 END), CAST("comment"."stars" AS bigint), COALESCE("user"."email", "user"."username") FROM "comment" INNER JOIN "user" ON "user"."id" = "comment"."author_id" ORDER BY "comment"."id" ASC"#
        ]],
    );
    check(
        &Company::objects().values(|c| {
            User::objects()
                .filter(|u| u.company.eq(c.id))
                .order_by(|u| u.age.desc())
                .values(|u| u.username)
                .first()
        }),
        expect![[
            r#"SELECT (SELECT "user"."username" FROM "user" WHERE "user"."company_id" = "company"."id" ORDER BY "user"."age" DESC LIMIT $1) FROM "company""#
        ]],
    );
    check(
        &Company::objects()
            .annotate(|c| User::objects().filter(|u| u.company.eq(c.id)).exists())
            .order_by(|(_, staffed)| staffed.desc()),
        expect![[
            r#"SELECT "company"."id", "company"."name", EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id") FROM "company" ORDER BY EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id") DESC"#
        ]],
    );
    check(
        &Company::objects()
            .values(|c| orm::array_subquery(User::objects().filter(|u| u.company.eq(c.id)).values(|u| u.id))),
        expect![[
            r#"SELECT ARRAY((SELECT "user"."id" FROM "user" WHERE "user"."company_id" = "company"."id")) FROM "company""#
        ]],
    );
}

#[test]
fn upserts_say_which_rows_and_what_becomes_of_them() {
    check(
        &Company::objects().create().name("acme").ignore_conflicts(),
        expect![[
            r#"INSERT INTO "company" ("name") VALUES ($1) ON CONFLICT DO NOTHING RETURNING "id", "name""#
        ]],
    );
    check(
        &Company::objects()
            .create()
            .name("acme")
            .update_conflicts(|c| c.name, |c, new| c.name.set(orm::concat((c.name, new.name))))
            .filter(|c, new| c.name.ne(new.name)),
        expect![[
            r#"INSERT INTO "company" ("name") VALUES ($1) ON CONFLICT ("name") DO UPDATE SET "name" = CONCAT("company"."name", "excluded"."name") WHERE "company"."name" <> "excluded"."name" RETURNING "id", "name""#
        ]],
    );
    check(
        &Tag::objects()
            .bulk_create([Tag::draft().slug("a").name("A").build(), Tag::draft().slug("b").name("B").build()])
            .update_conflicts(|t| t.slug, |t, new| t.name.set(new.name)),
        expect![[
            r##"INSERT INTO "tag" ("slug", "name") SELECT "slug", "name" FROM unnest($1, $2) WITH ORDINALITY AS "rows" ("slug", "name", "#") ORDER BY "#" ON CONFLICT ("slug") DO UPDATE SET "name" = "excluded"."name" RETURNING "slug", "name""##
        ]],
    );
    check(
        &Company::objects()
            .insert_from(Tag::objects().filter(|t| t.slug.ne("")), |new, t| new.name.set(t.name))
            .ignore_conflicts(),
        expect![[
            r#"INSERT INTO "company" ("name") SELECT "tag"."name" FROM "tag" WHERE "tag"."slug" <> $1 ON CONFLICT DO NOTHING"#
        ]],
    );
}

#[test]
fn changes_may_be_read_and_be_part_of_a_query() {
    check(
        &Company::objects()
            .filter(|c| c.id.eq(1))
            .update(|c| c.name.set(c.name.upper()))
            .returning(|c| (c.id, c.name)),
        expect![[
            r#"UPDATE "company" SET "name" = UPPER("company"."name") WHERE "company"."id" = $1 RETURNING "company"."id", "company"."name""#
        ]],
    );
    check(
        &Company::objects().filter(|c| c.staff.age.gt(90)).delete().returning_all(),
        expect![[
            r#"DELETE FROM "company" WHERE EXISTS(SELECT 1 FROM "user" WHERE "user"."company_id" = "company"."id" AND "user"."age" > $1) RETURNING "id", "name""#
        ]],
    );
    check(
        &Company::objects().delete().returning(|c| c.name).cte().order_by(|name| name),
        expect![[
            r#"WITH "cte" AS (DELETE FROM "company" RETURNING "company"."name" AS "c0") SELECT "rows"."c0" FROM "cte" AS "rows" ORDER BY "rows"."c0" ASC"#
        ]],
    );
    check(
        &Comment::objects().order_by(|c| c.id).limit(5).update(|c| c.stars.set(0)),
        expect![[
            r#"UPDATE "comment" SET "stars" = $1 WHERE "comment"."id" IN (SELECT "comment_2"."id" FROM "comment" AS "comment_2" ORDER BY "comment_2"."id" ASC LIMIT $2 FOR UPDATE OF "comment_2")"#
        ]],
    );
}
