use orm::{Hooks, prelude::*};

#[derive(Model)]
#[orm(hooks = Audit)]
struct Room {
    id: i64,
    seats: i32,
}

struct Audit;

impl Hooks<Room> for Audit {}

fn main() {
    let _ = Room::objects().delete().returning(|r| r.seats).cte();
}
