#[path = "../models.rs"]
mod models;
use models::*;
use orm::prelude::*;

#[derive(Projection)]
struct Card {
    title: String,
    author: String,
}

fn main() {
    let _ = Post::objects().values(|p| CardRow { title: p.title });
}
