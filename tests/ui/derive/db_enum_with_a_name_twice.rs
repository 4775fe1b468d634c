use orm::prelude::*;

#[derive(DbEnum, Clone)]
enum Mood {
    Good,
    #[orm(rename = "good")]
    Better,
}

fn main() {}
