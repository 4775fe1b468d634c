use orm::prelude::*;

#[derive(DbType, Clone)]
#[orm(domain = "")]
struct Email(String);

fn main() {}
