use orm::prelude::*;

#[derive(DbType)]
struct UserId(i64);

fn main() {}
