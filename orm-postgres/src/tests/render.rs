//! What SQL the shapes become.

mod changes;

use super::models::{A, B, C, ODD, POST, USER, column, table};
use crate::render::render;
use expect_test::{Expect, expect};
use orm_core::{
    ColumnType, FieldMeta, KeyColumns, ModelMeta, SqlType,
    ast::{
        Aggregate, Alias, BinaryOp, ExplainOption, Expr, Function, Join, Lock, LockStrength, LockWait, Match,
        Nulls, OrderBy, Output, Select, Selects, Shape, Source, UnaryOp,
    },
};

fn sql(shape: &Shape) -> String {
    render(shape).sql
}

#[expect(clippy::needless_pass_by_value, reason = "so that calls read well")]
fn check(shape: impl Into<Wrapped>, expected: Expect) {
    expected.assert_eq(&sql(&shape.into().0));
}

struct Wrapped(Shape);

impl From<Shape> for Wrapped {
    fn from(shape: Shape) -> Self {
        Wrapped(shape)
    }
}

impl From<Select> for Wrapped {
    fn from(select: Select) -> Self {
        Wrapped(Shape::Select(select))
    }
}

/// Renders a condition on a post.
impl From<Expr> for Wrapped {
    fn from(expr: Expr) -> Self {
        let select = Select { output: vec![Output::One], filter: Some(expr), ..posts() };
        Wrapped(Shape::Select(select))
    }
}

fn select(model: &'static ModelMeta, alias: Alias) -> Select {
    Select::plain(Source::Table(table(model), alias), Output::Model(table(model), alias))
}

fn posts() -> Select {
    select(&POST, A)
}

fn of(alias: Alias, model: &'static ModelMeta, field: &str) -> Expr {
    Expr::Column(alias, column(model, field))
}

fn title() -> Expr {
    of(A, &POST, "title")
}

fn views() -> Expr {
    of(A, &POST, "views")
}

fn published() -> Expr {
    of(A, &POST, "published_at")
}

fn param(place: u16) -> Expr {
    Expr::Param { place, ty: SqlType::Int4, array: false }
}

fn binary(left: Expr, op: BinaryOp, right: Expr) -> Expr {
    Expr::Binary(Box::new(left), op, Box::new(right))
}

fn eq(left: Expr, right: Expr) -> Expr {
    binary(left, BinaryOp::Eq, right)
}

fn unary(op: UnaryOp, operand: Expr) -> Expr {
    Expr::Unary(op, Box::new(operand))
}

fn matches(how: Match, pattern: Expr) -> Expr {
    Expr::Match(Box::new(title()), how, Box::new(pattern))
}

fn join(left: bool, model: &'static ModelMeta, alias: Alias, to: Alias, to_field: &str) -> Join {
    Join {
        left,
        table: table(model),
        alias,
        columns: KeyColumns::Field(column(model, "id")),
        to,
        to_columns: KeyColumns::Field(column(&POST, to_field)),
        null: None,
    }
}

fn children() -> Select {
    Select {
        output: vec![Output::One],
        filter: Some(eq(of(B, &POST, "parent"), of(A, &POST, "id"))),
        ..select(&POST, B)
    }
}

fn value(expr: Expr, ty: SqlType) -> Select {
    Select { output: vec![Output::Value(expr, ty)], ..posts() }
}

#[test]
fn a_model_is_all_its_columns_in_the_order_of_its_fields() {
    check(
        posts(),
        expect![[
            r#"SELECT "blog_post"."id", "blog_post"."title", "blog_post"."views", "blog_post"."published_at", "blog_post"."author_id", "blog_post"."parent_id" FROM "blog_post""#
        ]],
    );
}

