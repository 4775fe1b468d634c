use orm::prelude::*;

#[derive(DbType, Clone)]
struct Views(i128);

fn main() {}
