use orm::prelude::*;

#[derive(DbEnum, Clone)]
#[orm(text, int)]
enum Mood {
    Good,
}

fn main() {}