#[test]
fn a_schema_is_quoted_apart_from_its_table_and_does_not_stand_before_columns() {
    check(select(&USER, A), expect![[r#"SELECT "user"."id", "user"."username" FROM "app"."user""#]]);
}

#[test]
fn quotes_spaces_capitals_and_reserved_words_in_names_are_quoted() {
    check(
        select(&ODD, A),
        expect![[
            r##"SELECT "select ""All"""."order", "select ""All"""."say ""hi""", "select ""All"""."#" FROM "select ""All""""##
        ]],
    );
}

#[test]
fn joins_follow_each_other_and_a_table_used_again_gets_a_name_of_its_own() {
    let joins = vec![
        join(false, &USER, B, A, "author"),
        join(true, &POST, C, A, "parent"),
        join(true, &USER, Alias(3), C, "author"),
    ];
    let output = vec![Output::Model(table(&POST), C), Output::Model(table(&USER), Alias(3))];
    check(
        Select { joins, output, ..posts() },
        expect![[
            r#"SELECT "blog_post_2"."id", "blog_post_2"."title", "blog_post_2"."views", "blog_post_2"."published_at", "blog_post_2"."author_id", "blog_post_2"."parent_id", "user_2"."id", "user_2"."username" FROM "blog_post" INNER JOIN "app"."user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."parent_id" LEFT JOIN "app"."user" AS "user_2" ON "user_2"."id" = "blog_post_2"."author_id""#
        ]],
    );
}

const fn id_only(table: &'static str) -> ModelMeta {
    const ID: &[FieldMeta] = &[FieldMeta::column("id", "id", ColumnType::new(SqlType::Int8, false))];
    ModelMeta { name: "IdOnly", table, fields: ID, key: &[0], ..ModelMeta::PLAIN }
}

static BLOG_POST_2: ModelMeta = id_only("blog_post_2");
static OTHER_USER: ModelMeta = id_only("other.user");
static LONG: ModelMeta = id_only("a_table_whose_name_is_as_long_as_names_can_be_without_being_cut");

#[test]
fn no_two_tables_of_a_statement_have_one_name() {
    let crossed = |models: [&'static ModelMeta; 3]| {
        let join = |model, alias| {
            let (column, to_column) = (column(model, "id"), column(models[0], "id"));
            Join {
                left: false,
                table: table(model),
                alias,
                columns: KeyColumns::Field(column),
                to: A,
                to_columns: KeyColumns::Field(to_column),
                null: None,
            }
        };
        let joins = vec![join(models[1], B), join(models[2], C)];
        Select { joins, output: vec![Output::One], ..select(models[0], A) }
    };
    check(
        crossed([&POST, &POST, &BLOG_POST_2]),
        expect![[
            r#"SELECT 1 FROM "blog_post" INNER JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."id" INNER JOIN "blog_post_2" AS "blog_post_2_2" ON "blog_post_2_2"."id" = "blog_post"."id""#
        ]],
    );
    check(
        crossed([&BLOG_POST_2, &POST, &POST]),
        expect![[
            r#"SELECT 1 FROM "blog_post_2" INNER JOIN "blog_post" ON "blog_post"."id" = "blog_post_2"."id" INNER JOIN "blog_post" AS "blog_post_3" ON "blog_post_3"."id" = "blog_post_2"."id""#
        ]],
    );
    check(
        crossed([&USER, &OTHER_USER, &USER]),
        expect![[
            r#"SELECT 1 FROM "app"."user" INNER JOIN "other"."user" AS "user_2" ON "user_2"."id" = "user"."id" INNER JOIN "app"."user" AS "user_3" ON "user_3"."id" = "user"."id""#
        ]],
    );
    check(
        crossed([&LONG, &LONG, &LONG]),
        expect![[
            r#"SELECT 1 FROM "a_table_whose_name_is_as_long_as_names_can_be_without_being_cut" INNER JOIN "a_table_whose_name_is_as_long_as_names_can_be_without_being_cut" AS "t1" ON "t1"."id" = "a_table_whose_name_is_as_long_as_names_can_be_without_being_cut"."id" INNER JOIN "a_table_whose_name_is_as_long_as_names_can_be_without_being_cut" AS "t2" ON "t2"."id" = "a_table_whose_name_is_as_long_as_names_can_be_without_being_cut"."id""#
        ]],
    );
}

#[test]
fn subqueries_see_the_tables_around_them_under_other_names() {
    check(
        Expr::Exists(Box::new(children())),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."parent_id" = "blog_post"."id")"#
        ]],
    );
}

#[test]
fn a_subquery_is_a_value_or_a_list() {
    let count = Select { output: vec![Output::Value(Expr::CountRows, SqlType::Int8)], ..children() };
    let id = Box::new(of(A, &POST, "id"));
    let ids =
        Select { output: vec![Output::Value(of(C, &POST, "parent"), SqlType::Int8)], ..select(&POST, C) };
    let all = vec![
        binary(Expr::Subquery(Box::new(count)), BinaryOp::Gt, param(0)),
        Expr::InQuery(id, Box::new(ids)),
    ];
    check(
        Expr::All(all),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE (SELECT COUNT(*) FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."parent_id" = "blog_post"."id") > $1 AND "blog_post"."id" IN (SELECT "blog_post_3"."parent_id" FROM "blog_post" AS "blog_post_3")"#
        ]],
    );
}

