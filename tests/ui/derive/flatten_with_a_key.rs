use orm::prelude::*;

#[derive(Flatten)]
struct Named {
    #[orm(primary_key)]
    name: String,
}

#[derive(Model)]
struct Page {
    id: i64,
    #[orm(flatten)]
    named: Named,
}

fn main() {}
