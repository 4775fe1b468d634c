use orm::prelude::*;

#[derive(Clone)]
struct Plain;

#[derive(DbType, Clone)]
struct Wrapper(Plain);

fn main() {}
