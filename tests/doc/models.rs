// The models of the examples in the documentation; included by them.
#[allow(unused_imports)]
pub use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct User {
    pub id: i64,
    #[orm(unique, max_length = 150)]
    pub username: String,
    pub email: Option<String>,
    #[orm(via = "author")]
    pub posts: HasMany<Post>,
}

#[derive(Model, Debug, Clone)]
pub struct Post {
    pub id: i64,
    pub title: String,
    #[orm(default = 0)]
    pub views: i32,
    pub published_at: Option<DateTime<Utc>>,
    #[orm(on_delete = "cascade")]
    pub author: ForeignKey<User>,
    pub editor: Option<ForeignKey<User>>,
}

/// The SQL of a condition on posts: what stands after `WHERE`.
#[allow(dead_code)]
pub fn condition<C: orm::IntoCond>(of: impl FnOnce(&'static PostFields) -> C) -> String {
    let sql = Post::objects().filter(of).count().to_sql();
    sql.split_once(" WHERE ").map_or(String::new(), |(_, condition)| condition.to_owned())
}

/// Runs an example on a database of its own, which is given to it and is the default.
#[allow(dead_code)]
pub fn run(example: impl AsyncFnOnce(Db) -> orm::Result<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let example = runtime.block_on(async {
        let test = orm::testing::TestDb::create().await?;
        test.db().create_tables(orm::models![User, Post]).await?;
        test.db().scope(example(test.db().clone())).await
    });
    example.unwrap();
}
