use orm::prelude::*;

#[derive(DbType, Clone)]
struct Views(u32);

fn main() {}
