use orm::prelude::*;

#[derive(Model)]
struct Book {
    title: String,
}

fn main() {}
