//! Relations beyond a foreign key: what their words mean, what tables they have, what their managers do.

mod composite;
mod has_many;
mod many_to_many;
mod on_delete;
mod one_to_one;
mod pairs;
mod strings;
mod to_field;

use orm::{Result, prelude::*, testing::count_queries};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
pub struct Song {
    pub id: i64,
    pub title: String,
    pub genres: ManyToMany<Genre>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["slug"])]
pub struct Genre {
    #[orm(primary_key, max_length = 20)]
    pub slug: String,
    #[orm(default = 0)]
    pub age: i32,
    #[orm(via = "genres")]
    pub songs: ManyToMany<Song>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub friends: ManyToMany<Person>,
    #[orm(symmetrical = false)]
    pub follows: ManyToMany<Person>,
    #[orm(via = "follows")]
    pub followers: ManyToMany<Person>,
    #[orm(via = "members")]
    pub bands: ManyToMany<Band>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
pub struct Band {
    pub id: i64,
    pub name: String,
    #[orm(through = Membership, through_fields = ["band", "person"])]
    pub members: ManyToMany<Person>,
    pub memberships: HasMany<Membership>,
}

/// Who plays in which band, and more about it.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Membership {
    pub id: i64,
    #[orm(on_delete = "cascade")]
    pub band: ForeignKey<Band>,
    #[orm(on_delete = "cascade")]
    pub person: ForeignKey<Person>,
    pub invited_by: Option<ForeignKey<Person>>,
    pub instrument: String,
}

pub fn all() -> [&'static orm::types::ModelMeta; 5] {
    orm::models![Song, Genre, Person, Band, Membership]
}

/// Songs: 1 blue (jazz, pop), 2 red (pop), 3 grey (none), 4 gold (rock, pop, jazz). Genres: jazz 100, pop 60, rock 70, folk 500.
pub async fn songs() -> Result<()> {
    let songs = [(1, "blue"), (2, "red"), (3, "grey"), (4, "gold")];
    Song::objects().bulk_create(songs.map(|(id, title)| Song::draft().id(id).title(title).build())).await?;
    let genres = [("jazz", 100), ("pop", 60), ("rock", 70), ("folk", 500)];
    Genre::objects()
        .bulk_create(genres.map(|(slug, age)| Genre::draft().slug(slug).age(age).build()))
        .await?;
    for (song, genres) in [(1, &["jazz", "pop"][..]), (2, &["pop"]), (4, &["rock", "pop", "jazz"])] {
        Song::objects().get(song).await?.genres.add(genres.iter().copied()).await?;
    }
    Ok(())
}

/// People: 1 ann, 2 bob, 3 cyd. Bands: 1 abc (ann: bass, bob: drums), 2 solo (ann: voice, invited by cyd), 3 silent.
pub async fn bands() -> Result<()> {
    let people = [(1, "ann"), (2, "bob"), (3, "cyd")];
    Person::objects().bulk_create(people.map(|(id, name)| Person::draft().id(id).name(name).build())).await?;
    let bands = [(1, "abc"), (2, "solo"), (3, "silent")];
    Band::objects().bulk_create(bands.map(|(id, name)| Band::draft().id(id).name(name).build())).await?;
    let memberships = [(1, 1, "bass", None), (1, 2, "drums", None), (2, 1, "voice", Some(3))];
    let memberships = memberships.map(|(band, person, instrument, by)| {
        let draft = Membership::draft().band(band).person(person).instrument(instrument);
        draft.invited_by(by.map(ForeignKey::to)).build()
    });
    Membership::objects().bulk_create(memberships).await?;
    Ok(())
}

/// Checks how many statements a change sends, and what it gives.
async fn sends<T>(queries: usize, change: impl IntoFuture<Output = Result<T>>) -> Result<T> {
    let (changed, sent) = count_queries(change).await;
    assert_eq!(sent.sql().len(), queries, "{:?}", sent.sql());
    changed
}
