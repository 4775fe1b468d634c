use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(default = 3)]
    title: Option<String>,
}

fn main() {}
