use orm::prelude::*;

#[derive(Model)]
enum Color {
    Red,
}

fn main() {}
