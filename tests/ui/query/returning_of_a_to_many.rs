#[path = "../models.rs"]
mod models;
use models::User;
use orm::prelude::*;

fn main() {
    let _ = User::objects().delete().returning(|u| u.posts);
}
