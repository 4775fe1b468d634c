//! Mistakes in column types: newtypes, enums and composite types.

use super::{check, derive_mistakes};
use crate::{db_composite, db_enum, db_type};
use expect_test::expect;

fn newtype(source: &str) -> String {
    derive_mistakes(source, db_type::expand)
}

fn variants(source: &str) -> String {
    derive_mistakes(source, db_enum::expand)
}

fn composite(source: &str) -> String {
    derive_mistakes(source, db_composite::expand)
}

#[test]
fn a_newtype_is_a_struct_of_one_unnamed_field() {
    check(
        &newtype("enum Color { Red }"),
        &expect![[r#"
        Color → `Color` is an enum; `DbType` is for a struct of one unnamed field: `struct UserId(i64);`
    "#]],
    );
    check(
        &newtype("struct Point(i32, i32);"),
        &expect![[r#"
        Point → `Point` has several fields; `DbType` is for a struct of one unnamed field: `struct UserId(i64);`
    "#]],
    );
    check(
        &newtype("struct UserId { id: i64 }"),
        &expect![[r#"
        UserId → `UserId` has named fields; `DbType` is for a struct of one unnamed field: `struct UserId(i64);`
    "#]],
    );
    check(
        &newtype("struct Unit;"),
        &expect![[r#"
        Unit → `Unit` has no field; `DbType` is for a struct of one unnamed field: `struct UserId(i64);`
    "#]],
    );
    check(
        &newtype("struct Id<T>(T);"),
        &expect![[r#"
        T → `Id` is generic; `DbType` is for a struct of one unnamed field: `struct UserId(i64);`
    "#]],
    );
}

#[test]
fn a_newtype_owns_its_attributes_above_the_struct() {
    check(
        &newtype(r#"#[orm(domian = "email")] struct Email(String);"#),
        &expect![[r#"
        domian → unknown attribute `domian`; did you mean `domain`?
    "#]],
    );
    check(
        &newtype(r#"#[orm(foo)] struct Email(String);"#),
        &expect![[r#"
        foo → unknown attribute `foo`; a `DbType` takes `domain`, `check`
    "#]],
    );
    check(
        &newtype(r#"#[orm(check = "VALUE > 0")] struct Age(i32);"#),
        &expect![[r#"
        check → `check` is the rule of a domain, which needs a name; add `domain = "…"`
    "#]],
    );
    check(
        &newtype(r#"#[orm(domain = "")] struct Email(String);"#),
        &expect![[r#"
        "" → a domain needs a name
    "#]],
    );
    check(
        &newtype(r#"#[orm(domain)] struct Email(String);"#),
        &expect![[r#"
        domain → `domain` takes a text; write `domain = "email"`
    "#]],
    );
    check(
        &newtype(r#"#[orm(domain = "email", check = 3)] struct Email(String);"#),
        &expect![[r#"
        3 → `check` takes SQL in a text; write `check = "VALUE > 0"`
    "#]],
    );
    check(
        &newtype(r#"struct Email(#[orm(domain = "email")] String);"#),
        &expect![[r#"
        domain → the attributes of `Email` stand above the struct
    "#]],
    );
    check(
        &newtype(r#"struct Views(u128);"#),
        &expect![[r#"
        u128 → PostgreSQL has no type for `u128`; use `u64`
    "#]],
    );
    check(&newtype(r#"struct Views(u64);"#), &expect![""]);
}

#[test]
fn an_enum_has_variants_without_values_and_no_parameters() {
    check(
        &variants(r#"struct Mood;"#),
        &expect![[r#"
        Mood → `Mood` is a struct; `DbEnum` is for an enum such as `enum Status { Draft, Published }`
    "#]],
    );
    check(
        &variants(r#"union Mood { a: i32 }"#),
        &expect![[r#"
        Mood → `Mood` is a union; `DbEnum` is for an enum such as `enum Status { Draft, Published }`
    "#]],
    );
    check(
        &variants(r#"enum Mood {}"#),
        &expect![[r#"
        Mood → `Mood` has no variants; `DbEnum` is for an enum such as `enum Status { Draft, Published }`
    "#]],
    );
    check(
        &variants(r#"enum Mood<T> { Good(T) }"#),
        &expect![[r#"
        T → `Mood` is generic; a `DbEnum` is stored in a column of one type
    "#]],
    );
    check(
        &variants(r#"enum Mood { Good, Bad(i32), Odd { x: i32 } }"#),
        &expect![[r#"
        (i32) → variant `Bad` holds values, which a column does not
        { x: i32 } → variant `Odd` holds values, which a column does not
    "#]],
    );
}

#[test]
fn the_attributes_of_an_enum_are_told_apart() {
    check(
        &variants(r#"#[orm(typename = "mood")] enum Mood { Good }"#),
        &expect![[r#"
        typename → unknown attribute `typename`; did you mean `type_name`?
    "#]],
    );
    check(
        &variants(r#"#[orm(foo)] enum Mood { Good }"#),
        &expect![[r#"
        foo → unknown attribute `foo`; a `DbEnum` takes `type_name`, `text`, `int`, `rename_all`
    "#]],
    );
    check(
        &variants(r#"enum Mood { #[orm(lable = "x")] Good }"#),
        &expect![[r#"
        lable → unknown attribute `lable`; did you mean `label`?
    "#]],
    );
    check(
        &variants(r#"enum Mood { #[orm(foo)] Good }"#),
        &expect![[r#"
        foo → unknown attribute `foo`; a variant takes `rename`, `label`
    "#]],
    );
    check(
        &variants(r#"#[orm(text, int)] #[repr(i16)] enum Mood { Good }"#),
        &expect![[r#"
        int → `text` and `int` exclude each other, as an enum is stored in one way; remove one
    "#]],
    );
    check(
        &variants(r#"#[orm(text, type_name = "mood")] enum Mood { Good }"#),
        &expect![[r#"
        text → `type_name` and `text` exclude each other, as only an enum of PostgreSQL has a name there; remove one
    "#]],
    );
    check(
        &variants(r#"#[orm(text, text)] enum Mood { Good }"#),
        &expect![[r#"
        text → `text` is given twice; remove one
    "#]],
    );
    check(
        &variants(r#"#[orm(text = true)] enum Mood { Good }"#),
        &expect![[r#"
        text = true → `text` takes no value; write `#[orm(text)]`
    "#]],
    );
    check(
        &variants(r#"#[orm(type_name = "")] enum Mood { Good }"#),
        &expect![[r#"
        "" → a type needs a name
    "#]],
    );
    check(
        &variants(r#"enum xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx { Good }"#),
        &expect![[r#"
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx → the name of a type has at most 63 bytes; `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` has 64; give one with `#[orm(type_name = "…")]`
        "#]],
    );
}

#[test]
fn an_enum_stored_as_numbers_says_how_large_they_are() {
    check(
        &variants(r#"#[orm(int)] enum Mood { Good }"#),
        &expect![[r#"
        int → `int` needs to know how large the numbers are; add `#[repr(i16)]` for a `smallint`, `i32` for an `integer`, `i64` for a `bigint`
    "#]],
    );
    check(
        &variants(r#"#[orm(int)] #[repr(u64)] enum Mood { Good }"#),
        &expect![[r#"
        int → `int` needs to know how large the numbers are; add `#[repr(i16)]` for a `smallint`, `i32` for an `integer`, `i64` for a `bigint`
    "#]],
    );
    check(&variants(r#"#[orm(int)] #[repr(u8)] enum Mood { Good }"#), &expect![""]);
}

#[test]
fn the_names_of_variants_are_one_each_and_such_as_postgresql_keeps() {
    check(
        &variants(r#"#[orm(rename_all = "kebab_case")] enum Mood { Good }"#),
        &expect![[r#"
        "kebab_case" → unknown `rename_all` value `kebab_case`; did you mean `kebab-case`?
    "#]],
    );
    check(
        &variants(r#"#[orm(rename_all = "shout")] enum Mood { Good }"#),
        &expect![[r#"
        "shout" → unknown `rename_all` value `shout`; it is one of `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`, `camelCase`, `PascalCase`, `lowercase`, `UPPERCASE`
    "#]],
    );
    check(
        &variants(r#"#[orm(rename_all = "lowercase")] enum Mood { SoSo, Soso }"#),
        &expect![[r#"
        Soso → `soso` is already the name of variant `SoSo`; give another with `#[orm(rename = "…")]`
    "#]],
    );
    check(
        &variants(r#"enum Mood { Good, #[orm(rename = "good")] Better }"#),
        &expect![[r#"
        "good" → `good` is already the name of variant `Good`
    "#]],
    );
    check(
        &variants(
            r#"enum Mood { #[orm(rename = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")] Good }"#,
        ),
        &expect![[r#"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" → the name of a variant has at most 63 bytes; `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` has 64
        "#]],
    );
    check(
        &variants(
            r#"#[orm(text)] enum Mood { #[orm(rename = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")] Good }"#,
        ),
        &expect![""],
    );
    check(
        &variants(r#"enum Mood { #[orm(rename = "a\0b")] Good }"#),
        &expect![[r#"
        "a\0b" → the name of a variant cannot hold a NUL
    "#]],
    );
}

#[test]
fn a_composite_type_is_a_struct_with_named_fields() {
    check(
        &composite(r#"enum Address { Home }"#),
        &expect![[r#"
        Address → `Address` is an enum; `DbComposite` is for a struct with named fields: `struct Address { city: String }`
    "#]],
    );
    check(
        &composite(r#"struct Address(String);"#),
        &expect![[r#"
        Address → `Address` has unnamed fields; `DbComposite` is for a struct with named fields: `struct Address { city: String }`
    "#]],
    );
    check(
        &composite(r#"struct Address;"#),
        &expect![[r#"
        Address → `Address` has no fields; `DbComposite` is for a struct with named fields: `struct Address { city: String }`
    "#]],
    );
    check(
        &composite(r#"struct Address {}"#),
        &expect![[r#"
        Address → `Address` has no fields; `DbComposite` is for a struct with named fields: `struct Address { city: String }`
    "#]],
    );
    check(
        &composite(r#"struct Address<T> { x: T }"#),
        &expect![[r#"
        T → `Address` is generic; `DbComposite` is for a struct with named fields: `struct Address { city: String }`
    "#]],
    );
}

#[test]
fn the_fields_of_a_composite_type_are_columns_with_names_of_their_own() {
    check(
        &composite(r#"struct Address { user: ForeignKey<User> }"#),
        &expect![[r#"
        ForeignKey<User> → a composite type has no relations; put the `ForeignKey` into the model
    "#]],
    );
    check(
        &composite(r#"struct Address { user: Option<ForeignKey<User>> }"#),
        &expect![[r#"
        Option<ForeignKey<User>> → a composite type has no relations; put the `ForeignKey` into the model
    "#]],
    );
    check(
        &composite(r#"struct Address { users: HasMany<User> }"#),
        &expect![[r#"
        HasMany<User> → a composite type has no relations; put the `HasMany` into the model
    "#]],
    );
    check(
        &composite(r#"struct Address { street: &'static str }"#),
        &expect![[r#"
        &'static str → a composite value owns its fields and cannot hold a reference
    "#]],
    );
    check(
        &composite(r#"struct Address { floor: i8 }"#),
        &expect![[r#"
        i8 → PostgreSQL has no type for `i8`; use `i16`
    "#]],
    );
    check(
        &composite(r#"struct Address { a: i32, #[orm(rename = "a")] b: i32 }"#),
        &expect![[r#"
        "a" → `a` is already the name of field `a`
    "#]],
    );
    check(
        &composite(r#"struct Address { #[orm(rename = "")] a: i32 }"#),
        &expect![[r#"
        "" → a field needs a name
    "#]],
    );
    check(
        &composite(r#"struct Address { #[orm(renam = "b")] a: i32 }"#),
        &expect![[r#"
        renam → unknown attribute `renam`; did you mean `rename`?
    "#]],
    );
    check(
        &composite(r#"#[orm(type = "x")] struct Address { a: i32 }"#),
        &expect![[r#"
        type → expected identifier, found keyword `type`
    "#]],
    );
    check(
        &composite(r#"#[orm(type_name = 3)] struct Address { a: i32 }"#),
        &expect![[r#"
        3 → `type_name` takes a text; write `type_name = "address"`
    "#]],
    );
}
