use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    tags: Vec<Vec<String>>,
}

fn main() {}
