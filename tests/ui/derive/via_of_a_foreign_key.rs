use orm::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
    #[orm(via = "author")]
    post: ForeignKey<Post>,
}

#[derive(Model)]
struct Post {
    id: i64,
    title: String,
    author: ForeignKey<User>,
    reply_to: Option<ForeignKey<Post>>,
}

fn main() {}
