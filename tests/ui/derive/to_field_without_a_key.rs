use orm::prelude::*;

#[derive(Model)]
struct Country {
    id: i64,
    #[orm(unique)]
    code: String,
    #[orm(to_field = "code")]
    cities: HasMany<City>,
}

#[derive(Model)]
struct City {
    id: i64,
    country: ForeignKey<Country>,
}

fn main() {}
