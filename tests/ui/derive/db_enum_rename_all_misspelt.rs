use orm::prelude::*;

#[derive(DbEnum, Clone)]
#[orm(rename_all = "kebab_case")]
enum Mood {
    Good,
}

fn main() {}
