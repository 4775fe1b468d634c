use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(uniqe)]
    title: String,
}

fn main() {}
