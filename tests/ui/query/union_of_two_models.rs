#[path = "../models.rs"]
mod models;
use models::{Post, User};
use orm::prelude::*;

fn main() {
    let _ = Post::objects().union(User::objects());
}
