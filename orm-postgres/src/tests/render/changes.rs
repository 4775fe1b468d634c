//! `INSERT`, `UPDATE` and `DELETE`.

use super::{
    super::models::{A, ODD, POST, USER, column, table},
    binary, check, children, eq, of, param, views,
};
use expect_test::expect;
use orm_core::{
    ModelMeta,
    ast::{
        BinaryOp, Conflict, Delete, Expr, Insert, Inserted, Named, Output, Rows, Shape, Update, UpdateRows,
    },
};

fn insert(model: &'static ModelMeta, fields: &[&str], rows: Rows, or_nothing: bool) -> Shape {
    let conflict = if or_nothing { Conflict::Nothing } else { Conflict::Fail };
    let columns = fields.iter().map(|field| column(model, field)).collect();
    let returning = Inserted::Row;
    Shape::Insert(Insert { into: table(model), columns, rows, conflict, returning })
}

#[test]
fn one_row_is_inserted_by_its_values_and_returned_whole() {
    check(
        insert(&USER, &["id", "username"], Rows::One, false),
        expect![[
            r#"INSERT INTO "app"."user" ("id", "username") VALUES ($1, $2) RETURNING "id", "username""#
        ]],
    );
    check(
        insert(&USER, &["username"], Rows::One, true),
        expect![[
            r#"INSERT INTO "app"."user" ("username") VALUES ($1) ON CONFLICT DO NOTHING RETURNING "id", "username""#
        ]],
    );
}

#[test]
fn many_rows_are_inserted_in_their_order_by_one_array_a_column() {
    check(
        insert(&USER, &["id", "username"], Rows::Unnest, false),
        expect![[
            r##"INSERT INTO "app"."user" ("id", "username") SELECT "id", "username" FROM unnest($1, $2) WITH ORDINALITY AS "rows" ("id", "username", "#") ORDER BY "#" RETURNING "id", "username""##
        ]],
    );
    check(
        insert(&ODD, &["id", "number"], Rows::Unnest, true),
        expect![[
            r###"INSERT INTO "select ""All""" ("order", "#") SELECT "order", "#" FROM unnest($1, $2) WITH ORDINALITY AS "rows" ("order", "#", "##") ORDER BY "##" ON CONFLICT DO NOTHING RETURNING "order", "say ""hi""", "#""###
        ]],
    );
}

#[test]
fn rows_of_defaults_name_no_column() {
    check(
        insert(&USER, &[], Rows::One, false),
        expect![[r#"INSERT INTO "app"."user" DEFAULT VALUES RETURNING "id", "username""#]],
    );
    check(
        insert(&USER, &[], Rows::Defaults(1), true),
        expect![[
            r#"INSERT INTO "app"."user" VALUES (DEFAULT) ON CONFLICT DO NOTHING RETURNING "id", "username""#
        ]],
    );
    check(
        insert(&USER, &[], Rows::Defaults(3), false),
        expect![[
            r#"INSERT INTO "app"."user" VALUES (DEFAULT), (DEFAULT), (DEFAULT) RETURNING "id", "username""#
        ]],
    );
}

#[test]
fn an_update_sets_bare_columns_and_may_return_the_rows() {
    let update = |returning| {
        Shape::Update(Update {
            table: table(&POST),
            alias: A,
            set: vec![
                (column(&POST, "views"), binary(views(), BinaryOp::Add, param(0))),
                (column(&POST, "title"), param(1)),
            ],
            hides: false,
            filter: Some(Expr::Exists(Box::new(children()))),
            returning,
            named: Named::No,
        })
    };
    check(
        update(Vec::new()),
        expect![[
            r#"UPDATE "blog_post" SET "views" = "blog_post"."views" + $1, "title" = $2 WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."parent_id" = "blog_post"."id")"#
        ]],
    );
    check(
        update(vec![Output::Model(table(&POST), A)]),
        expect![[
            r#"UPDATE "blog_post" SET "views" = "blog_post"."views" + $1, "title" = $2 WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."parent_id" = "blog_post"."id") RETURNING "id", "title", "views", "published_at", "author_id", "parent_id""#
        ]],
    );
}

#[test]
fn a_delete_may_be_of_all_rows_or_of_some() {
    let delete = |filter| {
        let (from, returning) = (table(&USER), Vec::new());
        Shape::Delete(Delete { from, alias: A, filter, returning, named: Named::No })
    };
    check(delete(None), expect![[r#"DELETE FROM "app"."user""#]]);
    check(
        delete(Some(eq(of(A, &USER, "id"), param(0)))),
        expect![[r#"DELETE FROM "app"."user" WHERE "user"."id" = $1"#]],
    );
}

#[test]
fn an_upsert_may_return_whether_a_row_is_new_and_an_insert_nothing() {
    let rows = |conflict, returning| {
        let columns = vec![column(&USER, "username")];
        Shape::Insert(Insert { into: table(&USER), columns, rows: Rows::One, conflict, returning })
    };
    check(
        rows(Conflict::Nothing, Inserted::RowAndWhether),
        expect![[
            r#"INSERT INTO "app"."user" ("username") VALUES ($1) ON CONFLICT DO NOTHING RETURNING "id", "username", xmax = 0"#
        ]],
    );
    check(
        rows(Conflict::Fail, Inserted::Nothing),
        expect![[r#"INSERT INTO "app"."user" ("username") VALUES ($1)"#]],
    );
}

#[test]
fn an_update_of_many_rows_may_return_them() {
    let update = |returning| {
        let (key, set) = (vec![column(&USER, "id")], vec![column(&USER, "username")]);
        Shape::UpdateRows(UpdateRows { table: table(&USER), key, set, count: None, returning })
    };
    check(
        update(true),
        expect![[
            r##"UPDATE "app"."user" SET "username" = "new"."username" FROM (SELECT "id", "username" FROM unnest($1, $2) WITH ORDINALITY AS "rows" ("id", "username", "#") ORDER BY "#") AS "new" ("id", "username") WHERE "user"."id" = "new"."id" RETURNING "user"."id", "user"."username""##
        ]],
    );
}
