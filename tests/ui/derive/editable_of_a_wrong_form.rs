use orm::prelude::*;

#[derive(Model)]
struct Person {
    id: i64,
    #[orm(editable = "no")]
    name: String,
}

fn main() {}
