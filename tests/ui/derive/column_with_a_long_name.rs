use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(column = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    title: String,
}

fn main() {}
