use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    replies: Option<HasMany<Post>>,
}

fn main() {}
