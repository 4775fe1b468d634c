//! `prefetch_related` of many-to-many relations.

use crate::relations::{Band, Genre, Membership, Person, Song, all, bands, songs};
use expect_test::expect;
use orm::{Result, prelude::*, testing::count_queries};

fn slugs(song: &Song) -> Vec<&str> {
    song.genres.get().unwrap().iter().map(|genre| &genre.slug[..]).collect()
}

#[orm::test(models = all(), transaction)]
async fn the_rows_come_by_one_query_with_the_key_they_are_paired_with() -> Result<()> {
    songs().await?;
    let (found, queries) = count_queries(Song::objects().prefetch_related(|s| s.genres)).await;
    let found = found?;
    assert_eq!(queries, 2);
    expect![[r#"SELECT "genre"."slug", "genre"."age", "song_genres"."song_id" FROM "genre" INNER JOIN "song_genres" ON "song_genres"."genre_id" = "genre"."slug" WHERE "song_genres"."song_id" = ANY($1) ORDER BY "genre"."slug" ASC"#]].assert_eq(&queries.sql()[1]);
    let genres: Vec<_> = found.iter().map(slugs).collect();
    assert_eq!(genres, [vec!["jazz", "pop"], vec!["pop"], vec![], vec!["jazz", "pop", "rock"]]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn from_the_other_side_and_back_each_level_is_a_query() -> Result<()> {
    songs().await?;
    let (genres, queries) = count_queries(Genre::objects().prefetch_related(|g| g.songs.genres)).await;
    let genres = genres?;
    assert_eq!(queries, 3);
    let pop = genres.iter().find(|genre| genre.slug == "pop").unwrap();
    let songs = pop.songs.get()?;
    assert_eq!(songs.iter().map(|song| song.id).collect::<Vec<_>>(), [1, 2, 4]);
    assert_eq!(slugs(&songs[2]), ["jazz", "pop", "rock"]);
    assert!(genres.iter().find(|genre| genre.slug == "folk").unwrap().songs.get()?.is_empty());
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_limit_is_that_of_each_row_also_across_pairs() -> Result<()> {
    songs().await?;
    let oldest = Genre::objects().filter(|g| g.age.lt(500)).order_by(|g| g.age.desc()).limit(1);
    let (found, queries) = count_queries(Song::objects().prefetch_related(|s| s.genres.with(oldest))).await;
    let found = found?;
    expect![[r#"SELECT "rows".* FROM unnest($1) AS "key" INNER JOIN LATERAL (SELECT "genre"."slug", "genre"."age", "song_genres"."song_id" FROM "genre" INNER JOIN "song_genres" ON "song_genres"."genre_id" = "genre"."slug" WHERE "song_genres"."song_id" = "key"."key" AND "genre"."age" < $2 ORDER BY "genre"."age" DESC LIMIT $3) AS "rows" ON TRUE"#]].assert_eq(&queries.sql()[1]);
    let genres: Vec<_> = found.iter().map(slugs).collect();
    assert_eq!(genres, [vec!["jazz"], vec!["pop"], vec![], vec!["jazz"]]);
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_model_between_can_be_loaded_or_passed() -> Result<()> {
    bands().await?;
    let query = Band::objects().prefetch_related(|b| {
        (b.members, b.memberships.with(Membership::objects().select_related(|m| (m.person, m.invited_by))))
    });
    let (found, queries) = count_queries(query).await;
    let found = found?;
    assert_eq!(queries, 3);
    let names = |band: &Band| {
        band.members.get().unwrap().iter().map(|person| person.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(found.iter().map(names).collect::<Vec<_>>(), [vec!["ann", "bob"], vec!["ann"], vec![]]);
    let voice = &found[1].memberships.get()?[0];
    assert_eq!((&voice.person.get()?.name[..], &voice.instrument[..]), ("ann", "voice"));
    assert_eq!(voice.invited_by.get()?.map(|person| &person.name[..]), Some("cyd"));
    Ok(())
}

#[orm::test(models = all(), transaction)]
async fn a_model_paired_with_itself_is_loaded_by_direction() -> Result<()> {
    bands().await?;
    let [ann, bob, cyd] = &Person::objects().await?[..] else { panic!("three people") };
    ann.follows.add(&[bob, cyd]).await?;
    bob.friends.add(&[cyd]).await?;
    let people = Person::objects().prefetch_related(|p| (p.follows, p.followers, p.friends)).await?;
    let ids = |people: &[Person]| people.iter().map(|person| person.id).collect::<Vec<_>>();
    let of = |person: &Person| {
        let [follows, followers, friends] = [&person.follows, &person.followers, &person.friends];
        (ids(follows.get().unwrap()), ids(followers.get().unwrap()), ids(friends.get().unwrap()))
    };
    let all: Vec<_> = people.iter().map(of).collect();
    assert_eq!(all, [(vec![2, 3], vec![], vec![]), (vec![], vec![1], vec![3]), (vec![], vec![1], vec![2])]);
    Ok(())
}
