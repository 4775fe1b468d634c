use orm::prelude::*;

#[orm::test]
async fn nothing_yet(one: Db, two: Db) {}

fn main() {}
