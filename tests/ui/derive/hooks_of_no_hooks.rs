use orm::prelude::*;

#[derive(Model)]
#[orm(hooks = Audit)]
struct Room {
    id: i64,
    seats: i32,
}

struct Audit;

fn main() {}
