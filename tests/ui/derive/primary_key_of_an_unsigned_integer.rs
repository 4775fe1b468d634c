use orm::prelude::*;

#[derive(Model)]
struct Book {
    id: u64,
    sequels: HasMany<Book>,
}

fn main() {}
