use orm::prelude::*;

#[derive(Model)]
struct Room {
    id: i64,
    #[orm(regex = "[A-Z")]
    code: String,
}

fn main() {}
