use orm::prelude::*;

#[derive(Model)]
#[orm(unique)]
struct Post {
    id: i64,
}

fn main() {}
