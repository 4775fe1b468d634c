use orm::prelude::*;

#[derive(Model)]
#[orm(ordering = ["replies"])]
struct Post {
    id: i64,
    title: String,
    replies: HasMany<Post>,
}

fn main() {}
