use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    author: ForeignKey<Plain>,
}

struct Plain;

fn main() {}
