#[path = "../models.rs"]
mod models;
use models::Post;
use orm::prelude::*;

fn main() {
    use orm::window::rank;
    let _ = Post::objects().values(|p| rank().over(|w| w.order_by(rank().over(|w| w.order_by(p.id)))));
}
