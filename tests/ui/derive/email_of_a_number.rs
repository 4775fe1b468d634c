use orm::prelude::*;

#[derive(Model)]
struct Room {
    id: i64,
    #[orm(email)]
    floor: i16,
}

fn main() {}
