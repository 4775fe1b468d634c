use orm::prelude::*;

#[derive(DbEnum)]
enum Mood {
    Good,
}

fn main() {}
