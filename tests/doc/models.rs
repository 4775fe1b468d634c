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
