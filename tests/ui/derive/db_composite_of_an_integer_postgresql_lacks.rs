use orm::prelude::*;

#[derive(DbComposite, Clone)]
struct Address {
    floor: i8,
}

fn main() {}
