use orm::prelude::*;

#[derive(Model)]
struct Book {
    id: usize,
    sequels: HasMany<Book>,
}

fn main() {}
