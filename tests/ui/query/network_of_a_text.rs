#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().filter(|p| p.title.net_contained("10.0.0.0/8"));
}
