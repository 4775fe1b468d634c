use orm::prelude::*;

#[derive(Model)]
struct Country {
    id: i64,
    #[orm(unique)]
    code: String,
}

struct CountryCode;

#[derive(Model)]
struct City {
    id: i64,
    country: ForeignKey<Country, CountryCode>,
}

fn main() {}
