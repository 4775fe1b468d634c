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
