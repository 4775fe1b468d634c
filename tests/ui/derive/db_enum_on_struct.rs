use orm::prelude::*;

#[derive(DbEnum, Clone)]
struct Mood;

fn main() {}
