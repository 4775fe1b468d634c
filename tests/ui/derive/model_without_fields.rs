use orm::prelude::*;

#[derive(Model)]
struct Book {}

fn main() {}
