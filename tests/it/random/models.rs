//! A small world with every kind of relation.

use orm::prelude::*;

#[derive(Model, Debug)]
pub struct Land {
    pub id: i64,
    pub name: String,
    pub area: Option<i32>,
    pub people: HasMany<Person>,
}

#[derive(Model, Debug)]
pub struct Person {
    pub id: i64,
    pub name: String,
    pub nick: Option<String>,
    pub age: Option<i32>,
    pub active: bool,
    pub home: Option<ForeignKey<Land>>,
    #[orm(via = "author")]
    pub written: HasMany<Book>,
    #[orm(via = "editor")]
    pub edited: HasMany<Book>,
    pub reviews: HasMany<Review>,
    pub friends: ManyToMany<Person>,
    pub likes: ManyToMany<Topic>,
}

#[derive(Model, Debug)]
pub struct Book {
    pub id: i64,
    pub title: String,
    pub pages: i32,
    pub author: ForeignKey<Person>,
    pub editor: Option<ForeignKey<Person>>,
    pub sequel_to: Option<ForeignKey<Book>>,
    #[orm(via = "sequel_to")]
    pub sequels: HasMany<Book>,
    pub reviews: HasMany<Review>,
    pub topics: ManyToMany<Topic>,
}

#[derive(Model, Debug)]
pub struct Review {
    pub id: i64,
    pub text: String,
    pub stars: i16,
    pub book: ForeignKey<Book>,
    pub by: ForeignKey<Person>,
}

#[derive(Model, Debug)]
pub struct Topic {
    pub id: i64,
    pub name: String,
    pub rank: Option<i32>,
    #[orm(via = "topics")]
    pub books: ManyToMany<Book>,
    #[orm(via = "likes")]
    pub fans: ManyToMany<Person>,
}

/// The tables made for many-to-many relations, as they are.
#[derive(Model)]
#[orm(table = "person_friends")]
pub struct Friend {
    #[orm(primary_key)]
    pub from_person: ForeignKey<Person>,
    pub to_person: ForeignKey<Person>,
}

#[derive(Model)]
#[orm(table = "person_likes")]
pub struct Like {
    #[orm(primary_key)]
    pub person: ForeignKey<Person>,
    pub topic: ForeignKey<Topic>,
}

#[derive(Model)]
#[orm(table = "book_topics")]
pub struct About {
    #[orm(primary_key)]
    pub book: ForeignKey<Book>,
    pub topic: ForeignKey<Topic>,
}

pub fn all() -> [&'static orm::types::ModelMeta; 5] {
    orm::models![Land, Person, Book, Review, Topic]
}
