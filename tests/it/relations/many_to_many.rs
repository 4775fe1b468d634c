//! The managers of many-to-many relations: `add`, `remove`, `set`, `clear`, `create`, `get_or_create`.

use super::{Band, Genre, Membership, Person, Song, all, bands, sends, songs};
use expect_test::expect;
use orm::{Result, prelude::*};

async fn genres(song: i64) -> Result<Vec<String>> {
    Song::objects().get(song).await?.genres.query().values(|g| g.slug).await
}

#[orm::test(models = all(), transaction)]
async fn add_takes_instances_and_keys_and_each_pair_once() -> Result<()> {
    songs().await?;
    let grey = Song::objects().get(3).await?;
    let (jazz, pop) = (Genre::objects().get("jazz").await?, Genre::objects().get("pop").await?);
    assert_eq!(sends(1, grey.genres.add(&[&jazz, &pop])).await?, 2);
    assert_eq!(sends(1, grey.genres.add([&jazz, &jazz])).await?, 0);
    assert_eq!(sends(1, grey.genres.add(["folk", "folk", "pop"])).await?, 1);
    assert_eq!(sends(1, grey.genres.add(vec!["rock".to_owned()])).await?, 1);
    assert_eq!(sends(0, grey.genres.add([] as [&Genre; 0])).await?, 0);
    assert_eq!(genres(3).await?, ["folk", "jazz", "pop", "rock"]);
    expect![[r##"INSERT INTO "song_genres" ("song_id", "genre_id") SELECT "song_id", "genre_id" FROM unnest($1, $2) WITH ORDINALITY AS "rows" ("song_id", "genre_id", "#") ORDER BY "#" ON CONFLICT DO NOTHING RETURNING "song_id", "genre_id""##]].assert_eq(&grey.genres.add(&[&jazz]).to_sql());
    // from the other side
    assert_eq!(jazz.songs.add(&[1, 2, 3]).await?, 1);
    assert_eq!(genres(2).await?, ["jazz", "pop"]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_pair_with_a_row_that_is_not_there_is_an_error_and_no_pair_is_made() -> Result<()> {
    songs().await?;
    let grey = Song::objects().get(3).await?;
    let added = atomic(async { grey.genres.add(["jazz", "none such"]).await });
    assert!(added.await.unwrap_err().is_foreign_key_violation());
    let set = atomic(async { Song::objects().get(1).await?.genres.set(["rock", "none such"]).await });
    assert!(set.await.unwrap_err().is_foreign_key_violation());
    assert_eq!((genres(3).await?, genres(1).await?), (vec![], vec!["jazz".to_owned(), "pop".to_owned()]));
    Ok(())
}

#[orm::test(models = all())]
async fn a_set_that_fails_outside_of_a_transaction_changes_nothing_either() -> Result<()> {
    songs().await?;
    let blue = Song::objects().get(1).await?;
    assert!(blue.genres.set(["rock", "none such"]).await.unwrap_err().is_foreign_key_violation());
    assert_eq!(genres(1).await?, ["jazz", "pop"]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn remove_and_clear_end_pairs_and_leave_rows() -> Result<()> {
    songs().await?;
    let gold = Song::objects().get(4).await?;
    expect![[r#"DELETE FROM "song_genres" WHERE "song_genres"."song_id" = $1 AND "song_genres"."genre_id" = ANY($2)"#]].assert_eq(&gold.genres.remove(["rock"]).to_sql());
    assert_eq!(sends(1, gold.genres.remove(["rock", "folk"])).await?, 1);
    assert_eq!(sends(0, gold.genres.remove([] as [&str; 0])).await?, 0);
    assert_eq!(genres(4).await?, ["jazz", "pop"]);
    expect![[r#"DELETE FROM "song_genres" WHERE "song_genres"."song_id" = $1"#]]
        .assert_eq(&gold.genres.clear().to_sql());
    assert_eq!(sends(1, gold.genres.clear()).await?, 2);
    assert_eq!((genres(4).await?.len(), genres(1).await?.len(), Genre::objects().count().await?), (0, 2, 4));
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn set_changes_the_difference_only() -> Result<()> {
    songs().await?;
    let blue = Song::objects().get(1).await?;
    expect![[r#"DELETE FROM "song_genres" WHERE "song_genres"."song_id" = $1 AND (NOT "song_genres"."genre_id" = ANY($2))"#]].assert_eq(&blue.genres.set(["pop", "rock"]).to_sql());
    assert_eq!(sends(2, blue.genres.set(["pop", "rock"])).await?, 2);
    assert_eq!(genres(1).await?, ["pop", "rock"]);
    assert_eq!(sends(2, blue.genres.set(["pop", "rock", "pop"])).await?, 0);
    assert_eq!(sends(1, blue.genres.set([] as [&Genre; 0])).await?, 2);
    assert_eq!((genres(1).await?.len(), genres(4).await?.len()), (0, 3));
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn create_inserts_a_row_and_its_pair() -> Result<()> {
    songs().await?;
    let grey = Song::objects().get(3).await?;
    let ska = sends(2, grey.genres.create().slug("ska").age(50)).await?;
    assert_eq!((ska.slug.as_str(), genres(3).await?), ("ska", vec!["ska".to_owned()]));
    let blank = ska.songs.create().id(9).title("blank").await?;
    assert_eq!(genres(blank.id).await?, ["ska"]);
    // a row that cannot be inserted has no pair
    assert!(
        atomic(async { grey.genres.create().slug("jazz").await }).await.unwrap_err().is_unique_violation()
    );
    assert_eq!(genres(3).await?, ["ska"]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn get_or_create_looks_among_the_related_rows() -> Result<()> {
    songs().await?;
    let blue = Song::objects().get(1).await?;
    let (jazz, created) =
        sends(1, blue.genres.get_or_create(|g| g.slug.eq("jazz"), |new| new.slug("jazz"))).await?;
    assert_eq!((jazz.slug.as_str(), created), ("jazz", false));
    let (ska, created) =
        sends(3, blue.genres.get_or_create(|g| g.slug.eq("ska"), |new| new.slug("ska"))).await?;
    assert_eq!((ska.slug.as_str(), created), ("ska", true));
    assert_eq!(genres(1).await?, ["jazz", "pop", "ska"]);
    // a row that is there and not related is not taken without a word
    let rock =
        atomic(async { blue.genres.get_or_create(|g| g.slug.eq("rock"), |new| new.slug("rock")).await });
    assert!(rock.await.unwrap_err().is_unique_violation());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn update_or_create_changes_a_related_row_or_makes_one_and_pairs_it() -> Result<()> {
    songs().await?;
    let blue = Song::objects().get(1).await?;
    let aged = |slug: &'static str| {
        blue.genres.update_or_create(
            move |g| g.slug.eq(slug),
            |g| g.age.set(7),
            move |new| new.slug(slug).age(1),
        )
    };
    let (jazz, created) = aged("jazz").await?;
    assert_eq!((jazz.age, created), (7, false));
    let (ska, created) = aged("ska").await?;
    assert_eq!((ska.age, created), (1, true));
    assert_eq!(genres(1).await?, ["jazz", "pop", "ska"]);
    assert!(atomic(async { aged("rock").await }).await.unwrap_err().is_unique_violation());
    Ok(())
}

async fn names(of: &ManyToMany<Person>) -> Result<Vec<String>> {
    of.query().values(|p| p.name).await
}

#[orm::test(models = all(), transaction)]
async fn a_symmetrical_relation_is_written_both_ways() -> Result<()> {
    bands().await?;
    let people: Vec<Person> = Person::objects().await?;
    let [ann, bob, cyd] = &people[..] else { panic!("three people") };
    assert_eq!(sends(1, ann.friends.add(&[bob, cyd])).await?, 4);
    assert_eq!(sends(1, bob.friends.add(&[ann])).await?, 0);
    assert_eq!(names(&ann.friends).await?, ["bob", "cyd"]);
    assert_eq!(names(&bob.friends).await?, ["ann"]);
    assert_eq!(sends(1, bob.friends.remove(&[ann])).await?, 2);
    assert_eq!((names(&ann.friends).await?, names(&bob.friends).await?), (vec!["cyd".to_owned()], vec![]));
    expect![[r#"DELETE FROM "person_friends" WHERE ("person_friends"."from_person_id" = $1 AND (NOT "person_friends"."to_person_id" = ANY($2))) OR ("person_friends"."to_person_id" = $3 AND (NOT "person_friends"."from_person_id" = ANY($4)))"#]].assert_eq(&cyd.friends.set(&[bob]).to_sql());
    assert_eq!(sends(2, cyd.friends.set(&[bob])).await?, 4);
    assert_eq!((names(&ann.friends).await?, names(&bob.friends).await?), (vec![], vec!["cyd".to_owned()]));
    // a friend of oneself is one pair
    assert_eq!(ann.friends.add(&[ann]).await?, 1);
    assert_eq!(cyd.friends.clear().await?, 2);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_relation_to_self_that_is_not_symmetrical_has_another_side() -> Result<()> {
    bands().await?;
    let people: Vec<Person> = Person::objects().await?;
    let [ann, bob, cyd] = &people[..] else { panic!("three people") };
    assert_eq!(ann.follows.add(&[bob, cyd]).await?, 2);
    assert_eq!((names(&bob.follows).await?, names(&bob.followers).await?), (vec![], vec!["ann".to_owned()]));
    assert_eq!(cyd.followers.add(&[bob]).await?, 1);
    assert_eq!(names(&bob.follows).await?, ["cyd"]);
    let followed = Person::objects().filter(|p| p.followers.follows.name.eq("bob")).values(|p| p.name);
    assert_eq!(followed.await?, ["bob", "cyd"]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn pairs_in_a_model_get_their_other_columns() -> Result<()> {
    bands().await?;
    let abc = Band::objects().get(1).await?;
    let plays = |what: &str| Changes::<Membership>::default().with(|m| m.instrument.set(what));
    // ann is there already: once by what is read before, as nothing in the table makes a pair unique
    assert_eq!(sends(2, abc.members.through_defaults(plays("flute")).add([1, 3, 3])).await?, 1);
    let players =
        || abc.memberships.query().order_by(|m| m.person.id).values(|m| (m.person.name, m.instrument));
    let plays_as = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(who, what)| (who.to_string(), what.to_string())).collect()
    };
    assert_eq!(players().await?, plays_as(&[("ann", "bass"), ("bob", "drums"), ("cyd", "flute")]));
    assert_eq!(sends(2, abc.members.through_defaults(plays("harp")).set([2, 3])).await?, 1);
    assert_eq!(players().await?, plays_as(&[("bob", "drums"), ("cyd", "flute")]));
    let dan = sends(3, abc.members.through_defaults(plays("lute")).create().id(4).name("dan")).await?;
    assert_eq!(names(&abc.members).await?, ["bob", "cyd", "dan"]);
    assert_eq!(Membership::objects().filter(|m| m.person.eq(&dan)).values(|m| m.instrument).await?, ["lute"]);
    assert_eq!(dan.bands.remove(&[&abc]).await?, 1);

    let error = abc.members.add([1]).await.unwrap_err();
    expect!["Membership.instrument: it has no value and no default; give it one"]
        .assert_eq(&error.to_string());
    let wrong = abc.members.through_defaults(Changes::<Band>::default().with(|b| b.name.set("x"))).add([1]);
    expect!["`through_defaults` of `Band` for `Band.members`, whose pairs are in `Membership`"]
        .assert_eq(&wrong.await.unwrap_err().to_string());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn an_instance_that_was_not_read_has_no_related_rows() -> Result<()> {
    let song = Song { id: 1, title: "new".into(), genres: ManyToMany::default() };
    let message = "the instance was not read from the database, so it has no related rows";
    assert_eq!(song.genres.add(["jazz"]).await.unwrap_err().to_string(), message);
    assert_eq!(song.genres.set(["jazz"]).await.unwrap_err().to_string(), message);
    assert_eq!(song.genres.create().slug("jazz").await.unwrap_err().to_string(), message);
    assert!(song.genres.query().await.unwrap_err().to_string().contains(message));
    Ok(())
}

#[orm::test(models = all())]
async fn pairs_go_with_their_rows_and_managers_take_another_database(db: Db) -> Result<()> {
    songs().await?;
    let gold = Song::objects().get(4).await?;
    gold.delete().await?;
    let jazz = Genre::objects().get("jazz").await?;
    assert_eq!(jazz.songs.query().values(|s| s.id).await?, [1]);
    assert_eq!(jazz.songs.add([2]).using(&db).await?, 1);
    let other = orm::testing::TestDb::create().await?;
    assert!(jazz.songs.add([3]).using(other.db()).await.is_err(), "there are no tables");
    Ok(())
}
