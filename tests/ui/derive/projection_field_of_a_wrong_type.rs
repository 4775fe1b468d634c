#[path = "../models.rs"]
mod models;
use models::*;
use orm::prelude::*;

#[derive(Projection)]
#[orm(model = Post)]
struct Card {
    id: i64,
    views: Option<String>,
}

fn main() {}
