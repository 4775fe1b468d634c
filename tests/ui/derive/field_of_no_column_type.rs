use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    meta: Plain,
}

struct Plain;

fn main() {}
