use orm::prelude::*;

#[derive(Model)]
struct Sale {
    id: i64,
    #[orm(max_digits = 10)]
    price: f64,
}

fn main() {}
