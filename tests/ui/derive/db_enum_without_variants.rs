use orm::prelude::*;

#[derive(DbEnum, Clone)]
enum Mood {}

fn main() {}
