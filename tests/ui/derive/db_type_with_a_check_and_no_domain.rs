use orm::prelude::*;

#[derive(DbType, Clone)]
#[orm(check = "VALUE > 0")]
struct Age(i32);

fn main() {}
