//! Arrays in queries: what they contain, and what they have in common.

use super::check;
use expect_test::expect;
use orm::{Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Talk {
    id: i64,
    tags: Vec<String>,
    marks: Option<Vec<i32>>,
    speakers: HasMany<Speaker>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Speaker {
    id: i64,
    known_for: Vec<Option<String>>,
    #[orm(on_delete = "cascade")]
    talk: ForeignKey<Talk>,
}

async fn filled() -> Result<()> {
    let talks =
        [(1, vec!["rust", "async"], Some(vec![1, 2])), (2, vec!["go"], None), (3, vec![], Some(vec![]))];
    let talks = talks.map(|(id, tags, marks)| {
        let tags: Vec<String> = tags.into_iter().map(String::from).collect();
        Talk::draft().id(id).tags(tags).marks(marks).build()
    });
    Talk::objects().bulk_create(talks).await?;
    let known = |word: &str| vec![Some(word.to_owned()), None];
    let speakers = [(1, known("rust"), 1), (2, known("go"), 2)];
    let speakers =
        speakers.map(|(id, known_for, talk)| Speaker::draft().id(id).known_for(known_for).talk(talk).build());
    Speaker::objects().bulk_create(speakers).await?;
    Ok(())
}

#[orm::test(models(Talk, Speaker), transaction)]
async fn an_array_contains_all_or_has_one_of_some_elements() -> Result<()> {
    filled().await?;
    let talks = Talk::objects;
    check(talks().filter(|t| t.tags.contains(["rust"])), expect![[r#""talk"."tags" @> $1"#]], &[1]).await;
    check(talks().filter(|t| t.tags.contains([""; 0])), expect![[r#""talk"."tags" @> $1"#]], &[1, 2, 3])
        .await;
    check(talks().filter(|t| t.tags.overlap(["go", "async"])), expect![[r#""talk"."tags" && $1"#]], &[1, 2])
        .await;
    let all = ["rust", "async", "go"];
    check(talks().filter(|t| t.tags.contained_by(all)), expect![[r#""talk"."tags" <@ $1"#]], &[1, 2, 3])
        .await;
    check(talks().filter(|t| t.tags.is_empty()), expect![[r#"CARDINALITY("talk"."tags") = 0"#]], &[3]).await;
    check(
        talks().filter(|t| !t.marks.is_empty()),
        expect![[r#"(CARDINALITY("talk"."marks") = 0) IS NOT TRUE"#]],
        &[1, 2],
    )
    .await;
    // NULL contains nothing, and stays under `!`.
    check(talks().filter(|t| t.marks.contains([2])), expect![[r#""talk"."marks" @> $1"#]], &[1]).await;
    check(
        talks().exclude(|t| t.marks.contains([2])),
        expect![[r#"("talk"."marks" @> $1) IS NOT TRUE"#]],
        &[2, 3],
    )
    .await;
    Ok(())
}

#[orm::test(models(Talk, Speaker), transaction)]
async fn arrays_with_nulls_and_of_related_rows_contain_as_well() -> Result<()> {
    filled().await?;
    let query = Talk::objects().filter(|t| t.speakers.known_for.contains(["rust".to_owned()]));
    check(query, expect![[r#"EXISTS(SELECT 1 FROM "speaker" WHERE "speaker"."talk_id" = "talk"."id" AND ("speaker"."known_for" @> $1))"#]], &[1]).await;
    // With another column on the right.
    let query = Talk::objects().filter(|t| t.tags.contains(t.tags));
    check(query, expect![[r#""talk"."tags" @> "talk"."tags""#]], &[1, 2, 3]).await;
    Ok(())
}

#[orm::test(models(Talk, Speaker), transaction)]
async fn elements_have_places_from_0_and_parts_are_arrays() -> Result<()> {
    filled().await?;
    let talks = || Talk::objects().order_by(|t| t.id);
    let rows: Vec<(i32, Option<i32>, Option<String>, Option<String>)> = talks()
        .values(|t| (t.tags.len(), t.marks.len(), t.tags.at(0), t.tags.at(t.id.cast::<i32>())))
        .await?;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows,
        [(2, Some(2), text("rust"), text("async")), (1, None, text("go"), None), (0, Some(0), None, None),]
    );
    let rust = talks().filter(|t| t.id.eq(1));
    let parts = rust.values(|t| {
        (t.tags.slice(0..1), t.tags.slice(1..), t.tags.slice(..=5), t.tags.slice(2..9), t.marks.slice(..1))
    });
    let (first, rest, all, none, marks): (
        Vec<String>,
        Vec<String>,
        Vec<String>,
        Vec<String>,
        Option<Vec<i32>>,
    ) = parts.one().await?;
    assert_eq!((first, rest), (vec!["rust".to_owned()], vec!["async".to_owned()]));
    assert_eq!((all.len(), none.len(), marks), (2, 0, Some(vec![1])));
    let found =
        Talk::objects().filter(|t| t.tags.at(0).startswith("r") & t.tags.slice(0..2).eq(["rust", "async"]));
    check(
        found,
        expect![[r#"(("talk"."tags")[ $1 + 1 ]) LIKE $2 AND (("talk"."tags")[ $3:$4 ]) = $5"#]],
        &[1],
    )
    .await;
    Ok(())
}

#[orm::test(models(Talk, Speaker), transaction)]
async fn a_value_is_looked_for_in_an_array_of_any_row() -> Result<()> {
    filled().await?;
    let talks = Talk::objects;
    check(talks().filter(|t| t.tags.any_eq("go")), expect![[r#"$1 = ANY("talk"."tags")"#]], &[2]).await;
    check(
        talks().exclude(|t| t.marks.any_eq(1)),
        expect![[r#"($1 = ANY("talk"."marks")) IS NOT TRUE"#]],
        &[2, 3],
    )
    .await;
    // Among related rows, by an outer row's value; NULL is no element.
    let known = Speaker::objects().filter(|s| s.known_for.any_eq(s.talk.tags.at(0))).count();
    assert_eq!(known.await?, 2);
    assert_eq!(talks().filter(|t| t.speakers.known_for.any_eq(None)).count().await?, 0);
    let places: Vec<Option<i32>> = talks().order_by(|t| t.id).values(|t| t.tags.position("async")).await?;
    assert_eq!(places, [Some(1), None, None]);
    Ok(())
}

#[orm::test(models(Talk, Speaker), transaction)]
async fn an_update_adds_to_arrays_and_takes_from_them() -> Result<()> {
    filled().await?;
    let talks = || Talk::objects().order_by(|t| t.id);
    talks()
        .update(|t| (t.tags.set(t.tags.append("new").prepend("old")), t.marks.set(t.marks.append(7))))
        .await?;
    let marks: Vec<Option<Vec<i32>>> = talks().values(|t| t.marks).await?;
    assert_eq!(marks, [Some(vec![1, 2, 7]), Some(vec![7]), Some(vec![7])]);
    talks()
        .update(|t| t.tags.set(t.tags.array_replace("old", "x").remove("new").array_cat(["y", "z"])))
        .await?;
    let tags: Vec<String> = talks().values(|t| t.tags.array_to_string(" ")).await?;
    assert_eq!(tags, ["x rust async y z", "x go y z", "x y z"]);
    Speaker::objects().update(|s| s.known_for.set(s.known_for.append(None).append("now".to_owned()))).await?;
    let known: Vec<Option<String>> =
        Speaker::objects().order_by(|s| s.id).values(|s| s.known_for.at(3)).await?;
    assert_eq!(known, [Some("now".to_owned()), Some("now".to_owned())]);
    Ok(())
}

#[orm::test(models(Talk, Speaker), transaction)]
async fn the_values_of_a_query_are_an_array_in_its_order() -> Result<()> {
    filled().await?;
    let rows: Vec<(i64, Vec<i64>)> = Talk::objects()
        .order_by(|t| t.id)
        .values(|t| {
            let speakers = Speaker::objects().filter(|s| s.talk.id.lte(t.id)).order_by(|s| s.id.desc());
            (t.id, orm::array_subquery(speakers.values(|s| s.id)))
        })
        .await?;
    assert_eq!(rows, [(1, vec![1]), (2, vec![2, 1]), (3, vec![2, 1])]);
    Ok(())
}
