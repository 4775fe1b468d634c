use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(via = "post")]
    parts: HasMany<Plain>,
}

struct Plain;

fn main() {}
