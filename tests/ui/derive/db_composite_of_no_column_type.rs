use orm::prelude::*;

#[derive(Clone)]
struct Plain;

#[derive(DbComposite, Clone)]
struct Address {
    street: String,
    plain: Option<Plain>,
}

fn main() {}
