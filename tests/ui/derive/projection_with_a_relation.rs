use orm::prelude::*;

#[derive(Model)]
struct User {
    id: i64,
}

#[derive(Projection)]
struct Card {
    author: ForeignKey<User>,
}

fn main() {}
