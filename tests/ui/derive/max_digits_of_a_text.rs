use orm::prelude::*;

#[derive(Model)]
struct Person {
    id: i64,
    #[orm(max_digits = 10, decimal_places = 2)]
    name: String,
}

fn main() {}
