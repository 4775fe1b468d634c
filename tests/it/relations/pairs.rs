//! Many-to-many relations in queries: by the table of pairs, without the other table where only its key is asked.

use super::{Band, Genre, Membership, Person, Song, all, bands, songs};
use expect_test::{Expect, expect};
use orm::{IntoCond, Result, prelude::*};

/// Checks the SQL and the songs that a condition finds.
async fn check<C: IntoCond>(
    condition: impl FnOnce(&'static super::SongFields) -> C,
    sql: Expect,
    ids: &[i64],
) -> Result<()> {
    let query = Song::objects().filter(condition).values(|s| s.id);
    let text = query.to_sql();
    sql.assert_eq(text.split_once(" WHERE ").unwrap().1);
    assert_eq!(query.await?, ids);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_path_through_pairs_is_one_exists_with_a_join_behind_it() -> Result<()> {
    songs().await?;
    check(|s| s.genres.age.gt(65), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" INNER JOIN "genre" ON "genre"."slug" = "song_genres"."genre_id" WHERE "song_genres"."song_id" = "song"."id" AND "genre"."age" > $1) ORDER BY "song"."id" ASC"#]], &[1, 4]).await?;
    check(|s| s.genres.age.gt(65) & s.genres.age.lt(80), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" INNER JOIN "genre" ON "genre"."slug" = "song_genres"."genre_id" WHERE "song_genres"."song_id" = "song"."id" AND "genre"."age" > $1 AND "genre"."age" < $2) ORDER BY "song"."id" ASC"#]], &[4]).await?;
    check(|s| s.genres.any(|g| g.age.gt(65) & g.slug.ne("jazz")), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" INNER JOIN "genre" ON "genre"."slug" = "song_genres"."genre_id" WHERE "song_genres"."song_id" = "song"."id" AND "genre"."age" > $1 AND "song_genres"."genre_id" <> $2) ORDER BY "song"."id" ASC"#]], &[4]).await?;
    check(|s| s.genres.all(|g| g.age.lt(90)), expect![[r#"NOT EXISTS(SELECT 1 FROM "song_genres" INNER JOIN "genre" ON "genre"."slug" = "song_genres"."genre_id" WHERE "song_genres"."song_id" = "song"."id" AND (NOT "genre"."age" < $1)) ORDER BY "song"."id" ASC"#]], &[2, 3]).await?;
    check(|s| s.genres.none(|g| g.age.eq(100)), expect![[r#"NOT EXISTS(SELECT 1 FROM "song_genres" INNER JOIN "genre" ON "genre"."slug" = "song_genres"."genre_id" WHERE "song_genres"."song_id" = "song"."id" AND "genre"."age" = $1) ORDER BY "song"."id" ASC"#]], &[2, 3]).await?;
    check(|s| !s.genres.age.eq(100), expect![[r#"NOT EXISTS(SELECT 1 FROM "song_genres" INNER JOIN "genre" ON "genre"."slug" = "song_genres"."genre_id" WHERE "song_genres"."song_id" = "song"."id" AND "genre"."age" = $1) ORDER BY "song"."id" ASC"#]], &[2, 3]).await
}

#[orm::test(models = all(), transaction)]
async fn the_key_behind_pairs_is_read_from_them() -> Result<()> {
    songs().await?;
    check(|s| s.genres.slug.eq("jazz"), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND "song_genres"."genre_id" = $1) ORDER BY "song"."id" ASC"#]], &[1, 4]).await?;
    check(|s| s.genres.eq("jazz"), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND "song_genres"."genre_id" = $1) ORDER BY "song"."id" ASC"#]], &[1, 4]).await?;
    check(|s| s.genres.in_(["rock", "folk"]), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND "song_genres"."genre_id" = ANY($1)) ORDER BY "song"."id" ASC"#]], &[4]).await?;
    check(|s| s.genres.in_(Genre::objects().filter(|g| g.age.gt(90))), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND "song_genres"."genre_id" IN (SELECT "genre"."slug" FROM "genre" WHERE "genre"."age" > $1)) ORDER BY "song"."id" ASC"#]], &[1, 4]).await?;
    check(|s| s.genres.any(|g| g.slug.eq("rock")), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND "song_genres"."genre_id" = $1) ORDER BY "song"."id" ASC"#]], &[4]).await?;
    check(|s| s.genres.exists(), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id") ORDER BY "song"."id" ASC"#]], &[1, 2, 4]).await?;
    check(|s| s.genres.is_null(), expect![[r#"NOT EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id") ORDER BY "song"."id" ASC"#]], &[3]).await
}

#[orm::test(models = all(), transaction)]
async fn aggregates_across_pairs_are_subqueries() -> Result<()> {
    songs().await?;
    let query = Song::objects().values(|s| (s.id, s.genres.count(), s.genres.age.max()));
    expect![[r#"SELECT "song"."id", (SELECT COUNT("song_genres"."genre_id") FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id"), (SELECT MAX("genre"."age") FROM "song_genres" AS "song_genres_2" INNER JOIN "genre" ON "genre"."slug" = "song_genres_2"."genre_id" WHERE "song_genres_2"."song_id" = "song"."id") FROM "song" ORDER BY "song"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [(1, 2, Some(100)), (2, 1, Some(60)), (3, 0, None), (4, 3, Some(100))]);
    check(|s| s.genres.count().gt(1), expect![[r#"(SELECT COUNT("song_genres"."genre_id") FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id") > $1 ORDER BY "song"."id" ASC"#]], &[1, 4]).await?;
    let query = Genre::objects().values(|g| (g.slug, g.songs.count()));
    expect![[r#"SELECT "genre"."slug", (SELECT COUNT("song_genres"."song_id") FROM "song_genres" WHERE "song_genres"."genre_id" = "genre"."slug") FROM "genre" ORDER BY "genre"."slug" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [("folk".into(), 0), ("jazz".into(), 2), ("pop".into(), 3), ("rock".into(), 1)]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn pairs_can_be_passed_twice() -> Result<()> {
    songs().await?;
    // songs that share a genre with "blue", and how many songs there are by way of a song's genres
    check(|s| s.genres.songs.title.eq("blue"), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND EXISTS(SELECT 1 FROM "song_genres" AS "song_genres_2" INNER JOIN "song" AS "song_2" ON "song_2"."id" = "song_genres_2"."song_id" WHERE "song_genres_2"."genre_id" = "song_genres"."genre_id" AND "song_2"."title" = $1)) ORDER BY "song"."id" ASC"#]], &[1, 2, 4]).await?;
    check(|s| s.genres.songs.eq(2), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND EXISTS(SELECT 1 FROM "song_genres" AS "song_genres_2" WHERE "song_genres_2"."genre_id" = "song_genres"."genre_id" AND "song_genres_2"."song_id" = $1)) ORDER BY "song"."id" ASC"#]], &[1, 2, 4]).await?;
    let query = Song::objects().values(|s| (s.id, s.genres.songs.count()));
    expect![[r#"SELECT "song"."id", (SELECT COUNT("song_genres_2"."song_id") FROM "song_genres" INNER JOIN "genre" ON "genre"."slug" = "song_genres"."genre_id" INNER JOIN "song_genres" AS "song_genres_2" ON "song_genres_2"."genre_id" = "genre"."slug" WHERE "song_genres"."song_id" = "song"."id") FROM "song" ORDER BY "song"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [(1, 5), (2, 3), (3, 0), (4, 6)]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn an_outer_reference_passes_pairs() -> Result<()> {
    songs().await?;
    let query = Song::objects()
        .filter(|s| Genre::objects().filter(|g| g.songs.eq(s.id) & g.age.gt(90)).exists())
        .values(|s| s.id);
    expect![[r#"SELECT "song"."id" FROM "song" WHERE EXISTS(SELECT 1 FROM "genre" WHERE EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."genre_id" = "genre"."slug" AND "song_genres"."song_id" = "song"."id") AND "genre"."age" > $1) ORDER BY "song"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, [1, 4]);
    check(|s| s.genres.any(|g| g.songs.any(|other| other.id.gt(s.id))), expect![[r#"EXISTS(SELECT 1 FROM "song_genres" WHERE "song_genres"."song_id" = "song"."id" AND EXISTS(SELECT 1 FROM "song_genres" AS "song_genres_2" WHERE "song_genres_2"."genre_id" = "song_genres"."genre_id" AND "song_genres_2"."song_id" > "song"."id")) ORDER BY "song"."id" ASC"#]], &[1, 2]).await
}

#[orm::test(models = all(), transaction)]
async fn the_rows_of_an_instance_are_a_query_as_any_other() -> Result<()> {
    songs().await?;
    let blue = Song::objects().get(1).await?;
    let query = blue.genres.query().filter(|g| g.age.gt(65)).values(|g| g.slug);
    expect![[r#"SELECT "genre"."slug" FROM "genre" WHERE "genre"."slug" IN (SELECT "song_genres"."genre_id" FROM "song_genres" WHERE "song_genres"."song_id" = $1) AND "genre"."age" > $2 ORDER BY "genre"."slug" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, ["jazz"]);
    let pop = Genre::objects().get("pop").await?;
    assert_eq!(pop.songs.query().values(|s| s.id).await?, [1, 2, 4]);
    assert_eq!(pop.songs.query().filter(|s| s.genres.eq("rock")).count().await?, 1);
    assert_eq!(blue.genres.query().update(|g| g.age.set(g.age + 1)).await?, 2);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_model_can_hold_the_pairs() -> Result<()> {
    bands().await?;
    let query = Band::objects().filter(|b| b.members.name.eq("ann")).values(|b| b.name);
    expect![[r#"SELECT "band"."name" FROM "band" WHERE EXISTS(SELECT 1 FROM "membership" INNER JOIN "person" ON "person"."id" = "membership"."person_id" WHERE "membership"."band_id" = "band"."id" AND "person"."name" = $1) ORDER BY "band"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, ["abc", "solo"]);
    let query = Person::objects().filter(|p| p.bands.eq(1)).values(|p| p.name);
    expect![[r#"SELECT "person"."name" FROM "person" WHERE EXISTS(SELECT 1 FROM "membership" WHERE "membership"."person_id" = "person"."id" AND "membership"."band_id" = $1) ORDER BY "person"."id" ASC"#]].assert_eq(&query.to_sql());
    assert_eq!(query.await?, ["ann", "bob"]);
    let abc = Band::objects().get(1).await?;
    assert_eq!(abc.members.query().values(|p| p.name).await?, ["ann", "bob"]);
    // what is said of a pair itself is said of the model
    let query = Band::objects().filter(|b| b.memberships.any(|m| m.instrument.eq("voice") & m.person.eq(1)));
    assert_eq!(query.values(|b| b.name).await?, ["solo"]);
    assert_eq!(Membership::objects().filter(|m| m.band.members.name.eq("bob")).count().await?, 2);
    Ok(())
}

#[derive(Model, Debug)]
#[orm(table = "a.wheel")]
struct Wheel {
    id: i64,
    spokes: ManyToMany<Wheel>,
    #[orm(table = "rims")]
    rims: ManyToMany<Wheel>,
}

#[test]
fn the_table_of_pairs_is_named_after_the_model_and_the_field() {
    let sql = |c: orm::types::Exists| c.to_sql();
    expect![[r#"SELECT 1 FROM "a"."wheel" WHERE EXISTS(SELECT 1 FROM "a"."wheel_spokes" WHERE "wheel_spokes"."from_wheel_id" = "wheel"."id") LIMIT $1"#]].assert_eq(&sql(Wheel::objects().filter(|w| w.spokes.exists()).exists()));
    expect![[r#"SELECT 1 FROM "a"."wheel" WHERE EXISTS(SELECT 1 FROM "rims" WHERE "rims"."from_wheel_id" = "wheel"."id" AND "rims"."to_wheel_id" = $1) LIMIT $2"#]].assert_eq(&sql(Wheel::objects().filter(|w| w.rims.eq(1)).exists()));
}

#[derive(Model, Debug)]
struct Left {
    id: i64,
    #[orm(through = Membership)]
    people: ManyToMany<Person>,
}

#[test]
fn pairs_that_are_nowhere_are_an_error_that_says_where_they_could_be() {
    expect![[r#"/* `Left.people`: `Membership` needs one foreign key to `Left` and one to `Person`; where there are several, say which: `#[orm(through_fields = ["…", "…"])]` */"#]].assert_eq(&Left::objects().filter(|l| l.people.exists()).to_sql());
}
