use orm::prelude::*;

#[derive(DbEnum, Clone)]
#[orm(int)]
enum Mood {
    Good,
}

fn main() {}
