use orm::prelude::*;

#[derive(DbType, Clone, Debug)]
struct BookId(i64);

#[derive(Model)]
struct Book {
    id: BookId,
}

fn main() {}
