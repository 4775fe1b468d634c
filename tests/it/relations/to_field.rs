//! Foreign keys that hold a unique column of the other model, and not its primary key.

use orm::{ErrorKind, FetchMode, Result, prelude::*, testing::count_queries};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
struct Country {
    id: i64,
    #[orm(unique, key = CountryCode, max_length = 2)]
    code: String,
    name: String,
    #[orm(via = "country", to_field = "code")]
    cities: HasMany<City>,
    #[orm(via = "twin", to_field = "code")]
    twins: HasMany<City>,
    #[orm(to_field = "code")]
    anthem: HasOne<Anthem>,
}

#[derive(Model, Input, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
struct City {
    id: i64,
    name: String,
    #[orm(on_delete = "cascade", column = "country_code")]
    country: ForeignKey<Country, CountryCode>,
    #[orm(on_delete = "set_null")]
    twin: Option<ForeignKey<Country, CountryCode>>,
    parks: HasMany<Park>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Park {
    id: i64,
    city: ForeignKey<City>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Anthem {
    id: i64,
    title: String,
    #[orm(unique)]
    country: ForeignKey<Country, CountryCode>,
}

fn all() -> [&'static orm::types::ModelMeta; 4] {
    orm::models![Country, City, Park, Anthem]
}

/// Ids and codes are in different orders.
async fn world() -> Result<()> {
    for (id, code, name) in [(1, "NL", "Netherlands"), (2, "IT", "Italy"), (3, "DE", "Germany")] {
        Country::objects().create().id(id).code(code).name(name).await?;
    }
    for (name, code) in [("Rome", "IT"), ("Milan", "IT"), ("Delft", "NL")] {
        City::objects().create().name(name).country(code).await?;
    }
    Anthem::objects().create().title("Wilhelmus").country("NL").await.map(drop)
}

async fn country(code: &str) -> Result<Country> {
    Country::objects().filter(|c| c.code.eq(code)).one().await
}

fn names(cities: &[City]) -> Vec<&str> {
    cities.iter().map(|city| &*city.name).collect()
}

#[orm::test(models = all(), fixture = world)]
async fn the_column_holds_the_value_and_refers_to_it_in_the_database() -> Result<()> {
    let italy = country("IT").await?;
    let bari = City::objects().create().name("Bari").country(&italy).twin(&italy).await?;
    assert_eq!((bari.country.id(), bari.twin.as_ref().map(ForeignKey::id)), ("IT".into(), Some("IT".into())));
    assert_eq!(format!("{:?}", bari.country), r#"Country("IT")"#);
    let error = City::objects().create().name("?").country("XX").await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error}");
    orm::execute("UPDATE country SET code = 'I2' WHERE code = 'DE'").await?;
    italy.delete().await?;
    assert_eq!(City::objects().values(|c| c.name).await?, ["Delft"], "`on_delete` holds");
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn what_it_holds_is_read_without_a_join_and_the_rest_by_one() -> Result<()> {
    let local = City::objects().filter(|c| c.country.code.eq("IT")).values(|c| (c.name, c.country.code));
    assert_eq!(
        local.to_sql(),
        r#"SELECT "city"."name", "city"."country_code" FROM "city" WHERE "city"."country_code" = $1 ORDER BY "city"."id" ASC"#
    );
    assert_eq!(local.await?, [("Rome".into(), "IT".into()), ("Milan".into(), "IT".to_owned())]);
    let joined = City::objects().filter(|c| c.country.name.eq("Italy")).values(|c| c.name);
    assert!(joined.to_sql().contains(r#"INNER JOIN "country" ON "country"."code" = "city"."country_code""#));
    assert_eq!(joined.await?, ["Rome", "Milan"]);
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn relations_are_compared_with_rows_and_primary_keys_as_any_other() -> Result<()> {
    let italy = country("IT").await?;
    assert_eq!(names(&City::objects().filter(|c| c.country.eq(&italy)).await?), ["Rome", "Milan"]);
    assert_eq!(names(&City::objects().filter(|c| c.country.eq(1)).await?), ["Delft"]);
    let some = Country::objects().filter(|c| c.name.startswith("I"));
    assert_eq!(names(&City::objects().filter(|c| c.country.in_(some)).await?), ["Rome", "Milan"]);
    assert_eq!(City::objects().filter(|c| c.twin.is_null()).count().await?, 3);
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn it_is_loaded_joined_asked_and_by_peers() -> Result<()> {
    let (joined, queries) = count_queries(City::objects().select_related(|c| (c.country, c.twin))).await;
    let joined = joined?;
    assert_eq!((&*joined[0].country.get()?.name, joined[0].twin.get()?, queries == 1), ("Italy", None, true));
    let (asked, queries) = count_queries(City::objects().prefetch_related(|c| c.country)).await;
    assert_eq!((&*asked?[2].country.get()?.name, queries == 2), ("Netherlands", true));
    let (peers, queries) = count_queries(async {
        let cities = City::objects().fetch_mode(FetchMode::Peers).await?;
        cities[0].country.fetch().await?;
        cities[2].country.fetch().await
    })
    .await;
    assert_eq!((&*peers?.name, queries == 2), ("Netherlands", true));
    assert_eq!(asked_alone().await?, "Italy");
    Ok(())
}

async fn asked_alone() -> Result<String> {
    let rome = City::objects().filter(|c| c.name.eq("Rome")).one().await?;
    Ok(rome.country.fetch().await?.name)
}

#[orm::test(models = all(), fixture = world)]
async fn the_other_side_is_loaded_and_asked_about() -> Result<()> {
    let (countries, queries) =
        count_queries(Country::objects().prefetch_related(|c| (c.cities, c.anthem))).await;
    let countries = countries?;
    let cities: Vec<_> = countries.iter().map(|country| names(country.cities.get().unwrap())).collect();
    assert_eq!((cities, queries == 3), (vec![vec!["Delft"], vec!["Rome", "Milan"], vec![]], true));
    assert_eq!(countries[0].anthem.get()?.map(|anthem| &*anthem.title), Some("Wilhelmus"));
    let with = Country::objects().filter(|c| c.cities.name.startswith("R"));
    assert_eq!(
        with.to_sql(),
        r#"SELECT "country"."id", "country"."code", "country"."name" FROM "country" WHERE EXISTS(SELECT 1 FROM "city" WHERE "city"."country_code" = "country"."code" AND "city"."name" LIKE $1) ORDER BY "country"."id" ASC"#
    );
    assert_eq!(with.values(|c| c.name).await?, ["Italy"]);
    assert_eq!(
        Country::objects().filter(|c| c.cities.none(|c| c.id.gt(0))).values(|c| c.code).await?,
        ["DE"]
    );
    assert_eq!(Country::objects().values(|c| c.cities.count()).await?, [1, 2, 0]);
    let (anthems, queries) = count_queries(async {
        let countries = Country::objects().fetch_mode(FetchMode::Peers).await?;
        let first = countries[0].anthem.fetch().await?.map(|anthem| anthem.title);
        Ok::<_, orm::Error>((first, countries[1].anthem.fetch().await?.map(|anthem| anthem.title)))
    })
    .await;
    assert_eq!((anthems?, queries == 2), ((Some("Wilhelmus".to_owned()), None), true));
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn managers_write_the_value() -> Result<()> {
    let (italy, germany) = (country("IT").await?, country("DE").await?);
    assert_eq!(names(&italy.cities.query().await?), ["Rome", "Milan"]);
    let bonn = germany.cities.create().name("Bonn").await?;
    assert_eq!(bonn.country.id(), "DE");
    assert_eq!(italy.cities.add([&bonn]).await?, 1);
    assert_eq!(names(&italy.cities.query().await?), ["Rome", "Milan", "Bonn"]);
    assert!(italy.cities.clear().await.is_err(), "it is never NULL");
    let anthem = italy.anthem.fetch().await?;
    assert!(anthem.is_none());
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn managers_take_and_move_what_may_be_null() -> Result<()> {
    let italy = country("IT").await?;
    let cities = City::objects().await?;
    assert_eq!(italy.twins.set(&cities).await?, 3);
    assert_eq!(italy.twins.remove([cities[0].id]).await?, 1);
    assert_eq!(names(&italy.twins.query().await?), ["Milan", "Delft"]);
    assert_eq!(italy.twins.set([cities[0].id, cities[1].id]).await?, 2);
    assert_eq!(names(&italy.twins.query().await?), ["Rome", "Milan"]);
    assert_eq!((italy.twins.clear().await?, italy.twins.query().count().await?), (2, 0));
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn an_upsert_finds_a_row_by_the_value_and_changes_it() -> Result<()> {
    let upsert = |code: &'static str, title| {
        let new = Anthem::objects().create().title(title).country(code);
        new.update_conflicts(|a| a.country, |a, new| a.title.set(new.title))
    };
    assert!(upsert("NL", "Het Wilhelmus").to_sql().contains(r#"ON CONFLICT ("country_id") DO UPDATE"#));
    upsert("NL", "Het Wilhelmus").await?;
    upsert("IT", "Il Canto degli Italiani").await?;
    let titles = Anthem::objects().order_by(|a| a.id).values(|a| (a.country.code, a.title)).await?;
    let wanted = [("NL", "Het Wilhelmus"), ("IT", "Il Canto degli Italiani")];
    assert_eq!(titles, wanted.map(|(code, title)| (code.to_owned(), title.to_owned())));
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn what_is_not_loaded_is_not_fetched_where_that_is_forbidden() -> Result<()> {
    let cities = City::objects().fetch_mode(FetchMode::Raise).await?;
    let (error, queries) = count_queries(cities[0].country.fetch()).await;
    assert_eq!((error.unwrap_err().is_not_loaded(), queries == 0), (true, true));
    assert_eq!(cities[0].country.id(), "IT", "its value is there");
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn it_is_changed_by_instances_and_by_updates() -> Result<()> {
    let (italy, germany) = (country("IT").await?, country("DE").await?);
    let mut delft = City::objects().filter(|c| c.name.eq("Delft")).one().await?;
    delft.country = ForeignKey::of(&germany);
    delft.save().await?;
    delft.country = ForeignKey::by("NL".into());
    City::objects().bulk_update(&[delft.clone()], |c| c.country).await?;
    delft.refresh().await?;
    assert_eq!(delft.country.id(), "NL");
    let update =
        City::objects().filter(|c| c.id.eq(delft.id)).update(|c| (c.country.set(&italy), c.twin.set(3)));
    assert_eq!(update.await?, 1);
    delft.refresh().await?;
    assert_eq!(
        (delft.country.id(), delft.twin.as_ref().map(ForeignKey::id)),
        ("IT".into(), Some("DE".into()))
    );
    City::objects().update(|c| c.twin.set(None)).await?;
    assert_eq!(City::objects().filter(|c| c.twin.is_null()).count().await?, 3);
    let error = City::objects().update(|c| c.country.set(c.twin)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    Ok(())
}

#[orm::test(models = all(), fixture = world)]
async fn texts_clients_and_validation_know_the_value() -> Result<()> {
    assert_eq!(City::objects().filter_str("country__code", "IT")?.count().await?, 2);
    assert_eq!(City::objects().filter_str("country__name__startswith", "N")?.count().await?, 1);
    let draft: Draft<City> = serde_json::from_str(r#"{"name": "Bonn", "country": "DE"}"#).unwrap();
    draft.full_clean().await?;
    assert_eq!(draft.save().await?.country.id(), "DE");
    let draft: Draft<City> = serde_json::from_str(r#"{"name": "?", "country": "XX"}"#).unwrap();
    let error = draft.full_clean().await.unwrap_err();
    let error = error.validation_errors().expect("of validation").field("country");
    assert_eq!(
        error.iter().map(|error| error.message.to_string()).collect::<Vec<_>>(),
        ["This Country does not exist."]
    );
    Ok(())
}

/// The far side does not say which column it is by.
#[derive(Model, Debug, Clone, PartialEq)]
struct Land {
    id: i64,
    #[orm(unique, key = LandCode)]
    code: i32,
    towns: HasMany<Town>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Town {
    id: i64,
    land: ForeignKey<Land, LandCode>,
}

#[tokio::test]
async fn a_far_side_that_does_not_say_the_column_is_an_error_that_names_it() {
    let test = orm::testing::TestDb::create().await.unwrap();
    let error = test.db().create_tables(orm::models![Land, Town]).await.unwrap_err();
    let wanted = "`Land.towns`: `Town.land` holds `code`; add `#[orm(to_field = \"code\")]`";
    assert!(error.to_string().contains(wanted), "{error}");
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Union {
    id: i64,
    #[orm(through = Member)]
    lands: ManyToMany<Land>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Member {
    id: i64,
    union: ForeignKey<Union>,
    land: ForeignKey<Land, LandCode>,
}

#[tokio::test]
async fn pairs_by_such_a_key_are_an_error_that_says_what_to_use() {
    let test = orm::testing::TestDb::create().await.unwrap();
    let error = test.db().create_tables(orm::models![Union, Member, Land]).await.unwrap_err();
    let wanted = "`Union.lands`: `Member.land` holds a unique value, and pairs are of primary keys; use the model between";
    assert!(error.to_string().contains(wanted), "{error}");
}
