use orm::prelude::*;

#[derive(DbType, Clone)]
struct UserId {
    id: i64,
}

fn main() {}
