//! After `postgres_tests`: arrays, hstores, ranges and full text search.

use orm::{Hstore, Range, Result, prelude::*, search};

#[derive(Model, Debug, Clone, PartialEq)]
struct Numbers {
    id: i64,
    field: Option<Vec<i32>>,
}

async fn arrays() -> Result<()> {
    let rows = [
        (1, Some(vec![1])),
        (2, Some(vec![2])),
        (3, Some(vec![2, 3])),
        (4, Some(vec![20, 30, 40])),
        (5, None),
    ];
    let rows = rows.map(|(id, field)| Numbers::draft().id(id).field(field).build());
    Numbers::objects().bulk_create(rows).await.map(drop)
}

async fn ids<M: Model<Key = i64>>(query: QuerySet<M>) -> Result<Vec<i64>> {
    let mut ids: Vec<_> = query.await?.iter().map(Model::key).collect();
    ids.sort_unstable();
    Ok(ids)
}

/// `postgres_tests.TestQuerying` of arrays: `test_exact`, `test_gt`, `test_lt`, `test_in`, `test_isnull`
#[orm::test(models(Numbers), fixture = arrays)]
async fn arrays_are_compared_as_wholes() -> Result<()> {
    let all = Numbers::objects;
    assert_eq!(ids(all().filter(|n| n.field.eq(vec![1]))).await?, [1]);
    assert_eq!(ids(all().filter(|n| n.field.gt(vec![0]))).await?, [1, 2, 3, 4]);
    assert_eq!(ids(all().filter(|n| n.field.lt(vec![2]))).await?, [1]);
    assert_eq!(ids(all().filter(|n| n.field.eq(vec![1]) | n.field.eq(vec![2]))).await?, [1, 2]);
    assert_eq!(ids(all().filter(|n| n.field.is_null())).await?, [5]);
    Ok(())
}

/// `postgres_tests.TestQuerying` of arrays: `test_contains`, `test_contained_by`, `test_overlap`, `test_contains_subquery`
#[orm::test(models(Numbers), fixture = arrays)]
async fn arrays_contain_and_overlap_each_other() -> Result<()> {
    let all = Numbers::objects;
    assert_eq!(ids(all().filter(|n| n.field.contains([2]))).await?, [2, 3]);
    assert_eq!(ids(all().filter(|n| n.field.contained_by([1, 2]))).await?, [1, 2]);
    assert_eq!(ids(all().filter(|n| n.field.overlap([1, 2]))).await?, [1, 2, 3]);
    let whole = |n: &'static <Numbers as Model>::Fields<orm::types::Own>| {
        all().filter(|other| other.id.eq(3) & other.field.contains(n.field)).exists()
    };
    assert_eq!(ids(all().filter(whole)).await?, [2, 3]);
    Ok(())
}

