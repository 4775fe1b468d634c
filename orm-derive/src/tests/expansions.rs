//! Whole expansions, and the parts that depend on one attribute.

use super::{expand, pretty};
use crate::{Errors, db_composite, db_enum, db_type};
use expect_test::{expect, expect_file};

#[test]
fn a_model_becomes_constants_and_calls_into_generic_code() {
    let expansion = expand(
        r#"pub struct User {
            pub id: i64,
            pub username: String,
            pub email: String,
        }"#,
    );
    expect_file!["snapshots/user.txt"].assert_eq(&expansion);
}

#[test]
fn relations_defaults_and_the_order_stand_in_the_metadata() {
    let expansion = expand(
        r#"
        #[orm(table = "blog_post", ordering = ["-published_at", "id"])]
        pub struct Post {
            /// The key.
            pub id: i64,
            #[orm(max_length = 150, unique, default = "")]
            pub title: String,
            pub published_at: Option<DateTime<Utc>>,
            #[orm(auto_now)]
            #[orm(index)]
            pub changed_at: DateTime<Utc>,
            #[orm(on_delete = "cascade")]
            pub author: ForeignKey<User>,
            #[orm(on_delete = "set_null")]
            pub(crate) editor: Option<ForeignKey<User>>,
            #[orm(via = "post")]
            pub comments: HasMany<Comment>,
            pub tags: orm::ManyToMany<Tag>,
            r#type: i32,
        }"#,
    );
    expect_file!["snapshots/post.txt"].assert_eq(&expansion);
}

#[test]
fn a_key_and_two_texts_take_at_most_175_lines() {
    let lines =
        expand("pub struct User { pub id: i64, pub username: String, pub email: String }").lines().count();
    assert!(lines <= 175, "{lines} lines");
}

