use orm::prelude::*;

#[derive(DbComposite, Clone)]
struct Address {
    street: String,
    #[orm(rename = "street")]
    road: String,
}

fn main() {}
