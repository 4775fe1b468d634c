use orm::prelude::*;

#[derive(Flatten)]
struct Named {
    #[orm(column = "title")]
    name: String,
}

#[derive(Model)]
struct Page {
    id: i64,
    title: String,
    #[orm(flatten)]
    named: Named,
}

fn main() {}
