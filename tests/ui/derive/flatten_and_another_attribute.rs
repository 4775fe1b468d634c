use orm::prelude::*;

#[derive(Flatten)]
struct Named {
    name: String,
}

#[derive(Model)]
struct Page {
    id: i64,
    #[orm(flatten, index)]
    named: Named,
}

fn main() {}
