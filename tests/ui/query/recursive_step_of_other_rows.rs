#[path = "../models.rs"]
mod models;
use models::User;
use orm::prelude::*;

fn main() {
    let _ = User::objects().recursive(|found| found.follow(|u| u.posts));
}