#[test]
fn a_subquery_in_from_has_a_name_too() {
    let inner = Select { distinct: true, ..select(&POST, B) };
    let rows = Selects { first: inner, more: Vec::new() };
    let query = Select { from: Source::Query(Box::new(rows), A), ..value(Expr::CountRows, SqlType::Int8) };
    check(
        query,
        expect![[
            r#"SELECT COUNT(*) FROM (SELECT DISTINCT "blog_post"."id", "blog_post"."title", "blog_post"."views", "blog_post"."published_at", "blog_post"."author_id", "blog_post"."parent_id" FROM "blog_post") AS "rows""#
        ]],
    );
}

#[test]
fn distinct_order_limit_and_offset_come_in_their_places() {
    let by = |expr, descending, nulls_first| OrderBy { expr, descending, nulls_first };
    let order =
        vec![by(views(), true, None), by(published(), false, Some(true)), by(published(), true, Some(false))];
    let query = Select { distinct: true, order, limit: Some(0), offset: Some(1), ..posts() };
    check(
        query,
        expect![[
            r#"SELECT DISTINCT "blog_post"."id", "blog_post"."title", "blog_post"."views", "blog_post"."published_at", "blog_post"."author_id", "blog_post"."parent_id" FROM "blog_post" ORDER BY "blog_post"."views" DESC, "blog_post"."published_at" ASC NULLS FIRST, "blog_post"."published_at" DESC NULLS LAST LIMIT $1 OFFSET $2"#
        ]],
    );
}

#[test]
fn rows_can_be_ordered_by_any_value() {
    let expr = binary(views(), BinaryOp::Add, param(0));
    let order = vec![OrderBy { expr, descending: true, nulls_first: None }];
    check(
        Select { order, output: vec![Output::One], ..posts() },
        expect![[r#"SELECT 1 FROM "blog_post" ORDER BY "blog_post"."views" + $1 DESC"#]],
    );
}

#[test]
fn a_lock_names_the_table_whose_rows_it_is_about() {
    let with = |wait| Select {
        lock: Some(Lock { strength: LockStrength::Update, of: vec![A], wait }),
        output: vec![Output::One],
        joins: vec![join(true, &POST, B, A, "parent")],
        ..posts()
    };
    check(
        with(LockWait::Wait),
        expect![[
            r#"SELECT 1 FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."parent_id" FOR UPDATE OF "blog_post""#
        ]],
    );
    check(
        with(LockWait::NoWait),
        expect![[
            r#"SELECT 1 FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."parent_id" FOR UPDATE OF "blog_post" NOWAIT"#
        ]],
    );
    check(
        with(LockWait::SkipLocked),
        expect![[
            r#"SELECT 1 FROM "blog_post" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."parent_id" FOR UPDATE OF "blog_post" SKIP LOCKED"#
        ]],
    );
}

#[test]
fn all_of_none_is_true_and_any_of_none_is_false() {
    check(Expr::All(vec![]), expect![[r#"SELECT 1 FROM "blog_post" WHERE TRUE"#]]);
    check(Expr::Any(vec![]), expect![[r#"SELECT 1 FROM "blog_post" WHERE FALSE"#]]);
    check(
        Expr::Any(vec![Expr::All(vec![Expr::Bool(false)])]),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE FALSE"#]],
    );
}

#[test]
fn parentheses_keep_and_or_and_not_apart() {
    let (a, b, c) = (eq(views(), param(0)), eq(title(), param(1)), unary(UnaryOp::IsNull, published()));
    check(
        Expr::All(vec![a.clone(), b.clone(), c.clone()]),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" = $1 AND "blog_post"."title" = $2 AND "blog_post"."published_at" IS NULL"#
        ]],
    );
    check(
        Expr::All(vec![a.clone(), Expr::Any(vec![b.clone(), c.clone()])]),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" = $1 AND ("blog_post"."title" = $2 OR "blog_post"."published_at" IS NULL)"#
        ]],
    );
    check(
        Expr::Any(vec![a.clone(), Expr::All(vec![b.clone(), c.clone()])]),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" = $1 OR ("blog_post"."title" = $2 AND "blog_post"."published_at" IS NULL)"#
        ]],
    );
    check(
        unary(UnaryOp::Not, Expr::Any(vec![a.clone(), b.clone()])),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE NOT ("blog_post"."views" = $1 OR "blog_post"."title" = $2)"#
        ]],
    );
    check(
        unary(UnaryOp::Not, Expr::Exists(Box::new(children()))),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE NOT EXISTS(SELECT 1 FROM "blog_post" AS "blog_post_2" WHERE "blog_post_2"."parent_id" = "blog_post"."id")"#
        ]],
    );
    check(
        unary(UnaryOp::IsNotTrue, Expr::Any(vec![a, b])),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE ("blog_post"."views" = $1 OR "blog_post"."title" = $2) IS NOT TRUE"#
        ]],
    );
    check(
        unary(UnaryOp::IsNotTrue, c),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE ("blog_post"."published_at" IS NULL) IS NOT TRUE"#]],
    );
}

