use orm::prelude::*;

#[derive(Model)]
struct Room {
    id: i64,
    #[orm(min_length = 3)]
    building: ForeignKey<Room>,
}

fn main() {}
