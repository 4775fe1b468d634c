use orm::prelude::*;

#[derive(DbEnum, Clone)]
enum Mood {
    Good,
    Bad(i32),
}

fn main() {}
