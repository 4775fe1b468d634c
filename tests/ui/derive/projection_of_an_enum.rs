use orm::prelude::*;

#[derive(Projection)]
enum Card {
    A,
}

fn main() {}
