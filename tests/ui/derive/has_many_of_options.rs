use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    replies: HasMany<Option<Post>>,
}

fn main() {}
