use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(version)]
    version: i64,
    #[orm(version)]
    revision: i32,
}

fn main() {}
