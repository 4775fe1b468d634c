#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    let column = String::from("title");
    let _ = Post::objects().values(|p| orm::sql::<String, _>(&format!("{column} || $1"), p.title));
}
