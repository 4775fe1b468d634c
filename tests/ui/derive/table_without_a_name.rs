use orm::prelude::*;

#[derive(Model)]
#[orm(table = "")]
struct Post {
    id: i64,
}

fn main() {}
