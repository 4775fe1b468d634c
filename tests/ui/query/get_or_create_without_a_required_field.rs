#[path = "../models.rs"]
mod models;
use models::Tag;
use orm::prelude::*;

fn main() {
    let _ = Tag::objects().get_or_create(|t| t.name.eq("rust"), |new| new.name("rust"));
}
