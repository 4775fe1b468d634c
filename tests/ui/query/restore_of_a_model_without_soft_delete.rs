use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
}

fn main() {
    let mut post = Post { id: 1 };
    let _ = post.restore();
}
