use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    parts: ManyToMany<Plain>,
}

struct Plain;

fn main() {}
