use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(unique = true)]
    title: String,
}

fn main() {}
