#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().group_by(|p| p.title).annotate(|p| p.id.count()).select_for_update();
}
