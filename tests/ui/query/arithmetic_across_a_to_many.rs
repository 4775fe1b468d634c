#[path = "../models.rs"]
mod models;
use models::User;
use orm::prelude::*;

fn main() {
    let _ = User::objects().values(|u| u.posts.views + 1);
}
