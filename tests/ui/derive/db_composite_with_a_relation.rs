use orm::prelude::*;

#[derive(Model)]
struct Country {
    id: i64,
}

#[derive(DbComposite, Clone)]
struct Address {
    street: String,
    country: ForeignKey<Country>,
}

fn main() {}
