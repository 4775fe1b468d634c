#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().aggregate(|p| p.views.sum().max());
}
