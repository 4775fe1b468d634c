#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().bulk_create([]).update_conflicts(|p| p.title.lower(), |p, new| p.views.set(new.views));
}
