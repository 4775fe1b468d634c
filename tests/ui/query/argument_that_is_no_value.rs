#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let _ = Post::objects().values(|p| orm::func::<String, _>("soundex", p.author));
}
