use orm::prelude::*;

#[derive(Model)]
#[orm(clean = no_such_function)]
struct Room {
    id: i64,
    seats: i32,
}

fn main() {}
