use orm::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct BookId(i64);

#[derive(Model)]
struct Book {
    id: BookId,
    title: String,
}

fn main() {}
