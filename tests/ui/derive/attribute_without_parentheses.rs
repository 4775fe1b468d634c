use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm]
    title: String,
}

fn main() {}
