#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let n: i64 = 3;
    let _ = Post::objects().filter(|p| p.views.eq(n));
}
