//! A program that denies every lint there is has none to answer for in the derives' code.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused_qualifications)]
#![deny(nonstandard_style, rust_2018_idioms, single_use_lifetimes, trivial_casts, unused)]
#![forbid(unsafe_code)]
#![allow(unused_features)]

/// Models.
pub mod models {
    use orm::prelude::*;

    /// A user.
    #[derive(Model, Debug, Clone, PartialEq)]
    pub struct User {
        /// The key.
        pub id: UserId,
        /// The name.
        #[orm(unique, max_length = 150)]
        pub username: String,
        /// What the user wrote.
        #[orm(via = "author")]
        pub posts: HasMany<Post>,
    }

    /// A user's key.
    #[derive(DbType, Debug, Clone, Copy, PartialEq)]
    pub struct UserId(pub i64);

    /// How a post is.
    #[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
    #[orm(int)]
    #[repr(i16)]
    pub enum Status {
        /// Not yet there.
        Draft,
        /// There.
        #[deprecated]
        Published,
    }

    /// Where a post is about.
    #[derive(DbComposite, Debug, Clone, PartialEq)]
    pub struct Place {
        /// The town.
        pub town: String,
        /// How it went.
        pub status: Option<Status>,
    }

    /// A post.
    #[derive(Model, Debug, Clone, PartialEq)]
    #[orm(table = "blog_post", ordering = ["-published_at", "id"])]
    pub struct Post {
        /// The key.
        pub id: i64,
        /// The title.
        pub title: String,
        /// How often it was read.
        #[orm(default = 0)]
        pub views: i32,
        /// When.
        pub published_at: Option<DateTime<Utc>>,
        /// How it is.
        pub status: Status,
        /// Where.
        pub place: Option<Place>,
        /// When it was changed.
        #[orm(auto_now)]
        pub changed_at: DateTime<Utc>,
        /// Who wrote it.
        #[orm(on_delete = "cascade")]
        pub author: ForeignKey<User>,
        /// Who corrected it.
        #[orm(on_delete = "set_null")]
        pub editor: Option<ForeignKey<User>>,
    }
}

pub(super) fn compiles() {
    let _ = orm::models![models::User, models::Post];
}
