use orm::prelude::*;

#[derive(DbEnum, Clone)]
#[orm(typename = "mood")]
enum Mood {
    Good,
}

fn main() {}
