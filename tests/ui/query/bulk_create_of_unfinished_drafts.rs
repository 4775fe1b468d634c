#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().bulk_create([Post::draft().title("x").author(1)]);
}
