use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[orm(auto_now, auto_now_add)]
    changed_at: DateTime<Utc>,
}

fn main() {}
