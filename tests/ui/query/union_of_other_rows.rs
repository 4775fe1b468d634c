#[path = "../models.rs"]
mod models;
use models::{Post, User};
use orm::prelude::*;

fn main() {
    let _ = Post::objects().values(|p| p.title).union(User::objects().values(|u| u.id));
}
