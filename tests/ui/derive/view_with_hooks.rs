use orm::{Hooks, prelude::*};

#[derive(Model)]
#[orm(view = "SELECT 1 AS id", hooks = Audit)]
struct Room {
    id: i64,
}

struct Audit;

impl Hooks<Room> for Audit {}

fn main() {}
