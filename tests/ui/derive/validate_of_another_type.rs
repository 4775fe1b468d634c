use orm::prelude::*;

#[derive(Model)]
struct Room {
    id: i64,
    #[orm(validate = short)]
    area: i64,
}

fn short(text: &str) -> Result<(), &'static str> {
    if text.len() < 3 { Ok(()) } else { Err("It is too long.") }
}

fn main() {}
