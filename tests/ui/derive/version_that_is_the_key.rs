use orm::prelude::*;

#[derive(Model)]
struct Post {
    #[orm(primary_key, version)]
    id: i64,
}

fn main() {}
