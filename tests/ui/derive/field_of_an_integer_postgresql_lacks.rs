use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    views: i128,
}

fn main() {}
