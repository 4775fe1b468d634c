//! Attributes with a wrong name, form or value.

use super::{check, field_mistakes, mistakes};
use expect_test::expect;

#[test]
fn an_unknown_attribute_suggests_the_nearest_or_lists_all() {
    check(
        &field_mistakes("#[orm(uniqe)] x: i32"),
        &expect![[r#"
        uniqe → unknown attribute `uniqe`; did you mean `unique`?
    "#]],
    );
    check(
        &field_mistakes("#[orm(foo)] x: i32"),
        &expect![[r#"
            foo → unknown attribute `foo`; a field takes `column`, `columns`, `primary_key`, `unique`, `index`, `max_length`, `max_digits`, `decimal_places`, `collation`, `default`, `db_default`, `auto_now`, `auto_now_add`, `editable`, `verbose_name`, `help_text`, `comment`, `on_delete`, `via`, `table`, `through`, `through_fields`, `symmetrical`, `generated`, `min_length`, `min_value`, `max_value`, `step`, `email`, `url`, `slug`, `regex`, `validate`, `version`, `soft_delete`, `flatten`, `key`, `to_field`
        "#]],
    );
    check(
        &field_mistakes("#[orm(foo::bar)] x: i32"),
        &expect![[r#"
        foo::bar → an attribute of `#[orm(…)]` is one word
    "#]],
    );
    check(
        &mistakes(r#"#[orm(tabel = "x")] struct Post { id: i64 }"#),
        &expect![[r#"
        tabel → unknown attribute `tabel`; did you mean `table`?
    "#]],
    );
    check(
        &mistakes("#[orm(foo)] struct Post { id: i64 }"),
        &expect![[r#"
            foo → unknown attribute `foo`; a struct takes `table`, `ordering`, `clean`, `hooks`, `view`, `materialized_view`
        "#]],
    );
}

#[test]
fn an_attribute_in_the_wrong_place_is_told_where_it_belongs() {
    check(
        &mistakes("#[orm(unique)] struct Post { id: i64 }"),
        &expect![[r#"
        unique → `unique` belongs on a field
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(table = "x")] x: i32"#),
        &expect![[r#"
        table → `table` belongs on the struct
    "#]],
    );
}

#[test]
fn an_attribute_is_given_once() {
    check(
        &field_mistakes("#[orm(unique, index, unique)] x: i32"),
        &expect![[r#"
        unique → `unique` is given twice; remove one
    "#]],
    );
    check(
        &field_mistakes("#[orm(default = 1)] #[orm(default = 2)] x: i32"),
        &expect![[r#"
        default → `default` is given twice; remove one
    "#]],
    );
    check(
        &mistakes(r#"#[orm(table = "a", table = "b")] struct Post { id: i64 }"#),
        &expect![[r#"
        table → `table` is given twice; remove one
    "#]],
    );
}

#[test]
fn an_attribute_of_the_wrong_form_is_shown_the_right_one() {
    for (attribute, expected) in [
        (
            "unique = true",
            expect![[r#"
            unique = true → `unique` takes no value; write `#[orm(unique)]`
        "#]],
        ),
        (
            "auto_now()",
            expect![[r#"
            auto_now() → `auto_now` takes no value; write `#[orm(auto_now)]`
        "#]],
        ),
        (
            "column",
            expect![[r#"
            column → `column` takes a text; write `column = "title"`
        "#]],
        ),
        (
            "column = 3",
            expect![[r#"
            3 → `column` takes a text; write `column = "title"`
        "#]],
        ),
        (
            "max_length = \"x\"",
            expect![[r#"
            "x" → `max_length` takes a number; write `max_length = 150`
        "#]],
        ),
        (
            "max_length(150)",
            expect![[r#"
            max_length(150) → `max_length` takes a number; write `max_length = 150`
        "#]],
        ),
        (
            "max_length = -1",
            expect![[r#"
                -1 → `max_length` must be between 1 and 10,485,760
            "#]],
        ),
        (
            "default",
            expect![[r#"
            default → `default` takes a value; write `default = 0`
        "#]],
        ),
        (
            "db_default = 0",
            expect![[r#"
            0 → `db_default` takes SQL in a text; write `db_default = "now()"`
        "#]],
        ),
        (
            "on_delete = Cascade",
            expect![[r#"
            Cascade → `on_delete` takes a text; write `on_delete = "cascade"`
        "#]],
        ),
        (
            "via = author",
            expect![[r#"
            author → `via` takes a field's name; write `via = "author"`
        "#]],
        ),
    ] {
        check(&field_mistakes(&format!("#[orm({attribute})] x: String")), &expected);
    }
    check(
        &mistakes("#[orm(table = post)] struct Post { id: i64 }"),
        &expect![[r#"
        post → `table` takes a text; write `table = "blog_post"`
    "#]],
    );
    check(
        &mistakes(r#"#[orm(ordering = "id")] struct Post { id: i64 }"#),
        &expect![[r#"
        "id" → `ordering` takes a list of fields; write `ordering = ["-published_at", "id"]`
    "#]],
    );
    check(
        &mistakes("#[orm(ordering = [id])] struct Post { id: i64 }"),
        &expect![[r#"
        [id] → `ordering` takes a list of fields; write `ordering = ["-published_at", "id"]`
    "#]],
    );
}

#[test]
fn the_parentheses_are_not_forgotten() {
    check(
        &field_mistakes("#[orm] x: i32"),
        &expect![[r#"
        orm → `#[orm]` takes attributes in parentheses; write `#[orm(unique)]`
    "#]],
    );
    check(
        &field_mistakes("#[orm = \"unique\"] x: i32"),
        &expect![[r#"
        orm = "unique" → `#[orm]` takes attributes in parentheses; write `#[orm(unique)]`
    "#]],
    );
}

#[test]
fn a_value_that_is_not_rust_is_the_parsers_mistake() {
    check(
        &field_mistakes("#[orm(default = , unique)] x: i32"),
        &expect![[r#"
        , → expected an expression
    "#]],
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let all = mistakes(
        r#"
        #[orm(tabel = "x", ordering = ["-titel"])]
        struct Post {
            #[orm(unique = true)]
            title: String,
            #[orm(on_delete = "casacde", max_lenght = 3)]
            author: ForeignKey<User>,
        }"#,
    );
    check(
        &all,
        &expect![[r#"
        tabel → unknown attribute `tabel`; did you mean `table`?
        unique = true → `unique` takes no value; write `#[orm(unique)]`
        max_lenght → unknown attribute `max_lenght`; did you mean `max_length`?
        Post → model `Post` has no primary key; add a field `id: i64`, or `#[orm(primary_key)]` to a field
        "casacde" → unknown `on_delete` value `casacde`; did you mean `cascade`?
        "-titel" → model `Post` has no field `titel` to order by; did you mean `title`?
    "#]],
    );
}