/// The lines of an expansion with one of the words in them.
fn lines_with(source: &str, words: &[&str]) -> String {
    let expansion = expand(source);
    let lines = expansion.lines().filter(|line| words.iter().any(|word| line.contains(word)));
    lines.map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn names_come_from_the_struct_unless_they_are_given() {
    let names = lines_with(
        r#"struct HTTPRequest {
            id: i64,
            r#type: i32,
            author: ForeignKey<User>,
            #[orm(column = "sent_by")] sender: ForeignKey<User>,
        }"#,
        &["FieldMeta::column", "table:", "\"", "_id\""],
    );
    expect![[r##"
        #[must_use = "await it to insert the row, or `build()` a draft"]
        name: "HTTPRequest",
        table: "http_request",
        __orm::FieldMeta::column("id", "id", <i64 as __orm::ModelField>::COLUMN)
        __orm::FieldMeta::column("type", "type", <i32 as __orm::ModelField>::COLUMN),
        __orm::FieldMeta::column(
        "author",
        "author_id",
        __orm::FieldMeta::column(
        "sender",
        "sent_by",
        _ => __orm::no_column("HTTPRequest", field),
        message = "`HTTPRequest` needs `type`: give it with `.type(…)`",
        label = "`type` is not given"
        message = "`HTTPRequest` needs `author`: give it with `.author(…)`",
        label = "`author` is not given"
        message = "`HTTPRequest` needs `sender`: give it with `.sender(…)`",
        label = "`sender` is not given"
    "##]]
    .assert_eq(&names);
}

#[test]
fn a_row_needs_every_column_that_nobody_else_fills() {
    let needs = lines_with(
        r#"struct Post {
            id: i64,
            title: String,
            body: Option<String>,
            #[orm(default = 0)] views: i32,
            #[orm(db_default = "now()")] at: DateTime<Utc>,
            #[orm(auto_now_add)] made: DateTime<Utc>,
            author: ForeignKey<User>,
            editor: Option<ForeignKey<User>>,
            tags: ManyToMany<Tag>,
        }"#,
        &["pub trait"],
    );
    expect![[r#"
        pub trait needs_title {}
        pub trait needs_author {}
    "#]]
    .assert_eq(&needs);
}

#[test]
fn a_key_that_nobody_makes_is_needed() {
    for (ty, needed) in [
        ("i32", false),
        ("i64", false),
        ("Uuid", false),
        ("uuid::Uuid", false),
        ("UserId", false),
        ("String", true),
        ("std::string::String", true),
        ("NaiveDate", true),
        ("DateTime<Utc>", true),
        ("bool", true),
        ("Vec<u8>", true),
        ("ForeignKey<User>", true),
    ] {
        let expansion = expand(&format!("struct Post {{ #[orm(primary_key)] key: {ty} }}"));
        assert_eq!(expansion.contains("trait needs_key"), needed, "{ty}");
    }
}

#[test]
fn a_key_with_a_default_is_neither_numbered_nor_made() {
    let expansion = expand("struct Post { #[orm(default = next_id())] id: i64 }");
    assert!(!expansion.contains(".primary_key("), "{expansion}");
    assert!(expansion.contains("into_value(next_id())"), "{expansion}");
}

#[test]
fn a_foreign_key_as_primary_key_holds_the_other_models_key() {
    let key = lines_with(
        "struct Profile { #[orm(primary_key)] user: ForeignKey<User>, posts: HasMany<Post> }",
        &["type Key", ".id()", "fn pk", "KEY", "ToManyField>::of"],
    );
    expect![[r#"
        type Key = <ForeignKey<User> as __orm::RelationField<User>>::Id;
        type Keyed = ProfileNew<(__orm::Given,)>;
        const KEY: usize = 0;
    "#]]
    .assert_eq(&key);
}

#[test]
fn a_model_without_required_fields_can_be_created_from_nothing() {
    let builder = lines_with("struct Tag { id: i64 }", &["TagNew", "trait", "build"]);
    expect![[r##"
        #[must_use = "await it to insert the row, or `build()` a draft"]
        struct TagNew<__S = ()>(
        type New = TagNew;
        type Keyed = TagNew<()>;
        impl<__S> ::core::convert::From<__orm::New<Tag>> for TagNew<__S> {
        TagNew(new, ::core::marker::PhantomData)
        impl TagNew<()> {
        fn id(self, value: impl __orm::IntoValue<i64>) -> TagNew<()> {
        TagNew(self.0.put(0, value), ::core::marker::PhantomData)
        pub fn build(self) -> __orm::Draft<Tag> {
        impl ::core::future::Future for TagNew<()> {
        impl<__S> __orm::Builder for TagNew<__S> {
    "##]]
    .assert_eq(&builder);
}

#[test]
fn the_last_word_of_a_type_tells_a_relation() {
    let field = |ty: &str| lines_with(&format!("struct P {{ id: i64, x: {ty} }}"), &["x: ::orm"]);
    let all =
        ["orm::ForeignKey<User>", "std::option::Option<ForeignKey<User>>", "(ManyToMany<Tag>)", "Keys<User>"];
    let all: String = all.into_iter().map(field).collect();
    expect![[r#"
        x: ::orm::__private::Rel<User, <__N as ::orm::__private::Reach>::One>,
        x: ::orm::__private::Rel<User, <__N as ::orm::__private::Reach>::Null>,
        x: ::orm::__private::Rel<Tag, ::orm::__private::Many>,
        x: ::orm::__private::Field<Keys<User>, __N>,
    "#]]
    .assert_eq(&all);
}

#[test]
fn a_model_refers_to_itself_by_either_name() {
    let named = expand("struct Tree { id: i64, up: Option<ForeignKey<Tree>>, down: HasMany<Tree> }");
    let unnamed = expand("struct Tree { id: i64, up: Option<ForeignKey<Self>>, down: HasMany<Self> }");
    assert_eq!(named, unnamed);
}

fn expansion(source: &str, derive: crate::Expand) -> String {
    pretty(derive(&syn::parse_str(source).unwrap(), &mut Errors::default()))
}

#[test]
fn a_newtype_is_stored_as_what_it_wraps_or_in_a_domain_over_it() {
    let newtype = |source| expansion(source, db_type::expand);
    expect_file!["snapshots/user_id.txt"].assert_eq(&newtype("pub struct UserId(pub i64);"));
    assert!(newtype("struct Slug(String);").contains("impl __orm::Text for Slug {}"));
    assert!(!newtype("struct UserId(i64);").contains("Text"));
    assert!(!newtype("struct Tags(Vec<String>);").contains("Element"));
    let domain = newtype(r#"#[orm(domain = "email", check = "VALUE <> ''")] struct Email(String);"#);
    assert!(domain.contains("base: <String as __orm::FieldType>::TYPE"), "{domain}");
    assert!(domain.contains("Some(\"VALUE <> ''\")"), "{domain}");
}

#[test]
fn an_enum_becomes_its_names_and_numbers() {
    let source = r#"pub enum Mood { #[orm(rename = "so-so", label = "Not bad")] SoSo, VeryGood }"#;
    expect_file!["snapshots/mood.txt"].assert_eq(&expansion(source, db_enum::expand));
    let text = expansion(&format!("#[orm(text)] {source}"), db_enum::expand);
    assert!(text.contains("SqlType::Text") && text.contains("Check::OneOf("), "{text}");
    let int = expansion("#[orm(int)] #[repr(u8)] enum Level { Low = 3, High }", db_enum::expand);
    assert!(int.contains("Level::Low as ::core::primitive::u8 as ::core::primitive::i16"), "{int}");
}

#[test]
fn a_composite_type_reads_and_writes_its_fields_in_order() {
    let source = r#"pub struct Address { pub street: String, #[orm(rename = "no")] r#type: Option<i32> }"#;
    expect_file!["snapshots/address.txt"].assert_eq(&expansion(source, db_composite::expand));
}

#[test]
fn what_is_said_of_a_column_stands_in_the_metadata() {
    let said = |field: &str| {
        let model = format!("struct P {{ id: i64, {field} }}");
        lines_with(&model, &[": ::core::option::Option::Some", "editable", "ColumnType::"])
    };
    let all = [
        r#"#[orm(max_length = 3u32, collation = "C", comment = "a", verbose_name = "b", help_text = "c")] x: String"#,
        "#[orm(max_digits = 10, decimal_places = 2, editable = false)] x: Decimal",
        "#[orm(auto_now_add)] x: DateTime<Utc>",
        "#[orm(auto_now_add, editable = true)] x: DateTime<Utc>",
        r#"#[orm(help_text = "c")] x: HasMany<Q>"#,
    ];
    let all: String = all.into_iter().map(said).collect();
    expect![[r#"
        max_length: ::core::option::Option::Some(3),
        collation: ::core::option::Option::Some("C"),
        comment: ::core::option::Option::Some("a"),
        verbose_name: ::core::option::Option::Some("b"),
        help_text: ::core::option::Option::Some("c"),
        const _: () = __orm::ColumnType::has_length(<String as __orm::ModelField>::COLUMN);
        const _: () = __orm::ColumnType::has_collation(
        digits: ::core::option::Option::Some((10, 2)),
        editable: false,
        const _: () = __orm::ColumnType::has_digits(<Decimal as __orm::ModelField>::COLUMN);
        default: ::core::option::Option::Some(
        editable: false,
        default: ::core::option::Option::Some(
        editable: true,
        help_text: ::core::option::Option::Some("c"),
    "#]]
    .assert_eq(&all);
}
