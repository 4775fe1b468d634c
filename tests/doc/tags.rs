// Models with many-to-many relations, for the examples in the documentation; included by them.
#[allow(unused_imports)]
pub use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct Post {
    pub id: i64,
    pub title: String,
    pub tags: ManyToMany<Tag>,
}

#[derive(Model, Debug, Clone)]
pub struct Tag {
    pub id: i64,
    #[orm(unique)]
    pub name: String,
    #[orm(via = "tags")]
    pub posts: ManyToMany<Post>,
}

#[derive(Model, Debug, Clone)]
pub struct Person {
    pub id: i64,
    #[orm(via = "members")]
    pub teams: ManyToMany<Team>,
}

#[derive(Model, Debug, Clone)]
pub struct Team {
    pub id: i64,
    #[orm(through = Membership)]
    pub members: ManyToMany<Person>,
}

#[derive(Model, Debug, Clone)]
pub struct Membership {
    pub id: i64,
    #[orm(on_delete = "cascade")]
    pub team: ForeignKey<Team>,
    #[orm(on_delete = "cascade")]
    pub person: ForeignKey<Person>,
    #[orm(default = "player")]
    pub role: String,
}

/// Runs an example on a database of its own.
#[allow(dead_code)]
pub fn run(example: impl AsyncFnOnce() -> orm::Result<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let example = runtime.block_on(async {
        let test = orm::testing::TestDb::create().await?;
        test.db().create_tables(orm::models![Post, Tag, Person, Team, Membership]).await?;
        test.db().scope(example()).await
    });
    example.unwrap();
}
