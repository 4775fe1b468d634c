use orm::prelude::*;

#[derive(DbEnum, Clone)]
enum Mood<T> {
    Good(T),
}

fn main() {}
