use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(unique, index, unique)]
    title: String,
}

fn main() {}
