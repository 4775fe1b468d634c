use orm::prelude::*;

#[derive(Projection)]
struct Card {
    #[orm(from = author.username)]
    author: String,
}

fn main() {}
