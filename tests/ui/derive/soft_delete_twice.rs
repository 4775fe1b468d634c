use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
    #[orm(soft_delete)]
    removed_at: Option<DateTime<Utc>>,
}

fn main() {}
