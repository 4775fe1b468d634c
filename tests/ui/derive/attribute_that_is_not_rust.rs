use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(default = , unique)]
    views: i32,
}

fn main() {}
