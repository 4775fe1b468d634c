use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    title: &str,
}

fn main() {}
