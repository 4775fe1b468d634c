use orm::prelude::*;

#[derive(DbComposite, Clone)]
struct Pair<T> {
    one: T,
    other: T,
}

fn main() {}
