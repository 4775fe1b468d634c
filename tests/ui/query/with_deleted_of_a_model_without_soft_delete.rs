use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
}

fn main() {
    let _ = Post::objects().with_deleted();
}
