use orm::prelude::*;

#[derive(DbType, Clone)]
struct Age(i32);

#[derive(Model)]
struct Person {
    id: i64,
    #[orm(max_length = 3)]
    age: Age,
}

fn main() {}
