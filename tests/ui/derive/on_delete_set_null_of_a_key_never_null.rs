use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(on_delete = "set_null")]
    author: ForeignKey<User>,
}

#[derive(Model)]
struct User {
    id: i64,
}

fn main() {}
