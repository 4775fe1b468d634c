use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(on_delete = "cascade")]
    views: i32,
}

fn main() {}
