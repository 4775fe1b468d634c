use orm::prelude::*;

#[derive(Model)]
struct Nothing;

fn main() {}
