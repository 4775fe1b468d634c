#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().values(|p| (p.id, p.title)).subquery().filter(|p| p.title.eq("x"));
}
