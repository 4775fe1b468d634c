use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(column = "reply")]
    replies: HasMany<Post>,
}

fn main() {}
