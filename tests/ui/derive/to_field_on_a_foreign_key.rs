use orm::prelude::*;

#[derive(Model)]
struct Country {
    id: i64,
    #[orm(unique, key = CountryCode)]
    code: String,
}

#[derive(Model)]
struct City {
    id: i64,
    #[orm(to_field = "code")]
    country: ForeignKey<Country>,
}

fn main() {}
