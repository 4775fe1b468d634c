#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().values(|p| p.views.cast::<i64>() - p.views.sum());
}
