use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    author: User,
}

#[derive(Model)]
struct User {
    id: i64,
}

fn main() {}
