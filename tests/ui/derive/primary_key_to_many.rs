use orm::prelude::*;

#[derive(Model)]
struct Book {
    #[orm(primary_key)]
    parts: HasMany<Book>,
}

fn main() {}
