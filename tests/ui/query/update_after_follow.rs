#[path = "../models.rs"]
mod models;
use models::User;
use orm::prelude::*;

fn main() {
    let _ = User::objects().follow(|u| u.posts).update(|u| u.age.set(3));
}