#[test]
fn comparisons_and_arithmetic_keep_their_order() {
    use BinaryOp::*;
    for (op, expected) in [
        (Eq, expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" = $1"#]]),
        (Ne, expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" <> $1"#]]),
        (Lt, expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" < $1"#]]),
        (Lte, expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" <= $1"#]]),
        (Gt, expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" > $1"#]]),
        (Gte, expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" >= $1"#]]),
        (Distinct, expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" IS DISTINCT FROM $1"#]]),
    ] {
        check(binary(views(), op, param(0)), expected);
    }
    let sum = || binary(views(), Add, param(0));
    check(
        value(binary(sum(), Mul, binary(param(1), Sub, sum())), SqlType::Int4),
        expect![[
            r#"SELECT ("blog_post"."views" + $1) * ($2 - ("blog_post"."views" + $1)) FROM "blog_post""#
        ]],
    );
    check(
        value(binary(views(), Div, binary(views(), Rem, param(0))), SqlType::Int4),
        expect![[r#"SELECT "blog_post"."views" / ("blog_post"."views" % $1) FROM "blog_post""#]],
    );
    check(
        value(unary(UnaryOp::Neg, unary(UnaryOp::Neg, sum())), SqlType::Int4),
        expect![[r#"SELECT -(-("blog_post"."views" + $1)) FROM "blog_post""#]],
    );
    check(
        eq(eq(views(), param(0)), eq(title(), param(1))),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE ("blog_post"."views" = $1) = ("blog_post"."title" = $2)"#
        ]],
    );
    check(
        binary(sum(), Distinct, sum()),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE ("blog_post"."views" + $1) IS DISTINCT FROM ("blog_post"."views" + $1)"#
        ]],
    );
    check(
        unary(UnaryOp::IsNotNull, sum()),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE ("blog_post"."views" + $1) IS NOT NULL"#]],
    );
}

#[test]
fn the_ends_of_a_between_are_operands_of_their_own() {
    let between = |low, high| Expr::Between(Box::new(views()), Box::new(low), Box::new(high));
    check(
        between(param(0), param(1)),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" BETWEEN $1 AND $2"#]],
    );
    let tall = binary(views(), BinaryOp::Add, param(0));
    check(
        Expr::All(vec![between(tall.clone(), tall), Expr::Bool(true)]),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE ("blog_post"."views" BETWEEN ("blog_post"."views" + $1) AND ("blog_post"."views" + $1)) AND TRUE"#
        ]],
    );
    let condition = Expr::All(vec![Expr::Bool(true), Expr::Bool(false)]);
    check(
        between(condition.clone(), condition),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" BETWEEN (TRUE AND FALSE) AND (TRUE AND FALSE)"#
        ]],
    );
}

#[test]
fn a_list_is_one_parameter() {
    let list = Expr::Param { place: 0, ty: SqlType::Int4, array: true };
    check(
        Expr::InArray(Box::new(views()), Box::new(list)),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."views" = ANY($1)"#]],
    );
}

#[test]
fn a_pattern_that_is_a_parameter_comes_complete() {
    check(
        matches(Match::Contains { ignore_case: false }, param(0)),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."title" LIKE $1"#]],
    );
    check(
        matches(Match::Contains { ignore_case: true }, param(0)),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."title" ILIKE $1"#]],
    );
    check(
        matches(Match::Regex { ignore_case: false }, param(0)),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."title" ~ $1"#]],
    );
    check(
        matches(Match::Regex { ignore_case: true }, param(0)),
        expect![[r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."title" ~* $1"#]],
    );
}

#[test]
fn a_pattern_out_of_the_database_is_matched_literally() {
    check(
        matches(Match::Contains { ignore_case: false }, title()),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."title" LIKE ('%' || REPLACE(REPLACE(REPLACE("blog_post"."title", E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%')"#
        ]],
    );
    check(
        matches(Match::StartsWith { ignore_case: true }, title()),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."title" ILIKE (REPLACE(REPLACE(REPLACE("blog_post"."title", E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%')"#
        ]],
    );
    check(
        matches(Match::EndsWith { ignore_case: false }, title()),
        expect![[
            r#"SELECT 1 FROM "blog_post" WHERE "blog_post"."title" LIKE ('%' || REPLACE(REPLACE(REPLACE("blog_post"."title", E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_'))"#
        ]],
    );
}

#[test]
fn functions_casts_and_aggregates() {
    let aggregate = |name| {
        Expr::Aggregate(Aggregate {
            function: Function::named(name, Nulls::Maybe),
            arguments: vec![views()],
            distinct: false,
            filter: None,
            order: Vec::new(),
        })
    };
    let sum = aggregate("SUM");
    let total = Expr::Call(
        Function::named("COALESCE", Nulls::All),
        vec![Expr::Cast(Box::new(sum), SqlType::Int8), param(0)],
    );
    check(
        value(total, SqlType::Int8),
        expect![[r#"SELECT COALESCE(CAST(SUM("blog_post"."views") AS bigint), $1) FROM "blog_post""#]],
    );
    check(
        value(Expr::Call(Function::named("UPPER", Nulls::Any), vec![title()]), SqlType::Text),
        expect![[r#"SELECT UPPER("blog_post"."title") FROM "blog_post""#]],
    );
    check(
        value(
            Expr::Cast(Box::new(binary(views(), BinaryOp::Div, param(0))), SqlType::Float8),
            SqlType::Float8,
        ),
        expect![[r#"SELECT CAST(("blog_post"."views" / $1) AS double precision) FROM "blog_post""#]],
    );
    let of = |name| Output::Value(aggregate(name), SqlType::Int4);
    let output =
        vec![Output::Value(Expr::CountRows, SqlType::Int8), of("COUNT"), of("AVG"), of("MIN"), of("MAX")];
    check(
        Select { output, ..posts() },
        expect![[
            r#"SELECT COUNT(*), COUNT("blog_post"."views"), AVG("blog_post"."views"), MIN("blog_post"."views"), MAX("blog_post"."views") FROM "blog_post""#
        ]],
    );
}

#[test]
fn explain_stands_before_a_statement_as_it_would_run() {
    let select = Select { filter: Some(eq(views(), param(0))), output: vec![Output::One], ..posts() };
    let explain = |options: &[ExplainOption]| Shape::Explain {
        options: options.to_vec(),
        of: Box::new(Shape::Select(select.clone())),
    };
    check(explain(&[]), expect![[r#"EXPLAIN SELECT 1 FROM "blog_post" WHERE "blog_post"."views" = $1"#]]);
    use ExplainOption::{
        Analyze, Buffers, GenericPlan, Json, Memory, NoCosts, NoTiming, Settings, Verbose, Wal,
    };
    let all = [Analyze, Verbose, NoCosts, Settings, GenericPlan, Buffers, Wal, NoTiming, Memory, Json];
    check(
        explain(&all),
        expect![[
            r#"EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, SETTINGS, GENERIC_PLAN, BUFFERS, WAL, TIMING OFF, MEMORY, FORMAT JSON) SELECT 1 FROM "blog_post" WHERE "blog_post"."views" = $1"#
        ]],
    );
}

#[test]
fn the_output_is_what_each_column_must_be_and_how_errors_call_it() {
    let output = vec![Output::Model(table(&USER), B), Output::Value(views(), SqlType::Int4), Output::One];
    let joins = vec![join(false, &USER, B, A, "author")];
    let shape = Shape::Select(Select { output, joins, ..posts() });
    let expected = [
        ("app.user.id", SqlType::Int8),
        ("app.user.username", SqlType::Text),
        ("blog_post.views", SqlType::Int4),
        ("column 4", SqlType::Int4),
    ];
    assert_eq!(render(&shape).output, expected.map(|(name, ty)| (name.to_owned(), ty)));
}
