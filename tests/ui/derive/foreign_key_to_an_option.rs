use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    author: ForeignKey<Option<User>>,
}

#[derive(Model)]
struct User {
    id: i64,
}

fn main() {}
