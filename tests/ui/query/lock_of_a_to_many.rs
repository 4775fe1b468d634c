#[path = "../models.rs"]
mod models;
use models::User;
use orm::prelude::*;

fn main() {
    let _ = User::objects().select_for_update().lock_of(|u| u.posts);
}
