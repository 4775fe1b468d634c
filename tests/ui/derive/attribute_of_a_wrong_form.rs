use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(max_length = "150")]
    title: String,
}

fn main() {}
