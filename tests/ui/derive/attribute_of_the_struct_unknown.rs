use orm::prelude::*;

#[derive(Model)]
#[orm(tabel = "posts")]
struct Post {
    id: i64,
}

fn main() {}
