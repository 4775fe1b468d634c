#[path = "../models.rs"]
mod models;
use models::Post;

fn main() {
    let _ = orm::models![Post, String];
}