/// `postgres_tests.TestQuerying` of arrays: `test_index`, `test_slice`, `test_len`, `test_len_empty_array`
#[orm::test(models(Numbers), fixture = arrays)]
async fn arrays_have_elements_slices_and_a_length() -> Result<()> {
    let all = Numbers::objects;
    assert_eq!(ids(all().filter(|n| n.field.at(0).eq(2))).await?, [2, 3]);
    assert_eq!(ids(all().filter(|n| n.field.slice(0..1).eq(vec![2]))).await?, [2, 3]);
    assert_eq!(ids(all().filter(|n| n.field.len().lte(2))).await?, [1, 2, 3]);
    Numbers::objects().create().id(6).field(vec![]).await?;
    assert_eq!(ids(all().filter(|n| n.field.len().eq(0))).await?, [6]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Pairs {
    id: i64,
    field: Option<Hstore>,
}

async fn hstores() -> Result<()> {
    let rows: [Option<&[(&str, &str)]>; 9] = [
        Some(&[("a", "b")]),
        Some(&[("a", "b"), ("c", "d")]),
        Some(&[("c", "d")]),
        Some(&[]),
        None,
        Some(&[("cat", "TigrOu"), ("breed", "birman")]),
        Some(&[("cat", "minou"), ("breed", "ragdoll")]),
        Some(&[("cat", "kitty"), ("breed", "Persian")]),
        Some(&[("cat", "Kit Kat"), ("breed", "persian")]),
    ];
    let rows = (1..).zip(rows).map(|(id, pairs)| {
        Pairs::draft().id(id).field(pairs.map(|pairs| Hstore::from_iter(pairs.iter().copied()))).build()
    });
    Pairs::objects().bulk_create(rows).await.map(drop)
}

/// `postgres_tests.TestQuerying` of hstores: `test_exact`, `test_contains`, `test_contained_by`, `test_has_key` and its relatives
#[orm::test(models(Pairs), fixture = hstores)]
async fn hstores_contain_each_other_and_have_keys() -> Result<()> {
    let all = Pairs::objects;
    let (a, both) = (Hstore::from_iter([("a", "b")]), Hstore::from_iter([("a", "b"), ("c", "d")]));
    assert_eq!(ids(all().filter(|p| p.field.eq(&a))).await?, [1]);
    assert_eq!(ids(all().filter(|p| p.field.contains(&a))).await?, [1, 2]);
    assert_eq!(ids(all().filter(|p| p.field.contained_by(&both))).await?, [1, 2, 3, 4]);
    assert_eq!(ids(all().filter(|p| p.field.has_key("c"))).await?, [2, 3]);
    assert_eq!(ids(all().filter(|p| p.field.has_keys(["a", "c"]))).await?, [2]);
    assert_eq!(ids(all().filter(|p| p.field.has_any_keys(["a", "c"]))).await?, [1, 2, 3]);
    Ok(())
}

/// `postgres_tests.TestQuerying` of hstores: `test_key_transform`, `test_keys`, `test_values`, `test_field_chaining_…`
#[orm::test(models(Pairs), fixture = hstores)]
async fn the_value_of_a_key_is_a_text_as_any_other() -> Result<()> {
    let all = Pairs::objects;
    assert_eq!(ids(all().filter(|p| p.field.key("a").eq("b"))).await?, [1, 2]);
    assert_eq!(ids(all().filter(|p| p.field.keys().eq(vec!["a".to_owned()]))).await?, [1]);
    assert_eq!(ids(all().filter(|p| p.field.values().eq(vec![Some("b".to_owned())]))).await?, [1]);
    assert_eq!(ids(all().filter(|p| p.field.key("cat").icontains("INo"))).await?, [7]);
    assert_eq!(ids(all().filter(|p| p.field.key("cat").startswith("kit"))).await?, [8]);
    assert_eq!(ids(all().filter(|p| p.field.key("cat").istartswith("kit"))).await?, [8, 9]);
    assert_eq!(ids(all().filter(|p| p.field.key("cat").iendswith("ou"))).await?, [6, 7]);
    assert_eq!(ids(all().filter(|p| p.field.key("breed").iexact("persian"))).await?, [8, 9]);
    assert_eq!(ids(all().filter(|p| p.field.key("cat").regex("ou$"))).await?, [7]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Spans {
    id: i64,
    ints: Option<Range<i32>>,
}

async fn ranges() -> Result<()> {
    let rows = [Some((0..10).into()), Some((5..15).into()), Some((..0).into()), Some(Range::EMPTY), None];
    let rows = (1..).zip(rows).map(|(id, ints)| Spans::draft().id(id).ints(ints).build());
    Spans::objects().bulk_create(rows).await.map(drop)
}

/// `postgres_tests.TestQuerying` of ranges, all lookups
#[orm::test(models(Spans), fixture = ranges)]
async fn ranges_lie_beside_and_in_each_other() -> Result<()> {
    let all = Spans::objects;
    assert_eq!(ids(all().filter(|s| s.ints.eq(0..10))).await?, [1]);
    assert_eq!(ids(all().filter(|s| s.ints.is_null())).await?, [5]);
    assert_eq!(ids(all().filter(|s| s.ints.is_empty())).await?, [4]);
    assert_eq!(ids(all().filter(|s| s.ints.contains(8))).await?, [1, 2]);
    assert_eq!(ids(all().filter(|s| s.ints.contains(3..8))).await?, [1]);
    assert_eq!(ids(all().filter(|s| s.ints.contained_by(0..20))).await?, [1, 2, 4]);
    assert_eq!(ids(all().filter(|s| s.ints.overlap(3..8))).await?, [1, 2]);
    assert_eq!(ids(all().filter(|s| s.ints.fully_lt(5..10))).await?, [3]);
    assert_eq!(ids(all().filter(|s| s.ints.fully_gt(5..10))).await?, [0; 0]);
    assert_eq!(ids(all().filter(|s| s.ints.not_lt(5..10))).await?, [2]);
    assert_eq!(ids(all().filter(|s| s.ints.not_gt(5..10))).await?, [1, 3]);
    assert_eq!(ids(all().filter(|s| s.ints.adjacent_to(0..5))).await?, [2, 3]);
    assert_eq!(ids(all().filter(|s| s.ints.lower_bound().gte(0))).await?, [1, 2]);
    assert_eq!(ids(all().filter(|s| s.ints.upper_bound().eq(0))).await?, [3]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Line {
    id: i64,
    character: String,
    dialogue: Option<String>,
}

/// Of our own words: knights and a witch, as many lines and the same matches.
async fn lines() -> Result<()> {
    let lines = [
        (
            1,
            "Minstrel",
            Some("Brave Sir Robin rode out, and was not afraid to be killed; brave, brave Sir Robin"),
        ),
        (2, "Minstrel", Some("He was not scared to have his elbows broken, brave Sir Robin")),
        (3, "Minstrel", Some("His heart cut out, his bowels unplugged, his nostrils ripped")),
        (4, "Bedemir", Some("We shall use my larger scales")),
        (5, "Bedemir", Some("Right, remove the supports")),
        (6, "Duck", None),
        (7, "Crowd", Some("A witch! A witch!")),
    ];
    let lines = lines
        .map(|(id, who, said)| Line::draft().id(id).character(who).dialogue(said.map(String::from)).build());
    Line::objects().bulk_create(lines).await?;
    Ok(())
}

/// `postgres_tests.SimpleSearchTest`, `SearchVectorFieldTest`: `test_simple`, `test_search_two_terms`, `test_non_exact_match`
#[orm::test(models(Line), fixture = lines)]
async fn lines_are_found_by_words_of_the_same_stem() -> Result<()> {
    let english = search::config("english");
    let found = async |words: &str| {
        ids(Line::objects().filter(|l| english.vector(l.dialogue).search(english.plain(words)))).await
    };
    assert_eq!(found("elbows").await?, [2]);
    assert_eq!(found("hearts").await?, [3]);
    assert_eq!(found("heart bowel").await?, [3]);
    assert_eq!(found("Robin killed").await?, [1]);
    Ok(())
}

/// `postgres_tests.MultipleFieldsTest`, `TestCombinations`, `TestRankingAndWeights`
#[orm::test(models(Line), fixture = lines)]
async fn words_of_several_columns_are_searched_and_ranked() -> Result<()> {
    let english = search::config("english");
    let words =
        |l: &'static <Line as Model>::Fields<orm::types::Own>| english.vector((l.character, l.dialogue));
    let found = Line::objects().filter(|l| words(l).search(english.plain("bedemir scales")));
    assert_eq!(ids(found).await?, [4]);
    let found =
        Line::objects().filter(|l| words(l).search(english.plain("bedemir") & !english.plain("scale")));
    assert_eq!(ids(found).await?, [5]);
    let ranked = Line::objects()
        .filter(|l| words(l).search(english.plain("brave sir robin")))
        .order_by(|l| words(l).rank(english.plain("brave sir robin")).desc())
        .values(|l| l.id);
    assert_eq!(ranked.await?, [1, 2]);
    Ok(())
}
