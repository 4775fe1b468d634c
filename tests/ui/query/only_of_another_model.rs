#[path = "../models.rs"]
mod models;
use models::*;
use orm::prelude::*;

#[derive(Projection)]
#[orm(model = User)]
struct Name {
    username: String,
}

fn main() {
    let _ = Post::objects().only::<Name>();
}
