//! JSON in queries: paths, keys, containment, changes.

use super::check;
use expect_test::expect;
use orm::{Cond, IntoCond, Json, Result, prelude::*};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Size {
    width: i32,
    unit: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Doc {
    id: i64,
    meta: Value,
    extra: Option<Value>,
    size: Option<Json<Size>>,
    notes: HasMany<Note>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Note {
    id: i64,
    #[orm(on_delete = "cascade")]
    doc: Option<ForeignKey<Doc>>,
}

/// | doc | meta | extra | size | notes |
/// |---|---|---|---|---|
/// | 1 | owner ann, level 1, tags a b, a.b dotted | NULL | 10 cm | 1, 2 |
/// | 2 | owner null, level 2.5, tags empty | JSON's null | 20 | 3 |
/// | 3 | no owner, level "1", tags a text | {"a": 1} | NULL | |
/// | 4 | an array | true | NULL | |
/// Note 4 has no doc.
async fn filled() -> Result<()> {
    let size = |width, unit: Option<&str>| Json(Size { width, unit: unit.map(String::from) });
    let docs = [
        (
            1,
            json!({"owner": {"name": "Ann", "id": 7}, "level": 1, "tags": ["a", "b"], "a.b": true}),
            None,
            Some(size(10, Some("cm"))),
        ),
        (2, json!({"owner": null, "level": 2.5, "tags": []}), Some(Value::Null), Some(size(20, None))),
        (3, json!({"level": "1", "tags": "a"}), Some(json!({"a": 1})), None),
        (4, json!([1, 1e300, "level"]), Some(json!(true)), None),
    ];
    let docs =
        docs.map(|(id, meta, extra, size)| Doc::draft().id(id).meta(meta).extra(extra).size(size).build());
    Doc::objects().bulk_create(docs).await?;
    let notes = [(1, Some(1)), (2, Some(1)), (3, Some(2)), (4, None)];
    let notes = notes.map(|(id, doc)| Note::draft().id(id).doc(doc.map(ForeignKey::to)).build());
    Note::objects().bulk_create(notes).await?;
    Ok(())
}

async fn docs<C: IntoCond>(of: impl FnOnce(&'static DocFields) -> C, sql: expect_test::Expect, keys: &[i64]) {
    check(Doc::objects().filter(of), sql, keys).await;
}

async fn notes<C: IntoCond>(
    of: impl FnOnce(&'static NoteFields) -> C,
    sql: expect_test::Expect,
    keys: &[i64],
) {
    check(Note::objects().filter(of), sql, keys).await;
}

#[orm::test(models(Doc, Note), transaction)]
async fn a_path_leads_to_a_value_and_to_null_where_nothing_is() -> Result<()> {
    filled().await?;
    docs(|d| d.meta.path("owner.name").eq(json!("Ann")), expect![[r#"("doc"."meta" #> $1) = $2"#]], &[1])
        .await;
    docs(
        |d| d.meta.path("owner").path("id").eq(json!(7)),
        expect![[r#"(("doc"."meta" #> $1) #> $2) = $3"#]],
        &[1],
    )
    .await;
    docs(|d| d.meta.path("tags.-1").eq(json!("b")), expect![[r#"("doc"."meta" #> $1) = $2"#]], &[1]).await;
    docs(|d| d.meta.path(0).eq(json!(1)), expect![[r#"("doc"."meta" #> $1) = $2"#]], &[4]).await;
    docs(|d| d.meta.path(["a.b"]).eq(json!(true)), expect![[r#"("doc"."meta" #> $1) = $2"#]], &[1]).await;
    docs(|d| d.meta.path("a.b").is_not_null(), expect![[r#"("doc"."meta" #> $1) IS NOT NULL"#]], &[]).await;
    docs(
        |d| d.meta.path("level").in_([json!(1), json!(2.5)]),
        expect![[r#"("doc"."meta" #> $1) = ANY($2)"#]],
        &[1, 2],
    )
    .await;
    docs(|d| d.meta.path("level").gt(json!(1)), expect![[r#"("doc"."meta" #> $1) > $2"#]], &[2]).await;
    docs(
        |d| d.meta.path("level").ne(json!(1)),
        expect![[r#"("doc"."meta" #> $1) IS DISTINCT FROM $2"#]],
        &[2, 3, 4],
    )
    .await;
    docs(
        |d| !d.meta.path("level").gt(json!(1)),
        expect![[r#"(("doc"."meta" #> $1) > $2) IS NOT TRUE"#]],
        &[1, 3, 4],
    )
    .await;
    docs(|d| d.size.path("width").eq(json!(20)), expect![[r#"("doc"."size" #> $1) = $2"#]], &[2]).await;
    let levels = Doc::objects().order_by(|d| d.id).values(|d| d.meta.path("level")).await?;
    assert_eq!(levels, [Some(json!(1)), Some(json!(2.5)), Some(json!("1")), None]);
    Ok(())
}

#[orm::test(models(Doc, Note), transaction)]
async fn the_null_of_json_is_a_value_and_what_is_not_there_is_null() -> Result<()> {
    filled().await?;
    docs(|d| d.meta.path("owner").eq(Value::Null), expect![[r#"("doc"."meta" #> $1) = $2"#]], &[2]).await;
    docs(|d| d.meta.path("owner").is_null(), expect![[r#"("doc"."meta" #> $1) IS NULL"#]], &[3, 4]).await;
    docs(|d| d.meta.path("owner").eq(None), expect![[r#"("doc"."meta" #> $1) IS NULL"#]], &[3, 4]).await;
    docs(|d| d.extra.eq(Value::Null), expect![[r#""doc"."extra" = $1"#]], &[2]).await;
    docs(|d| d.extra.is_null(), expect![[r#""doc"."extra" IS NULL"#]], &[1]).await;
    docs(|d| d.extra.path("a").is_null(), expect![[r#"("doc"."extra" #> $1) IS NULL"#]], &[1, 2, 4]).await;
    docs(
        |d| d.meta.path("owner").as_text().is_null(),
        expect![[r#"("doc"."meta" #>> $1) IS NULL"#]],
        &[2, 3, 4],
    )
    .await;
    Ok(())
}

#[orm::test(models(Doc, Note), transaction)]
async fn values_of_json_are_read_as_what_they_are_and_null_if_they_are_something_else() -> Result<()> {
    filled().await?;
    docs(
        |d| d.meta.path("owner.name").as_text().icontains("an"),
        expect![[r#"("doc"."meta" #>> $1) ILIKE $2"#]],
        &[1],
    )
    .await;
    docs(|d| d.meta.path("level").as_text().eq("1"), expect![[r#"("doc"."meta" #>> $1) = $2"#]], &[1, 3])
        .await;
    docs(
        |d| d.meta.path("level").as_i64().gte(1),
        expect![[r#"CAST(jsonb_path_query_first(("doc"."meta" #> $1), 'strict $ ? (@ == @.floor() && @ >= -9223372036854775808 && @ <= 9223372036854775807)') AS bigint) >= $2"#]],
        &[1],
    )
    .await;
    docs(
        |d| d.meta.path("level").as_f64().gt(0.5),
        expect![[r#"CAST(jsonb_path_query_first(("doc"."meta" #> $1), 'strict $ ? (@ >= -1.7976931348623157e308 && @ <= 1.7976931348623157e308)') AS double precision) > $2"#]],
        &[1, 2],
    )
    .await;
    docs(|d| d.extra.as_bool(), expect![[r#"CAST(jsonb_path_query_first("doc"."extra", 'strict $ ? (@ == true || @ == false)') AS boolean)"#]], &[4]).await;
    let rows = Doc::objects().order_by(|d| d.id).values(|d| {
        (
            d.extra.as_text(),
            d.extra.as_bool(),
            d.meta.path(1).as_i64(),
            d.meta.path("tags").array_len(),
            d.meta.array_len(),
        )
    });
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows.await?,
        [
            (None, None, None, Some(2), None),
            (None, None, None, Some(0), None),
            (text(r#"{"a": 1}"#), None, None, None, None),
            (text("true"), Some(true), None, None, Some(3)),
        ]
    );
    Ok(())
}

#[orm::test(models(Doc, Note), transaction)]
async fn json_has_keys_and_contains_json() -> Result<()> {
    filled().await?;
    docs(|d| d.meta.has_key("owner"), expect![[r#""doc"."meta" ? $1"#]], &[1, 2]).await;
    docs(|d| d.meta.has_key("level"), expect![[r#""doc"."meta" ? $1"#]], &[1, 2, 3, 4]).await;
    docs(|d| d.meta.has_keys(["owner", "a.b"]), expect![[r#""doc"."meta" ?& $1"#]], &[1]).await;
    docs(
        |d| d.extra.has_any_keys(vec!["a".to_owned(), "b".to_owned()]),
        expect![[r#""doc"."extra" ?| $1"#]],
        &[3],
    )
    .await;
    docs(|d| !d.extra.has_key("a"), expect![[r#"("doc"."extra" ? $1) IS NOT TRUE"#]], &[1, 2, 4]).await;
    docs(|d| d.meta.path("tags").contains(json!(["b"])), expect![[r#"("doc"."meta" #> $1) @> $2"#]], &[1])
        .await;
    docs(|d| d.meta.contains(json!({"owner": {"id": 7}})), expect![[r#""doc"."meta" @> $1"#]], &[1]).await;
    docs(|d| d.extra.contained_by(json!({"a": 1, "b": 2})), expect![[r#""doc"."extra" <@ $1"#]], &[3]).await;
    docs(
        |d| d.meta.path("tags").contained_by(json!(["a", "b", "c"])),
        expect![[r#"("doc"."meta" #> $1) <@ $2"#]],
        &[1, 2, 3],
    )
    .await;
    docs(|d| d.size.contains(json!({"unit": "cm"})), expect![[r#""doc"."size" @> $1"#]], &[1]).await;
    docs(|d| d.meta.contains(d.meta.path("none")), expect![[r#""doc"."meta" @> ("doc"."meta" #> $1)"#]], &[])
        .await;
    docs(
        |d| d.meta.path_exists("$.tags[*] ? (@ == \"b\")"),
        expect![[r#""doc"."meta" @? CAST($1 AS jsonpath)"#]],
        &[1],
    )
    .await;
    let first =
        Doc::objects().filter(|d| d.id.lte(2)).order_by(|d| d.id).values(|d| d.meta.path_first("$.tags[*]"));
    assert_eq!(first.await?, [Some(json!("a")), None]);
    let error = Doc::objects().filter(|d| d.meta.path_exists("$.a[")).await.unwrap_err();
    assert!(error.to_string().contains("jsonpath"), "{error}");
    Ok(())
}

#[orm::test(models(Doc, Note), transaction)]
async fn json_is_looked_up_through_relations() -> Result<()> {
    filled().await?;
    notes(
        |n| n.doc.meta.path("owner.name").as_text().eq("Ann"),
        expect![[r#"("doc"."meta" #>> $1) = $2"#]],
        &[1, 2],
    )
    .await;
    notes(|n| n.doc.meta.path("owner").is_null(), expect![[r#"("doc"."meta" #> $1) IS NULL"#]], &[4]).await;
    notes(|n| !n.doc.meta.has_key("a.b"), expect![[r#"("doc"."meta" ? $1) IS NOT TRUE"#]], &[3, 4]).await;
    docs(
        |d| d.notes.doc.meta.has_key("owner") & d.notes.id.gt(1),
        expect![[r#"EXISTS(SELECT 1 FROM "note" LEFT JOIN "doc" AS "doc_2" ON "doc_2"."id" = "note"."doc_id" WHERE "note"."doc_id" = "doc"."id" AND ("doc_2"."meta" ? $1) AND "note"."id" > $2)"#]],
        &[1, 2],
    )
    .await;
    Ok(())
}

#[orm::test(models(Doc, Note), transaction)]
async fn an_update_changes_a_part_of_json() -> Result<()> {
    filled().await?;
    let one = || Doc::objects().filter(|d| d.id.eq(1));
    let change = one().update(|d| {
        d.meta.set(d.meta.set_path("owner.name", json!("Bob")).remove_path("tags").remove_path(["a.b"]))
    });
    expect![[
        r#"UPDATE "doc" SET "meta" = (jsonb_set("doc"."meta", $1, $2) #- $3) #- $4 WHERE "doc"."id" = $5"#
    ]]
    .assert_eq(&change.to_sql());
    change.await?;
    assert_eq!(one().values(|d| d.meta).one().await?, json!({"owner": {"name": "Bob", "id": 7}, "level": 1}));
    one().update(|d| d.meta.set(d.meta.merge(json!({"level": 3, "new": [1]})))).await?;
    one().update(|d| d.meta.set(d.meta.set_path("new.-1", d.meta.path("level").or(json!(0))))).await?;
    assert_eq!(
        one().values(|d| d.meta).one().await?,
        json!({"owner": {"name": "Bob", "id": 7}, "level": 3, "new": [3]})
    );
    // A part of a NULL is NULL.
    Doc::objects()
        .filter(|d| d.id.in_([1, 3]))
        .update(|d| {
            (d.extra.set(d.extra.set_path("a", json!(2))), d.size.set(d.size.set_path("width", json!(5))))
        })
        .await?;
    let rows = Doc::objects()
        .filter(|d| d.id.in_([1, 3]))
        .order_by(|d| d.id)
        .values(|d| (d.extra, d.size.path("width")))
        .await?;
    assert_eq!(rows, [(None, Some(json!(5))), (Some(json!({"a": 2})), None)]);
    Ok(())
}

#[orm::test(models(Doc, Note), transaction)]
async fn what_is_asked_of_json_stands_in_orders_groups_and_functions() -> Result<()> {
    filled().await?;
    fn owned<N: orm::Reach>(doc: &DocFields<N>) -> Cond {
        doc.meta.path("owner.id").is_not_null()
    }
    assert_eq!(Note::objects().filter(|n| owned(&n.doc)).count().await?, 2);
    let order = Doc::objects()
        .order_by(|d| (d.meta.path("level").as_f64().desc().nulls_last(), d.id))
        .values(|d| d.id);
    assert_eq!(order.await?, [2, 1, 3, 4]);
    let groups = Note::objects().group_by(|n| n.doc.meta.path("level")).annotate(|n| n.id.count());
    assert_eq!(groups.order_by(|n| n.1).await?, [(Some(json!(1)), 2), (Some(json!(2.5)), 1), (None, 1)]);
    Ok(())
}
