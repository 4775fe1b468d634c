#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().insert_from(Post::objects(), |new, p| new.title.set(p.views));
}
