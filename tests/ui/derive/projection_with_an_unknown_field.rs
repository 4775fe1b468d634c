#[path = "../models.rs"]
mod models;
use models::*;
use orm::prelude::*;

#[derive(Projection)]
#[orm(model = Post)]
struct Card {
    titel: String,
}

fn main() {}
