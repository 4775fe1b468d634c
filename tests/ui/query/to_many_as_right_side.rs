#[path = "../models.rs"]
mod models;
use models::User;
use orm::prelude::*;

fn main() {
    let _ = User::objects().filter(|u| u.username.eq(u.posts.title));
}
