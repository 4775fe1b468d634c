use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(version)]
    revision: String,
}

fn main() {}
