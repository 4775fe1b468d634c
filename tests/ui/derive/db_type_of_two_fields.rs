use orm::prelude::*;

#[derive(DbType, Clone)]
struct Point(i32, i32);

fn main() {}
