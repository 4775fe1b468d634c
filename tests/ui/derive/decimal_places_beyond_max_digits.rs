use orm::prelude::*;

#[derive(Model)]
struct Sale {
    id: i64,
    #[orm(max_digits = 2, decimal_places = 3)]
    price: f64,
}

fn main() {}
