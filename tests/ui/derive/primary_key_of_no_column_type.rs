use orm::prelude::*;

struct Plain;

#[derive(Model)]
struct Book {
    id: Plain,
    title: String,
}

fn main() {}
