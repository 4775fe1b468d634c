use orm::prelude::*;

#[derive(Model)]
struct Person {
    id: i64,
    #[orm(collation = "C")]
    age: Option<i32>,
}

fn main() {}
