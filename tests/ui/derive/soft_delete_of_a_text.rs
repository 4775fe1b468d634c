use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(soft_delete)]
    deleted_at: Option<String>,
}

fn main() {}
