//! Models whose parts do not fit together.

use super::{check, derive_mistakes, field_mistakes, mistakes};
use expect_test::expect;

#[test]
fn a_model_is_a_struct_with_named_fields() {
    check(
        &mistakes("enum Color { Red }"),
        &expect![[r#"
        Color → `Color` is an enum; a model is a struct with named fields
    "#]],
    );
    check(
        &mistakes("union Bits { a: i32 }"),
        &expect![[r#"
        Bits → `Bits` is a union; a model is a struct with named fields
    "#]],
    );
    check(
        &mistakes("struct Id(i64);"),
        &expect![[r#"
        Id → `Id` has unnamed fields; a model is a struct with named fields
    "#]],
    );
    check(
        &mistakes("struct Unit;"),
        &expect![[r#"
        Unit → `Unit` has no fields; a model is a struct with named fields
    "#]],
    );
}

#[test]
fn a_model_is_not_generic() {
    check(
        &mistakes("struct Page<T: Clone, const N: usize> where T: Send { id: i64, body: T }"),
        &expect![[r#"
        T: Clone, const N: usize → model `Page` cannot be generic; write one struct for each table
    "#]],
    );
    check(
        &mistakes("struct Page<'a> { id: i64, body: &'a str }"),
        &expect![[r#"
        'a → model `Page` cannot be generic; it owns its values: a `String`, not a `&str`
    "#]],
    );
}

#[test]
fn a_model_has_one_primary_key() {
    check(
        &mistakes("struct Book { title: String }"),
        &expect![[r#"
        Book → model `Book` has no primary key; add a field `id: i64`, or `#[orm(primary_key)]` to a field
    "#]],
    );
    check(
        &mistakes("struct Book {}"),
        &expect![[r#"
        Book → model `Book` has no primary key; add a field `id: i64`, or `#[orm(primary_key)]` to a field
    "#]],
    );
    check(
        &mistakes(
            "struct Book { #[orm(primary_key)] a: i64, #[orm(primary_key)] b: i64, #[orm(primary_key)] c: i64, \
             #[orm(primary_key)] d: i64, #[orm(primary_key)] e: i64 }",
        ),
        &expect![[r#"
            primary_key → a primary key has at most 4 fields
        "#]],
    );
    check(
        &mistakes("struct Book { id: Option<i64> }"),
        &expect![[r#"
        Option<i64> → the primary key `id` is never NULL; remove the `Option`
    "#]],
    );
    check(
        &mistakes("struct Book { #[orm(primary_key)] pages: HasMany<Page> }"),
        &expect![[r#"
        primary_key → a `HasMany` has no column and cannot be the primary key
    "#]],
    );
    check(&mistakes("struct Book { id: i64, #[orm(primary_key)] isbn: String }"), &expect![""]);
}

#[test]
fn a_model_owns_its_values() {
    check(
        &field_mistakes("x: &'static str"),
        &expect![[r#"
            &'static str → a model owns its values and cannot hold a reference; use a `String`
        "#]],
    );
    check(
        &field_mistakes("x: Option<&'static [u8]>"),
        &expect![[r#"
            Option<&'static [u8]> → a model owns its values and cannot hold a reference; use a `Vec`
        "#]],
    );
}

#[test]
fn what_rustc_says_is_not_said_twice() {
    for ty in ["&str", "Option<&str>", "ForeignKey", "Option<ForeignKey>", "HasMany", "orm::ManyToMany"] {
        check(&field_mistakes(&format!("x: {ty}")), &expect![""]);
    }
}

#[test]
fn an_option_stands_where_it_means_something() {
    check(
        &field_mistakes("x: Option<HasMany<User>>"),
        &expect![[r#"
        Option<HasMany<User>> → a `HasMany` may be empty as it is; remove the `Option`
    "#]],
    );
    check(
        &field_mistakes("x: HasMany<Option<User>>"),
        &expect![[r#"
        HasMany<Option<User>> → a `HasMany` leads to models; remove the `Option`
    "#]],
    );
    check(
        &field_mistakes("x: ForeignKey<Option<User>>"),
        &expect![[r#"
        ForeignKey<Option<User>> → the `Option` goes around a foreign key; write `Option<ForeignKey<…>>`
    "#]],
    );
    check(
        &field_mistakes("x: Option<ForeignKey<Option<User>>>"),
        &expect![[r#"
        Option<ForeignKey<Option<User>>> → the `Option` goes around a foreign key; write `Option<ForeignKey<…>>`
    "#]],
    );
}

#[test]
fn what_happens_on_delete_fits_the_key() {
    check(
        &field_mistakes(r#"#[orm(on_delete = "cascade")] x: i64"#),
        &expect![[r#"
        on_delete → `on_delete` is for foreign keys, and `x` is none
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(on_delete = "cascade")] x: HasMany<User>"#),
        &expect![[r#"
        on_delete → `on_delete` is for foreign keys, and `x` is none
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(on_delete = "casacde")] x: ForeignKey<User>"#),
        &expect![[r#"
        "casacde" → unknown `on_delete` value `casacde`; did you mean `cascade`?
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(on_delete = "delete")] x: ForeignKey<User>"#),
        &expect![[r#"
        "delete" → unknown `on_delete` value `delete`; it is one of `cascade`, `restrict`, `set_null`, `set_default`, `no_action`
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(on_delete = "set_null")] x: ForeignKey<User>"#),
        &expect![[r#"
        "set_null" → `set_null` needs a key that may be NULL; make it an `Option<ForeignKey<…>>`
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(on_delete = "set_default")] x: ForeignKey<User>"#),
        &expect![[r#"
        "set_default" → `set_default` needs a default in the database; add `db_default = "…"`
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(on_delete = "set_default", db_default = "1")] x: ForeignKey<User>"#),
        &expect![""],
    );
}

#[test]
fn via_is_for_the_far_side_of_a_foreign_key() {
    check(
        &field_mistakes(r#"#[orm(via = "author")] x: ForeignKey<User>"#),
        &expect![[r#"
            via → `via` is for a `HasMany`, `HasOne` or `ManyToMany`, and `x` is none
        "#]],
    );
    check(
        &field_mistakes(r#"#[orm(via = "the author")] x: HasMany<User>"#),
        &expect![[r#"
        "the author" → `via` takes the name of a field
    "#]],
    );
    check(&field_mistakes(r#"#[orm(via = "type")] x: HasMany<User>"#), &expect![""]);
}

#[test]
fn a_to_many_field_has_no_column() {
    let all =
        r#"#[orm(column = "x", unique, index, max_length = 3, default = 3, db_default = "3", auto_now)]"#;
    check(
        &field_mistakes(&format!("{all} x: HasMany<User>")),
        &expect![[r#"
        column → `column` is for columns, and a `HasMany` has none
        unique → `unique` is for columns, and a `HasMany` has none
        index → `index` is for columns, and a `HasMany` has none
        max_length → `max_length` is for columns, and a `HasMany` has none
        default → `default` is for columns, and a `HasMany` has none
        db_default → `db_default` is for columns, and a `HasMany` has none
        auto_now → `auto_now` is for columns, and a `HasMany` has none
    "#]],
    );
}

#[test]
fn a_length_is_for_texts() {
    check(
        &field_mistakes("#[orm(max_length = 3)] x: i32"),
        &expect![[r#"
        max_length → `max_length` is for texts, and `x` is of type `i32`
    "#]],
    );
    check(
        &field_mistakes("#[orm(max_length = 3)] x: Option<chrono::DateTime<Utc>>"),
        &expect![[r#"
        max_length → `max_length` is for texts, and `x` is of type `DateTime`
    "#]],
    );
    check(
        &field_mistakes("#[orm(max_length = 3)] x: ForeignKey<User>"),
        &expect![[r#"
        max_length → `max_length` is for texts; a foreign key has the type of the key it holds
    "#]],
    );
    check(
        &field_mistakes("#[orm(max_length = 0)] x: String"),
        &expect![[r#"
            0 → `max_length` must be between 1 and 10,485,760
        "#]],
    );
    check(
        &field_mistakes("#[orm(max_length = 99999999999)] x: String"),
        &expect![[r#"
            99999999999 → `max_length` must be between 1 and 10,485,760
        "#]],
    );
    check(&field_mistakes("#[orm(max_length = 3)] x: Slug"), &expect![""]);
}

#[test]
fn a_field_has_one_default() {
    check(
        &field_mistakes(r#"#[orm(default = 0, db_default = "0")] x: i32"#),
        &expect![[r#"
        db_default → `default` and `db_default` exclude each other, as a field has one default; remove one
    "#]],
    );
    check(
        &field_mistakes("#[orm(auto_now, default = now())] x: DateTime<Utc>"),
        &expect![[r#"
        auto_now → `default` and `auto_now` exclude each other, as a field has one default; remove one
    "#]],
    );
    check(
        &field_mistakes("#[orm(auto_now_add, auto_now)] x: DateTime<Utc>"),
        &expect![[r#"
        auto_now_add → `auto_now` and `auto_now_add` exclude each other, as `auto_now` sets the time of creation too; remove one
    "#]],
    );
}

#[test]
fn the_order_is_one_of_columns() {
    let ordering = |list: &str| {
        mistakes(&format!(
            "#[orm(ordering = [{list}])] struct Post {{ id: i64, title: String, tags: ManyToMany<Tag> }}"
        ))
    };
    check(
        &ordering(r#""-titel""#),
        &expect![[r#"
        "-titel" → model `Post` has no field `titel` to order by; did you mean `title`?
    "#]],
    );
    check(
        &ordering(r#""something""#),
        &expect![[r#"
        "something" → model `Post` has no field `something` to order by; the columns are `id`, `title`
    "#]],
    );
    check(
        &ordering(r#""tags""#),
        &expect![[r#"
            "tags" → `tags` has no column to order by
        "#]],
    );
    check(
        &ordering(r#""title", "id", "-title""#),
        &expect![[r#"
        "-title" → `title` is in the order twice; remove one
    "#]],
    );
}

#[test]
fn names_are_ones_that_postgresql_keeps() {
    let long = "x".repeat(64);
    check(
        &mistakes(r#"#[orm(table = "")] struct Post { id: i64 }"#),
        &expect![[r#"
        "" → a table needs a name
    "#]],
    );
    check(
        &mistakes(r#"#[orm(table = "a\0b")] struct Post { id: i64 }"#),
        &expect![[r#"
        "a\0b" → the name of a table cannot hold a NUL
    "#]],
    );
    check(
        &mistakes(&format!("#[orm(table = \"{long}\")] struct Post {{ id: i64 }}")),
        &expect![[r#"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" → the name of a table has at most 63 bytes; `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` has 64
    "#]],
    );
    check(
        &mistakes(&format!("struct {long} {{ id: i64 }}")),
        &expect![[r#"
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx → the name of a table has at most 63 bytes; `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` has 64; give one with `#[orm(table = "…")]`
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(column = "")] x: i32"#),
        &expect![[r#"
        "" → a column needs a name
    "#]],
    );
    check(
        &field_mistakes(&format!("{long}: i32")),
        &expect![[r#"
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx → the name of a column has at most 63 bytes; `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` has 64; give one with `#[orm(column = "…")]`
    "#]],
    );
}

#[test]
fn two_fields_have_two_columns() {
    check(
        &field_mistakes("author: ForeignKey<User>, author_id: i64"),
        &expect![[r#"
        author_id → column `author_id` is already that of field `author`; name another with `#[orm(column = "…")]`
    "#]],
    );
    check(
        &field_mistakes(r#"#[orm(column = "title")] name: String"#),
        &expect![[r#"
        "title" → column `title` is already that of field `title`
    "#]],
    );
}

#[test]
fn the_builder_keeps_its_own_methods() {
    check(
        &field_mistakes("build: i32"),
        &expect![[r#"
        build → `build` is a method of the builder; call the field something else, and keep the column with `#[orm(column = "build")]`
    "#]],
    );
    check(&field_mistakes("build: HasMany<User>"), &expect![""]);
}

#[test]
fn an_integer_is_one_that_postgresql_has() {
    check(
        &field_mistakes("x: u32, y: Option<u8>, z: i128, w: Option<i8>"),
        &expect![[r#"
        i128 → PostgreSQL has no type for `i128`; use `i64`
        Option<i8> → PostgreSQL has no type for `i8`; use `i16`
    "#]],
    );
}

#[test]
fn digits_are_given_with_those_after_the_point() {
    let mistakes = |attribute: &str| field_mistakes(&format!("#[orm({attribute})] x: Decimal"));
    let all = [
        "max_digits = 10",
        "decimal_places = 2",
        "max_digits = 2, decimal_places = 3",
        "max_digits = 1001, decimal_places = 2",
        "max_digits = 0, decimal_places = 0",
        "max_digits = 3, decimal_places = 3",
        "max_digits = 3, decimal_places = -1",
    ];
    let all: String = all.into_iter().map(mistakes).collect();
    check(
        &all,
        &expect![[r#"
        max_digits → `max_digits` needs to know how many are after the point; add `decimal_places = 2`
        decimal_places → `decimal_places` needs to know how many digits there are; add `max_digits = 10`
        3 → `decimal_places` must be between 0 and `max_digits`
        1001 → `max_digits` must be between 1 and 1,000
        0 → `max_digits` must be between 1 and 1,000
        -1 → `decimal_places` must be between 0 and `max_digits`
    "#]],
    );
}

#[test]
fn where_pairs_are_is_said_once_and_of_a_many_to_many_relation() {
    let mistakes = [
        r#"#[orm(table = "x")] x: i32"#,
        r#"#[orm(symmetrical = false)] x: HasMany<User>"#,
        r#"#[orm(symmetrical = false)] x: ManyToMany<User>"#,
        r#"#[orm(via = "y", table = "z")] x: ManyToMany<User>"#,
        r#"#[orm(through = Pair, table = "z")] x: ManyToMany<User>"#,
        r#"#[orm(through_fields = ["a", "b"])] x: ManyToMany<User>"#,
        r#"#[orm(through = Pair, through_fields = ["a"])] x: ManyToMany<User>"#,
        r#"#[orm(through = Pair, through_fields = ["a", "b c"])] x: ManyToMany<User>"#,
        r#"#[orm(table = "a_name_of_a_table_that_is_longer_than_what_postgresql_keeps_of_it")] x: ManyToMany<User>"#,
        r#"a_name_of_a_field_that_is_longer_than_what_postgresql_keeps_of_it: ManyToMany<User>"#,
    ];
    let all: String = mistakes.iter().map(|field| field_mistakes(field)).collect();
    check(
        &all,
        &expect![[r#"
        table → `table` belongs on the struct
        symmetrical → `symmetrical` is for a `ManyToMany`, and `x` is none
        symmetrical → `symmetrical` is for a relation of a model with itself
        table → the field that `via` names says where the pairs are; give `table` there
        table → the pairs are in the table of the model that `through` names
        through_fields → `through_fields` are fields of the model that `through` names
        ["a"] → `through_fields` takes two fields; write `through_fields = ["group", "person"]`
        "b c" → `through_fields` takes the names of two fields
        "a_name_of_a_table_that_is_longer_than_what_postgresql_keeps_of_it" → the name of a table has at most 63 bytes; `a_name_of_a_table_that_is_longer_than_what_postgresql_keeps_of_it` has 65
        a_name_of_a_field_that_is_longer_than_what_postgresql_keeps_of_it → the name of a table has at most 63 bytes; `post_a_name_of_a_field_that_is_longer_than_what_postgresql_keeps_of_it` has 70; give one with `#[orm(table = "…")]`
    "#]],
    );
}

#[test]
fn only_a_foreign_key_has_several_columns() {
    let mistakes = [
        r#"#[orm(columns = ["a", "b"])] x: i32"#,
        r#"#[orm(columns = ["a"])] x: ForeignKey<Line>"#,
        r#"#[orm(columns = ["a", "b"], column = "c")] x: ForeignKey<Line>"#,
        r#"#[orm(columns = ["a", "b"], db_default = "1")] x: ForeignKey<Line>"#,
        r#"#[orm(columns = ["a", "b"], primary_key)] x: ForeignKey<Line>"#,
        r#"#[orm(columns = ["a", "a"])] x: ForeignKey<Line>"#,
    ];
    let all: String = mistakes.iter().map(|field| field_mistakes(field)).collect();
    check(
        &all,
        &expect![[r#"
        columns → `columns` is for a foreign key to a model whose key has several columns
        ["a"] → `columns` takes a list of names; write `columns = ["order_id", "line_no"]`
        columns → `column` and `columns` exclude each other; remove one
        columns → a foreign key of several columns has no default; give each row its key
        primary_key → a foreign key of several columns cannot be a part of the primary key; declare its columns
        columns → column `a` is already that of field `x`
    "#]],
    );
}

#[test]
fn a_view_has_no_hooks() {
    check(
        &mistakes(r#"#[orm(view, hooks = Audit)] struct Sale { id: i64 }"#),
        &expect![[r#"
        hooks → nobody writes the rows of a view, so it has no hooks; remove them
    "#]],
    );
    check(
        &mistakes("#[orm(hooks)] struct Sale { id: i64 }"),
        &expect![[r#"
        hooks → `hooks` takes a value; write `hooks = Audit`
    "#]],
    );
}

#[test]
fn what_a_model_is_as_a_whole_is_not_said_of_shared_columns() {
    let source = r#"#[orm(table = "x", ordering = ["name"])] struct Named {
        #[orm(primary_key)] name: String, #[orm(version)] version: i64, pages: HasMany<Page>, #[orm(flatten)] times: Times
    }"#;
    check(
        &derive_mistakes(source, crate::derives::flatten),
        &expect![[r#"
        table → `table` is said of a model, and this is a struct of columns that models share
        ordering → `ordering` is said of a model, and this is a struct of columns that models share
        Times → shared columns are flattened into a model only; add a second field to the model
        primary_key → `primary_key` is said of a model, and this is a struct of columns that models share
        version → `version` is said of a model, and this is a struct of columns that models share
        HasMany<Page> → a `HasMany` has no column to share; it belongs in the model
    "#]],
    );
    check(
        &mistakes("struct Page { id: i64, #[orm(flatten, index)] times: Times }"),
        &expect![[r#"
        index → what is said of shared columns stands in their struct; `flatten` stands alone
    "#]],
    );
}

#[test]
fn foreign_keys_hold_unique_columns_that_have_a_name_for_them() {
    let source = r#"struct Country {
        id: i64,
        #[orm(key = Code)] code: String,
        #[orm(unique, key = Iso)] iso: Option<String>,
        #[orm(unique, key = Chief)] chief: ForeignKey<Person>,
        #[orm(unique, key = 1)] number: i32,
        #[orm(unique, key = Name)] name: String,
        #[orm(to_field = "code")] cities: HasMany<City>,
        #[orm(to_field = "nmae")] towns: HasMany<Town>,
        #[orm(to_field = "name")] lands: ManyToMany<Land>,
        #[orm(to_field = "name")] rivers: HasMany<River>,
    }"#;
    check(
        &mistakes(source),
        &expect![[r#"
        1 → `key` takes a name; write `key = CountryCode`
        key → foreign keys hold what is unique; add `unique`
        key → a column that foreign keys hold is never NULL; remove the `Option`, or `key`
        key → `key` names a column that foreign keys may hold, and this is a relation
        "code" → `code` is no column that foreign keys hold; add `#[orm(unique, key = …)]` to it
        "nmae" → there is no field `nmae`; did you mean `name`?
        "name" → `to_field` is said of a `HasMany` or `HasOne`; a `ForeignKey<M, K>` says it by its type
    "#]],
    );
    let source = r#"struct Country {
        #[orm(primary_key, key = Id)] id: i64,
        #[orm(unique, key = Code)] code: String,
        #[orm(soft_delete)] deleted_at: Option<DateTime<Utc>>,
    }"#;
    check(
        &mistakes(source),
        &expect![[r#"
        key → with `soft_delete` it is unique only among rows that are not deleted, and no foreign key can refer to it; remove `key`
    "#]],
    );
}
