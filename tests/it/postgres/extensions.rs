//! Extensions: made by their names, and what pg_trgm, unaccent and hstore are for.

use super::check;
use expect_test::expect;
use orm::{ErrorKind, Hstore, Result, prelude::*, testing::TestDb};

#[derive(Model, Debug, Clone, PartialEq)]
struct Person {
    id: i64,
    name: String,
    nickname: Option<String>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Item {
    id: i64,
    labels: Hstore,
    more: Option<Hstore>,
}

#[tokio::test]
async fn an_extension_is_made_once_however_often_it_is_asked_for() {
    let test = TestDb::create().await.unwrap();
    let db = test.db();
    let before = Person::objects().using(db).filter(|p| p.name.unaccent().eq("x"));
    db.create_tables(orm::models![Person]).await.unwrap();
    let error = before.clone().await.unwrap_err();
    assert!(error.is_schema() && error.to_string().contains("db.create_extension(…)"), "{error}");
    let (a, b, c) = tokio::join!(
        db.create_extension("unaccent"),
        db.create_extension("unaccent"),
        db.create_extension("uuid-ossp")
    );
    for made in [a, b, c] {
        made.unwrap();
    }
    db.create_extension("unaccent").await.unwrap();
    assert_eq!(before.await.unwrap(), []);
}

#[tokio::test]
async fn an_extension_that_is_not_there_is_an_error_that_says_so() {
    let test = TestDb::create().await.unwrap();
    let error = test.db().create_extension("no such").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("`no such` is not installed on the server"), "{error}");
    for name in ["x\"; DROP TABLE person; --", "", "a\0b"] {
        test.db().create_extension(name).await.unwrap_err();
    }
    let within = test.db().scope(atomic(async { test.db().create_extension("unaccent").await })).await;
    assert!(within.unwrap_err().to_string().contains("inside `atomic`"));
    // The connection is as good as before.
    test.db().create_extension("unaccent").await.unwrap();
}

async fn people() -> Result<()> {
    orm::execute("CREATE EXTENSION pg_trgm").await?;
    orm::execute("CREATE EXTENSION unaccent").await?;
    for (id, name, nickname) in
        [(1, "Katharina", Some("Käthe")), (2, "Katherine", None), (3, "Bob Hélène", Some("Bob"))]
    {
        Person::objects().create().id(id).name(name).nickname(nickname.map(String::from)).await?;
    }
    Ok(())
}

