use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    build: i32,
}

fn main() {}
