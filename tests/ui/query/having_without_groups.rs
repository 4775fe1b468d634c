#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().having(|p| p.id.count().gt(3));
}
