use orm::prelude::*;

struct Times {
    created_at: DateTime<Utc>,
}

#[derive(Model)]
struct Page {
    id: i64,
    #[orm(flatten)]
    times: Times,
}

fn main() {}
