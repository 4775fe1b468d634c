use orm::prelude::*;

#[derive(DbComposite, Clone)]
struct Address(String, String);

fn main() {}
