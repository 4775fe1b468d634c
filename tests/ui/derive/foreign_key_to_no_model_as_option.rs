use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    author: Option<ForeignKey<Plain>>,
}

struct Plain;

fn main() {}
