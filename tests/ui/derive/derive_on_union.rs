use orm::prelude::*;

#[derive(Model)]
union Bits {
    id: i64,
}

fn main() {}
