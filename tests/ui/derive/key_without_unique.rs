use orm::prelude::*;

#[derive(Model)]
struct Country {
    id: i64,
    #[orm(key = CountryCode)]
    code: String,
}

fn main() {}
