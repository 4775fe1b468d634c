use orm::prelude::*;

#[derive(Model)]
struct Page<'a> {
    id: i64,
    body: &'a str,
}

fn main() {}
