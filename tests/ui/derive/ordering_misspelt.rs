use orm::prelude::*;

#[derive(Model)]
#[orm(ordering = ["-titel"])]
struct Post {
    id: i64,
    title: String,
}

fn main() {}
