//! Lookups of text, lists and ranges; what is user data is literal.

use super::world;
use crate::models::User;
use expect_test::expect;
use orm::{Cond, prelude::*};

/// Texts with all that is special in a pattern, a string literal or a regular expression.
#[derive(Model, Debug, Clone, PartialEq)]
struct Note {
    pub id: Uuid,
    pub text: String,
    pub other: Option<String>,
}

const TEXTS: [&str; 24] = [
    "", " ", "a", "A", "abc", "ABC", "aBc", "a%c", "a_c", "a\\c", "%", "_", "\\", "\\\\", "\\%", "100%",
    "it's", "\"q\"", "zürich", "ZüRICH", "日本", "a\nc", "$1", "a?c",
];

/// Every text once beside each text, and once beside NULL.
async fn notes() -> orm::Result<Vec<Note>> {
    let pairs = TEXTS.iter().flat_map(|a| TEXTS.iter().map(move |b| (*a, Some(*b))));
    let drafts = pairs.chain(TEXTS.iter().map(|a| (*a, None)));
    let drafts = drafts.map(|(a, b)| Note::draft().text(a).other(b.map(String::from)).build());
    Note::objects().bulk_create(drafts).await
}

type Lookup = (&'static str, fn(&NoteFields, &str) -> Cond, fn(&NoteFields) -> Cond, fn(&str, &str) -> bool);

/// Each lookup with a value, with a field, and as Rust says it.
const LOOKUPS: [Lookup; 8] = [
    ("eq", |n, x| n.text.eq(x), |n| n.text.eq(n.other), |a, b| a == b),
    ("iexact", |n, x| n.text.iexact(x), |n| n.text.iexact(n.other), |a, b| upper(a) == upper(b)),
    ("contains", |n, x| n.text.contains(x), |n| n.text.contains(n.other), |a, b| a.contains(b)),
    (
        "icontains",
        |n, x| n.text.icontains(x),
        |n| n.text.icontains(n.other),
        |a, b| upper(a).contains(&upper(b)),
    ),
    ("startswith", |n, x| n.text.startswith(x), |n| n.text.startswith(n.other), |a, b| a.starts_with(b)),
    (
        "istartswith",
        |n, x| n.text.istartswith(x),
        |n| n.text.istartswith(n.other),
        |a, b| upper(a).starts_with(&upper(b)),
    ),
    ("endswith", |n, x| n.text.endswith(x), |n| n.text.endswith(n.other), |a, b| a.ends_with(b)),
    (
        "iendswith",
        |n, x| n.text.iendswith(x),
        |n| n.text.iendswith(n.other),
        |a, b| upper(a).ends_with(&upper(b)),
    ),
];

/// Only of ASCII: what else has two cases depends on the server's locale.
fn upper(text: &str) -> String {
    text.to_ascii_uppercase()
}

#[orm::test(models(Note), transaction, fixture = notes)]
async fn every_text_lookup_takes_a_value_literally(notes: Vec<Note>) {
    for (name, lookup, _, holds) in LOOKUPS {
        for text in TEXTS {
            let query = Note::objects().filter(|n| lookup(n, text) & n.other.is_null());
            let mut found: Vec<_> = query.await.unwrap().into_iter().map(|note| note.text).collect();
            let mut wanted: Vec<_> = notes
                .iter()
                .filter(|n| n.other.is_none() && holds(&n.text, text))
                .map(|n| n.text.clone())
                .collect();
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted, "{name} {text:?}");
        }
    }
}

#[orm::test(models(Note), transaction, fixture = notes)]
async fn every_text_lookup_takes_a_field_literally_and_a_null_is_not_found(notes: Vec<Note>) {
    for (name, _, lookup, holds) in LOOKUPS {
        let pairs = |notes: Vec<Note>| {
            let mut pairs: Vec<_> = notes.into_iter().map(|n| (n.text, n.other)).collect();
            pairs.sort();
            pairs
        };
        let holds = |n: &Note| n.other.as_deref().is_some_and(|other| holds(&n.text, other));
        let (yes, no) = notes.iter().cloned().partition(holds);
        let found = Note::objects().filter(lookup).await.unwrap();
        assert_eq!(pairs(found), pairs(yes), "{name}");
        let found = Note::objects().exclude(lookup).await.unwrap();
        assert_eq!(pairs(found), pairs(no), "not {name}");
    }
}

