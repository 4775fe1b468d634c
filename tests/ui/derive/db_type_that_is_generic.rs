use orm::prelude::*;

#[derive(DbType, Clone)]
struct Id<T>(T);

fn main() {}
