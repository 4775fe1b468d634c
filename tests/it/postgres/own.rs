//! Functions, aggregates, lookups and SQL of the user's own in queries.

use super::condition;
use orm::{
    Expr, Result,
    prelude::*,
    types::{Typed, kind::Beside},
};

#[derive(Model, Debug, Clone, PartialEq)]
struct Song {
    id: i64,
    title: String,
    subtitle: Option<String>,
    plays: i32,
    verses: HasMany<Verse>,
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Verse {
    id: i64,
    words: String,
    #[orm(on_delete = "cascade")]
    song: ForeignKey<Song>,
}

async fn filled() -> Result<()> {
    for (id, title, subtitle, plays) in
        [(1, "Robert", Some("live"), 2), (2, "Rupert", None, 8), (3, "Ann", None, 1)]
    {
        Song::objects()
            .create()
            .id(id)
            .title(title)
            .subtitle(subtitle.map(String::from))
            .plays(plays)
            .await?;
        Verse::objects().create().words(title.to_lowercase()).song(ForeignKey::to(id)).await?;
    }
    orm::execute(
        r#"CREATE FUNCTION "Code of"(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
           AS $$ SELECT left(word, 1) || regexp_replace(substr(word, 2), '[aeiou]', '', 'g') $$"#,
    )
    .await?;
    orm::execute("CREATE AGGREGATE product(integer) (sfunc = int4mul, stype = integer)").await?;
    Ok(())
}

fn code<A: Typed>(text: A) -> Expr<String, A::Kind> {
    orm::func("Code of", text)
}

fn product<A: Typed>(of: A) -> orm::Agg<Option<i32>, <A::Kind as orm::types::kind::Kind>::Aggregated> {
    orm::aggregate("product", of)
}

fn begins_like<A: Typed, B: Typed>(a: A, b: B) -> Expr<bool, Beside<A::Kind, B::Kind>> {
    orm::sql("left($1, 1) = left($2, 1) AND $1 <> $2", (a, b))
}

async fn titles(query: QuerySet<Song>) -> Vec<String> {
    query.order_by(|s| s.id).values(|s| s.title).await.unwrap()
}

#[orm::test(models(Song, Verse), transaction)]
async fn a_function_of_ones_own_is_a_value_like_any_other() -> Result<()> {
    filled().await?;
    let songs = Song::objects;
    assert_eq!(titles(songs().filter(|s| code(s.title).eq("Rbrt"))).await, ["Robert"]);
    assert_eq!(titles(songs().filter(|s| code(code(s.title)).startswith("R"))).await, ["Robert", "Rupert"]);
    // Across a to-many relation, in an order, in a change.
    let query = songs().filter(|s| code(s.verses.words).eq("rprt"));
    assert!(condition(&query).starts_with(r#"EXISTS(SELECT 1 FROM "verse""#));
    assert_eq!(titles(query).await, ["Rupert"]);
    songs().filter(|s| s.id.eq(3)).update(|s| s.title.set(code(s.title))).await?;
    let all: Vec<String> = songs().order_by(|s| code(s.title).desc()).values(|s| code(s.title)).await?;
    assert_eq!(all, ["Rprt", "Rbrt", "Ann"]);
    // In a schema, with several arguments and with none.
    let query = songs().filter(|_| orm::func::<i32, _>("pg_catalog.int4pl", (1, 2)).eq(3)).count();
    assert_eq!(query.to_sql(), r#"SELECT COUNT(*) FROM "song" WHERE "pg_catalog"."int4pl"($1, $2) = $3"#);
    assert_eq!(query.await?, 3);
    let begun: Vec<bool> = songs()
        .values(|_| orm::func::<DateTime<Utc>, _>("transaction_timestamp", ()).lte(orm::now()))
        .await?;
    assert_eq!(begun, [true; 3]);
    Ok(())
}

#[orm::test(models(Song, Verse), transaction)]
async fn what_a_function_gives_is_as_it_was_said_or_an_error() -> Result<()> {
    filled().await?;
    let songs = || Song::objects().order_by(|s| s.id);
    let codes: Vec<Option<String>> =
        songs().values(|s| orm::func::<Option<String>, _>("Code of", s.subtitle)).await?;
    assert_eq!(codes, [Some("lv".to_owned()), None, None]);
    // NULL under `!` counts as false, whatever was said.
    assert_eq!(
        titles(songs().exclude(|s| orm::sql::<bool, _>("$1 = 'live'", s.subtitle))).await,
        ["Rupert", "Ann"]
    );
    let other = atomic(async { songs().values(|s| orm::func::<i64, _>("Code of", s.title)).await }).await;
    let error = other.unwrap_err().to_string();
    assert!(error.contains("text") && error.contains("bigint"), "{error}");
    let unknown = atomic(async { songs().values(|s| orm::func::<i64, _>("no such", s.title)).await }).await;
    assert!(unknown.unwrap_err().to_string().contains("no such"));
    Ok(())
}

#[orm::test(models(Song, Verse), transaction)]
async fn an_aggregate_of_ones_own_has_filters_groups_and_windows() -> Result<()> {
    filled().await?;
    let (all, some): (Option<i32>, Option<i32>) =
        Song::objects().aggregate(|s| (product(s.plays), product(s.plays).filter(s.plays.gt(2)))).await?;
    assert_eq!((all, some), (Some(16), Some(8)));
    let groups: Vec<(bool, Option<i32>)> = Song::objects()
        .group_by(|s| s.subtitle.is_null())
        .annotate(|s| product(s.plays))
        .order_by(|(_, null, _)| null)
        .await?;
    assert_eq!(groups, [(false, Some(2)), (true, Some(8))]);
    let running: Vec<Option<i32>> =
        Song::objects().order_by(|s| s.id).values(|s| product(s.plays).over(|w| w.order_by(s.id))).await?;
    assert_eq!(running, [Some(2), Some(16), Some(16)]);
    Ok(())
}

#[orm::test(models(Song, Verse), transaction)]
async fn sql_of_ones_own_has_its_values_bound_wherever_they_stand() -> Result<()> {
    filled().await?;
    let songs = Song::objects;
    let rows: Vec<(String, i32)> = songs()
        .order_by(|s| s.id)
        .values(|s| {
            (
                orm::sql::<String, _>("upper($1) || $2", (s.title, "'; --")),
                orm::sql::<i32, _>("1 + 1", ()) * s.plays,
            )
        })
        .limit(1)
        .await?;
    assert_eq!(rows, [("ROBERT'; --".to_owned(), 4)]);
    // A value that stands twice is sent once; a string of the SQL is left alone.
    let query = songs()
        .filter(|s| begins_like(s.title, "Rxx"))
        .filter(|s| orm::sql::<String, _>("'$1' || $1", s.title).ne(""));
    assert_eq!(
        condition(&query),
        r#"(left("song"."title", 1) = left($1, 1) AND "song"."title" <> $1) AND (('$1' ||  "song"."title") IS DISTINCT FROM $2)"#
    );
    assert_eq!(titles(query).await, ["Robert", "Rupert"]);
    // An expression within stands in parentheses.
    let doubled: Vec<i32> =
        songs().order_by(|s| s.id).values(|s| orm::sql::<i32, _>("$1 * 2", s.plays + 1)).await?;
    assert_eq!(doubled, [6, 18, 4]);
    assert_eq!(
        titles(songs().filter(|s| !begins_like(s.verses.words, s.title.lower()))).await,
        ["Robert", "Rupert", "Ann"]
    );
    Ok(())
}

#[orm::test(models(Song, Verse), transaction)]
async fn a_number_without_a_value_is_an_error_before_anything_is_sent() -> Result<()> {
    let error = Song::objects().filter(|s| orm::sql::<bool, _>("$1 = $2", s.title)).await.unwrap_err();
    assert!(error.to_string().contains("`$2` stands in the SQL `$1 = $2`, and 1 value is given"), "{error}");
    let error = Song::objects().values(|s| orm::sql::<bool, _>("true", s.title)).await.unwrap_err();
    assert!(error.to_string().contains("which does not stand in it"), "{error}");
    Ok(())
}

#[orm::test(models(Song, Verse), transaction)]
async fn what_is_ones_own_stands_in_groups_orders_changes_and_subqueries() -> Result<()> {
    filled().await?;
    let first = |s: &SongFields| orm::sql::<String, _>("substr($1, $2, 1)", (s.title, 1));
    let groups: Vec<(String, i64)> =
        Song::objects().group_by(first).annotate(|s| s.id.count()).order_by(|(_, letter, _)| letter).await?;
    assert_eq!(groups, [("A".to_owned(), 1), ("R".to_owned(), 2)]);
    let ordered: Vec<i64> = Song::objects()
        .order_by(|s| (first(s).desc(), orm::func::<i32, _>("abs", -s.plays)))
        .values(|s| s.id)
        .await?;
    assert_eq!(ordered, [1, 2, 3]);
    // An outer field in the SQL of an inner query.
    let sung = Song::objects().filter(|s| {
        Verse::objects()
            .filter(|v| orm::sql::<bool, _>("$1 = lower($2)", (v.words, s.title)) & v.song.eq(s.id))
            .exists()
    });
    assert_eq!(titles(sung).await, ["Robert", "Rupert", "Ann"]);
    Song::objects().update(|s| s.plays.set(orm::sql::<i32, _>("$1 / $2", (s.plays + 2, 2)))).await?;
    let plays: Vec<i32> = Song::objects().order_by(|s| s.id).values(|s| s.plays).await?;
    assert_eq!(plays, [2, 5, 1]);
    Ok(())
}
