use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(version)]
    version: Option<i64>,
}

fn main() {}
