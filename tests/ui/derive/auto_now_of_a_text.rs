use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(auto_now)]
    title: String,
}

fn main() {}
