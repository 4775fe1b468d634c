//! Who writes, what is written and said of it, and what is for sale.

use orm::{prelude::*, types::ModelMeta};
use serde::Serialize;

/// Somebody who writes, comments and buys.
#[derive(Model, Serialize, Debug, Clone)]
#[orm(ordering = ["id"])]
pub struct User {
    /// Numbered by the database, as all keys here.
    pub id: i64,
    /// What the others see.
    #[orm(unique, max_length = 50)]
    pub name: String,
    /// In cents. Unsigned, so that the database too refuses a debt.
    #[orm(default = 0)]
    pub balance: u32,
}

/// A text for everybody.
#[derive(Model, Input, Serialize, Debug, Clone)]
#[orm(ordering = ["-id"])]
pub struct Post {
    /// Its number.
    pub id: i64,
    /// Its name in addresses.
    #[orm(unique, max_length = 80)]
    pub slug: String,
    /// Its headline.
    #[orm(max_length = 200)]
    pub title: String,
    /// The text.
    #[orm(default = "")]
    pub body: String,
    /// `None` for one that is not finished.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was last saved.
    #[orm(auto_now)]
    pub changed_at: DateTime<Utc>,
    /// Who wrote it.
    #[orm(on_delete = "cascade")]
    pub author: ForeignKey<User>,
    /// What is said of it.
    #[serde(skip)]
    pub comments: HasMany<Comment>,
}

/// What somebody has to say about a post.
#[derive(Model, Input, Serialize, Debug, Clone)]
#[orm(ordering = ["id"])]
pub struct Comment {
    /// Its number.
    pub id: i64,
    /// The words.
    #[orm(max_length = 500)]
    pub text: String,
    /// When it was last saved.
    #[orm(auto_now)]
    pub changed_at: DateTime<Utc>,
    /// What it is about.
    #[orm(on_delete = "cascade")]
    pub post: ForeignKey<Post>,
    /// Who says it.
    #[orm(on_delete = "cascade")]
    pub author: ForeignKey<User>,
}

/// A printed book, of which there are so many copies and no more.
#[derive(Model, Serialize, Debug, Clone)]
#[orm(ordering = ["title", "id"])]
pub struct Book {
    /// Its number.
    pub id: i64,
    /// Its title.
    #[orm(max_length = 200)]
    pub title: String,
    /// In cents.
    pub price: u32,
    /// The copies that are left.
    pub stock: u32,
    /// Who wrote it.
    pub author: ForeignKey<User>,
}

/// A copy of a book that somebody bought.
#[derive(Model, Serialize, Debug, Clone)]
pub struct Purchase {
    /// Its number.
    pub id: i64,
    /// What was bought.
    pub book: ForeignKey<Book>,
    /// By whom.
    pub buyer: ForeignKey<User>,
    /// For how much, in cents.
    pub price: u32,
    /// When.
    #[orm(auto_now_add)]
    pub bought_at: DateTime<Utc>,
}

/// All of them, for `create_tables`.
pub fn all() -> [&'static ModelMeta; 5] {
    orm::models![User, Post, Comment, Book, Purchase]
}
