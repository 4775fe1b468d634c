use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(table = "post")]
    title: String,
}

fn main() {}
