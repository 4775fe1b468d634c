use orm::prelude::*;

struct Plain;

#[derive(Model)]
struct Book {
    id: Plain,
    sequels: HasMany<Book>,
}

fn main() {}
