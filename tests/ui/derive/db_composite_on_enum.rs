use orm::prelude::*;

#[derive(DbComposite, Clone)]
enum Address {
    Home,
}

fn main() {}
