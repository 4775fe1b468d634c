use orm::prelude::*;

#[derive(DbEnum, Clone)]
enum Mood {
    #[orm(lable = "Good")]
    Good,
}

fn main() {}
