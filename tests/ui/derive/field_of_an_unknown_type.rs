use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    meta: Unknown,
}

fn main() {}
