use orm::prelude::*;

#[derive(Model)]
struct Room {
    id: i64,
    #[orm(min_value = "one")]
    seats: i32,
}

fn main() {}
