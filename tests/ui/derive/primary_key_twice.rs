use orm::prelude::*;

#[derive(Model)]
struct Book {
    #[orm(primary_key)]
    isbn: String,
    #[orm(primary_key)]
    number: i64,
}

fn main() {}