#[orm::test(models(Person, Item), transaction)]
async fn names_that_are_alike_are_found_by_trigrams() -> Result<()> {
    people().await?;
    let all = Person::objects;
    check(all().filter(|p| p.name.trigram_similar("Katarina")), expect![[r#""person"."name" % $1"#]], &[1])
        .await;
    check(
        all().filter(|p| p.name.trigram_word_similar("Helene") | p.name.trigram_word_similar("bob")),
        expect![[r#"("person"."name" %> $1) OR ("person"."name" %> $2)"#]],
        &[3],
    )
    .await;
    check(
        all().filter(|p| p.name.trigram_strict_word_similar("bob")),
        expect![[r#""person"."name" %>> $1"#]],
        &[3],
    )
    .await;
    check(
        all().exclude(|p| p.nickname.trigram_similar("bob")),
        expect![[r#"("person"."nickname" % $1) IS NOT TRUE"#]],
        &[1, 2],
    )
    .await;
    let near: Vec<(i64, Option<f32>)> = all()
        .order_by(|p| p.name.trigram_distance("Katherina"))
        .values(|p| (p.id, p.nickname.trigram_similarity("Bob")))
        .await?;
    assert_eq!(near, [(2, None), (1, Some(0.0)), (3, Some(1.0))]);
    let words: (f32, f32, f32, f32) = all()
        .filter(|p| p.id.eq(3))
        .values(|p| {
            let name = p.name;
            (
                name.trigram_word_similarity("bob"),
                name.trigram_strict_word_similarity("bob"),
                name.trigram_word_distance("bob"),
                name.trigram_strict_word_distance("bob"),
            )
        })
        .one()
        .await?;
    assert_eq!(words, (1.0, 1.0, 0.0, 0.0));
    Ok(())
}

#[orm::test(models(Person, Item), transaction)]
async fn texts_are_compared_without_accents() -> Result<()> {
    people().await?;
    let all = Person::objects;
    check(
        all().filter(|p| p.name.unaccent().icontains("helene")),
        expect![[r#"UNACCENT("person"."name") ILIKE $1"#]],
        &[3],
    )
    .await;
    check(
        all().filter(|p| p.nickname.unaccent().eq(orm::value("Kathé").unaccent())),
        expect![[r#"UNACCENT("person"."nickname") = UNACCENT($1)"#]],
        &[1],
    )
    .await;
    Ok(())
}

#[orm::test(models(Person, Item), transaction)]
async fn hstore_has_values_by_name() -> Result<()> {
    let red = Hstore::from_iter([("colour", "red"), ("size", "M")]);
    Item::objects().create().id(1).labels(&red).await?;
    let none = Hstore([("colour".to_owned(), None)].into());
    Item::objects().create().id(2).labels(&none).more(red).await?;
    let all = Item::objects;
    check(
        all().filter(|i| i.labels.key("colour").eq("red")),
        expect![[r#"("item"."labels" -> $1) = $2"#]],
        &[1],
    )
    .await;
    check(
        all().filter(|i| i.labels.key("size").is_null()),
        expect![[r#"("item"."labels" -> $1) IS NULL"#]],
        &[2],
    )
    .await;
    check(
        all().filter(|i| i.more.key("size").startswith("M")),
        expect![[r#"("item"."more" -> $1) LIKE $2"#]],
        &[2],
    )
    .await;
    check(
        all().filter(|i| i.labels.has_keys(["colour", "size"])),
        expect![[r#""item"."labels" ?& $1"#]],
        &[1],
    )
    .await;
    check(
        all().filter(|i| i.labels.has_any_keys(["size", "weight"]) | i.more.has_key("size")),
        expect![[r#"("item"."labels" ?| $1) OR ("item"."more" ? $2)"#]],
        &[1, 2],
    )
    .await;
    check(
        all().filter(|i| i.labels.keys().contains(["size"])),
        expect![[r#"AKEYS("item"."labels") @> $1"#]],
        &[1],
    )
    .await;
    let values: Vec<(Vec<String>, Vec<Option<String>>, Option<Vec<String>>)> =
        all().order_by(|i| i.id).values(|i| (i.labels.keys(), i.labels.values(), i.more.keys())).await?;
    assert_eq!((&values[1].0[..], &values[1].1[..]), (&["colour".to_owned()][..], &[None][..]));
    assert_eq!((values[0].2.as_ref(), values[1].2.as_ref().map(Vec::len)), (None, Some(2)));
    Ok(())
}

#[orm::test(models(Person, Item), transaction)]
async fn an_update_changes_a_part_of_hstore() -> Result<()> {
    let mut item = Item::objects().create().id(1).labels(Hstore::from_iter([("a", "1"), ("b", "2")])).await?;
    Item::objects()
        .update(|i| i.labels.set(i.labels.set_key("c", "3").set_key("n", None).remove_key("a")))
        .await?;
    item.refresh().await?;
    let mut wanted = Hstore::from_iter([("b", "2"), ("c", "3")]);
    wanted.insert("n".to_owned(), None);
    assert_eq!(item.labels, wanted);
    Item::objects().update(|i| i.labels.set(i.labels.with_keys(Hstore::from_iter([("b", "7")])))).await?;
    item.refresh().await?;
    assert_eq!(item.labels["b"].as_deref(), Some("7"));
    Ok(())
}
