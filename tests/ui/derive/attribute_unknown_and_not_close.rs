use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(foo)]
    title: String,
}

fn main() {}
