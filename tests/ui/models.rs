//! The models of the wrong queries.
#![allow(dead_code)]

use orm::prelude::*;

#[derive(Model, Debug, Clone)]
pub struct User {
    pub id: i64,
    #[orm(unique, max_length = 150)]
    pub username: String,
    pub age: Option<i32>,
    #[orm(via = "author")]
    pub posts: HasMany<Post>,
}

#[derive(Model, Debug, Clone)]
pub struct Post {
    pub id: i64,
    pub title: String,
    #[orm(default = 0)]
    pub views: i32,
    #[orm(on_delete = "cascade")]
    pub author: ForeignKey<User>,
    pub editor: Option<ForeignKey<User>>,
    pub comments: HasMany<Comment>,
}

#[derive(Model, Debug, Clone)]
pub struct Comment {
    pub id: i64,
    pub text: String,
    pub post: ForeignKey<Post>,
}

#[derive(Model, Debug, Clone)]
pub struct Tag {
    pub id: i64,
    pub name: String,
    pub slug: String,
}
