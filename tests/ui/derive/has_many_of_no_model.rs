use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    parts: HasMany<Plain>,
}

struct Plain;

fn main() {}
