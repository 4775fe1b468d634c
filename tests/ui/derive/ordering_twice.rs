use orm::prelude::*;

#[derive(Model)]
#[orm(ordering = ["title", "-title"])]
struct Post {
    id: i64,
    title: String,
}

fn main() {}
