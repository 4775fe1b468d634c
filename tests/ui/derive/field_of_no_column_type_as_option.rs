use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    meta: Option<Plain>,
}

struct Plain;

fn main() {}
