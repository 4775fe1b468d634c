use orm::prelude::*;

#[derive(Model)]
struct Seat {
    #[orm(primary_key)]
    row: i32,
    #[orm(primary_key)]
    number: i32,
}

#[derive(Model)]
struct Booking {
    id: i64,
    seat: ForeignKey<Seat>,
}

fn main() {}
