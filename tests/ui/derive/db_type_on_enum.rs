use orm::prelude::*;

#[derive(DbType, Clone)]
enum Color {
    Red,
}

fn main() {}