#[test]
fn text_lookups_are_like_with_what_is_special_escaped() {
    let sql = |lookup: fn(&NoteFields) -> Cond| Note::objects().filter(lookup).values(|n| n.id).to_sql();
    expect![[r#"SELECT "note"."id" FROM "note" WHERE "note"."text" LIKE $1"#]]
        .assert_eq(&sql(|n| n.text.contains("a%")));
    expect![[r#"SELECT "note"."id" FROM "note" WHERE "note"."text" ILIKE $1"#]]
        .assert_eq(&sql(|n| n.text.istartswith("a%")));
    expect![[r#"SELECT "note"."id" FROM "note" WHERE "note"."text" LIKE ('%' || REPLACE(REPLACE(REPLACE("note"."other", E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_'))"#]].assert_eq(&sql(|n| n.text.endswith(n.other)));
    expect![[r#"SELECT "note"."id" FROM "note" WHERE "note"."other" ILIKE ('%' || REPLACE(REPLACE(REPLACE("note"."text", E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%')"#]].assert_eq(&sql(|n| n.other.icontains(n.text)));
    expect![[r#"SELECT "note"."id" FROM "note" WHERE UPPER("note"."text") = UPPER($1)"#]]
        .assert_eq(&sql(|n| n.text.iexact("x")));
    expect![[
        r#"SELECT "note"."id" FROM "note" WHERE ("note"."text" ~ $1) AND ("note"."text" ~* "note"."other")"#
    ]]
    .assert_eq(&sql(|n| n.text.regex("x") & n.text.iregex(n.other)));
    expect![[r#"SELECT "note"."id" FROM "note" WHERE (CAST("note"."id" AS text) ILIKE $1) AND UPPER(CAST("note"."id" AS text)) = UPPER($2) AND (CAST("note"."id" AS text) ~ $3)"#]].assert_eq(&sql(|n| n.id.icontains("ab") & n.id.iexact("AB") & n.id.regex("^0")));
}

#[tokio::test]
async fn text_lookups_of_a_nullable_field_pass_over_nulls() {
    let w = world().await;
    w.users(|u| u.email.contains(""), expect![[r#"FROM "user" WHERE "user"."email" LIKE $1"#]], &[1, 3])
        .await;
    w.users(|u| u.email.iendswith("@X"), expect![[r#"FROM "user" WHERE "user"."email" ILIKE $1"#]], &[1, 3])
        .await;
    w.users(
        |u| u.email.istartswith("CYD") | u.email.iexact("ANN@x"),
        expect![[r#"FROM "user" WHERE ("user"."email" ILIKE $1) OR UPPER("user"."email") = UPPER($2)"#]],
        &[1, 3],
    )
    .await;
    w.users(|u| u.email.startswith(u.username), expect![[r#"FROM "user" WHERE "user"."email" LIKE (REPLACE(REPLACE(REPLACE("user"."username", E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%')"#]], &[1, 3]).await;
    w.users(|u| u.username.contains(u.email), expect![[r#"FROM "user" WHERE "user"."username" LIKE ('%' || REPLACE(REPLACE(REPLACE("user"."email", E'\\', E'\\\\'), '%', E'\\%'), '_', E'\\_') || '%')"#]], &[]).await;
    w.posts(|p| p.editor.email.endswith("@x"), expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" WHERE "user"."email" LIKE $1"#]], &[3, 4]).await;
}

#[orm::test(models(Note), transaction)]
async fn a_uuid_is_searched_by_its_text() -> orm::Result<()> {
    let first: Uuid = "0188aaaa-0000-7000-8000-0000000000ff".parse().unwrap();
    let second: Uuid = "0199bbbb-0000-7000-8000-0000000000ff".parse().unwrap();
    Note::objects().create().id(first).text("0188aaaa").await?;
    Note::objects().create().id(second).text("BBBB").await?;
    type Case<'a> = (fn(&NoteFields) -> Cond, &'a [Uuid]);
    let cases: [Case<'_>; 12] = [
        (|n| n.id.contains("aaaa-0"), &[first]),
        (|n| n.id.contains("AAAA-0"), &[]),
        (|n| n.id.icontains("AAAA-0"), &[first]),
        (|n| n.id.startswith("01"), &[first, second]),
        (|n| n.id.startswith(n.text), &[first]),
        (|n| n.id.icontains(n.text), &[first, second]),
        (|n| n.id.istartswith("0199BB"), &[second]),
        (|n| n.id.endswith("ff"), &[first, second]),
        (|n| n.id.iendswith("FF"), &[first, second]),
        (|n| n.id.iexact("0188AAAA-0000-7000-8000-0000000000FF"), &[first]),
        (|n| n.id.contains("%"), &[]),
        (|n| n.id.regex("^0188a+-") | n.id.iregex("^0199B+-"), &[first, second]),
    ];
    for (at, (lookup, wanted)) in cases.into_iter().enumerate() {
        let query = Note::objects().filter(lookup).order_by(|n| n.id);
        let found: Vec<_> = query.await?.iter().map(|note| note.id).collect();
        assert_eq!(found, wanted, "case {at}");
    }
    Ok(())
}

#[tokio::test]
async fn a_regular_expression_is_one_of_postgresql() {
    let w = world().await;
    w.users(|u| u.username.regex("^[ab]"), expect![[r#"FROM "user" WHERE "user"."username" ~ $1"#]], &[1, 2])
        .await;
    w.users(|u| u.username.regex("^[AB]"), expect![[r#"FROM "user" WHERE "user"."username" ~ $1"#]], &[])
        .await;
    w.users(
        |u| u.username.iregex("^[AB]"),
        expect![[r#"FROM "user" WHERE "user"."username" ~* $1"#]],
        &[1, 2],
    )
    .await;
    w.users(
        |u| u.email.regex(u.username),
        expect![[r#"FROM "user" WHERE "user"."email" ~ "user"."username""#]],
        &[1, 3],
    )
    .await;
    w.users(
        |u| !u.username.iregex(r"^\w{2}[BN]$"),
        expect![[r#"FROM "user" WHERE NOT ("user"."username" ~* $1)"#]],
        &[3],
    )
    .await;
}

#[tokio::test]
async fn a_regular_expression_that_postgresql_refuses_is_an_error_of_the_query() {
    let w = world().await;
    let error = User::objects().using(w.db()).filter(|u| u.username.regex("secret(")).await.unwrap_err();
    assert_eq!(error.code(), Some("2201B"));
    assert!(error.is_invalid_value(), "{error:?}");
    assert!(error.sql().unwrap().contains(r#""user"."username" ~ $1"#), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("secret"), "the pattern is user data: {error:?}");
    assert_eq!(
        w.found(User::objects().filter(|u| u.id.eq(1))).await,
        [1],
        "the connection is as good as before"
    );
}

#[tokio::test]
async fn a_list_is_one_parameter_whatever_its_length() {
    let w = world().await;
    let short = User::objects().filter(|u| u.id.in_([1]));
    let long = User::objects().filter(|u| u.id.in_((0..100_000).collect::<Vec<i64>>()));
    assert_eq!(short.to_sql(), long.to_sql());
    w.check(short, expect![[r#"FROM "user" WHERE "user"."id" = ANY($1)"#]], &[1]).await;
    w.check(long, expect![[r#"FROM "user" WHERE "user"."id" = ANY($1)"#]], &[1, 2, 3, 4]).await;
}

#[tokio::test]
async fn an_empty_list_matches_nothing_and_its_negation_everything() {
    let w = world().await;
    let none: [i32; 0] = [];
    w.users(|u| u.age.in_(none), expect![[r#"FROM "user" WHERE "user"."age" = ANY($1)"#]], &[]).await;
    w.users(
        |u| !u.age.in_(none),
        expect![[r#"FROM "user" WHERE ("user"."age" = ANY($1)) IS NOT TRUE"#]],
        &[1, 2, 3, 4],
    )
    .await;
    w.users(
        |u| !u.id.in_(Vec::<i64>::new()),
        expect![[r#"FROM "user" WHERE NOT "user"."id" = ANY($1)"#]],
        &[1, 2, 3, 4],
    )
    .await;
}

#[tokio::test]
async fn none_in_a_list_is_passed_over() {
    let w = world().await;
    w.users(|u| u.age.in_([Some(30), None]), expect![[r#"FROM "user" WHERE "user"."age" = ANY($1)"#]], &[1])
        .await;
    w.users(
        |u| !u.age.in_([Some(30), None]),
        expect![[r#"FROM "user" WHERE ("user"."age" = ANY($1)) IS NOT TRUE"#]],
        &[2, 3, 4],
    )
    .await;
    w.users(|u| u.age.in_([None::<i32>]), expect![[r#"FROM "user" WHERE "user"."age" = ANY($1)"#]], &[])
        .await;
    w.users(
        |u| !u.age.in_(vec![None::<i32>]),
        expect![[r#"FROM "user" WHERE ("user"."age" = ANY($1)) IS NOT TRUE"#]],
        &[1, 2, 3, 4],
    )
    .await;
}

#[tokio::test]
async fn lists_hold_texts_models_and_keys() {
    let w = world().await;
    let users = User::objects().using(w.db()).filter(|u| u.id.lte(2)).await.unwrap();
    w.users(
        |u| u.username.in_(["ann", "%", "cyd"]),
        expect![[r#"FROM "user" WHERE "user"."username" = ANY($1)"#]],
        &[1, 3],
    )
    .await;
    w.users(
        |u| u.email.in_(vec![Some("ann@x".to_owned()), None]),
        expect![[r#"FROM "user" WHERE "user"."email" = ANY($1)"#]],
        &[1],
    )
    .await;
    w.posts(
        |p| p.author.in_(&users),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."author_id" = ANY($1)"#]],
        &[1, 2, 3, 4],
    )
    .await;
    w.posts(
        |p| p.editor.in_(&users[..1]),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."editor_id" = ANY($1)"#]],
        &[4],
    )
    .await;
    w.posts(
        |p| p.editor.in_([2, 3]),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."editor_id" = ANY($1)"#]],
        &[2, 3],
    )
    .await;
    w.posts(
        |p| p.published_at.in_([super::year(2020), super::year(2022)]),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."published_at" = ANY($1)"#]],
        &[1, 5],
    )
    .await;
}

#[tokio::test]
async fn a_range_has_both_its_ends_and_is_empty_when_reversed() {
    let w = world().await;
    w.users(
        |u| u.age.range(20, 30),
        expect![[r#"FROM "user" WHERE "user"."age" BETWEEN $1 AND $2"#]],
        &[1, 4],
    )
    .await;
    w.users(|u| u.age.range(30, 20), expect![[r#"FROM "user" WHERE "user"."age" BETWEEN $1 AND $2"#]], &[])
        .await;
    w.users(
        |u| !u.age.range(30, 20),
        expect![[r#"FROM "user" WHERE ("user"."age" BETWEEN $1 AND $2) IS NOT TRUE"#]],
        &[1, 2, 3, 4],
    )
    .await;
    w.users(
        |u| u.username.range("bob", "cyd"),
        expect![[r#"FROM "user" WHERE "user"."username" BETWEEN $1 AND $2"#]],
        &[2, 3],
    )
    .await;
    w.posts(|p| p.views.range(p.author.age, p.editor.age), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."views" BETWEEN "user"."age" AND "user_2"."age""#]], &[]).await;
    w.posts(|p| (p.views + 30).range(p.author.age, p.views * 8), expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "blog_post"."views" + $2 BETWEEN "user"."age" AND ("blog_post"."views" * $1)"#]], &[1, 2, 5]).await;
    w.posts(
        |p| p.published_at.range(super::year(2020), super::year(2021)),
        expect![[r#"FROM "blog_post" WHERE "blog_post"."published_at" BETWEEN $1 AND $2"#]],
        &[1, 3],
    )
    .await;
}
