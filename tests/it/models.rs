//! The blog that most tests use.

use orm::{prelude::*, testing::TestDb};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "company")]
pub struct Company {
    pub id: i64,
    #[orm(unique)]
    pub name: String,
    #[orm(via = "company")]
    pub staff: HasMany<User>,
}

#[derive(Model, Debug, Clone, PartialEq)]
pub struct User {
    pub id: i64,
    #[orm(unique, max_length = 150)]
    pub username: String,
    pub email: Option<String>,
    pub age: Option<i32>,
    #[orm(default = true)]
    pub active: bool,
    #[orm(auto_now_add)]
    pub joined_at: DateTime<Utc>,
    #[orm(on_delete = "set_null")]
    pub company: Option<ForeignKey<Company>>,
    #[orm(via = "author")]
    pub posts: HasMany<Post>,
    #[orm(via = "editor")]
    pub edited: HasMany<Post>,
    pub comments: HasMany<Comment>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "blog_post", ordering = ["-published_at", "id"])]
pub struct Post {
    pub id: i64,
    pub title: String,
    #[orm(default = "")]
    pub body: String,
    #[orm(default = 0)]
    pub views: i32,
    pub published_at: Option<DateTime<Utc>>,
    #[orm(auto_now)]
    pub changed_at: DateTime<Utc>,
    #[orm(on_delete = "cascade")]
    pub author: ForeignKey<User>,
    #[orm(on_delete = "set_null")]
    pub editor: Option<ForeignKey<User>>,
    #[orm(on_delete = "cascade")]
    pub reply_to: Option<ForeignKey<Post>>,
    pub comments: HasMany<Comment>,
    #[orm(via = "reply_to")]
    pub replies: HasMany<Post>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(ordering = ["id"])]
pub struct Comment {
    pub id: i64,
    pub text: String,
    #[orm(default = 0)]
    pub stars: i16,
    #[orm(on_delete = "cascade")]
    pub post: ForeignKey<Post>,
    #[orm(on_delete = "cascade")]
    pub author: ForeignKey<User>,
}

/// A text as primary key.
#[derive(Model, Debug, Clone, PartialEq)]
pub struct Tag {
    #[orm(primary_key)]
    pub slug: String,
    #[orm(unique)]
    pub name: String,
}

/// All four tables of the blog, and the tags.
pub fn all() -> [&'static orm::types::ModelMeta; 5] {
    orm::models![Company, User, Post, Comment, Tag]
}

/// An empty blog in a database of its own.
pub async fn blog() -> TestDb {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(all()).await.unwrap();
    test
}
