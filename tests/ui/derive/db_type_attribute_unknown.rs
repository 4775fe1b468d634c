use orm::prelude::*;

#[derive(DbType, Clone)]
#[orm(domian = "email")]
struct Email(String);

fn main() {}
