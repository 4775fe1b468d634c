#[path = "../models.rs"]
mod models;
use models::*;
use orm::prelude::*;

#[derive(Projection)]
struct Card {
    title: String,
    views: i64,
}

fn main() {
    let _ = Post::objects().values(|p| CardRow { title: p.title, views: p.views });
}
