use orm::prelude::*;

#[derive(Model)]
struct Room {
    id: i64,
    #[orm(step = 0.5)]
    height: f64,
}

fn main() {}
