use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(max_length = 3)]
    views: i32,
}

fn main() {}
