use orm::prelude::*;

#[derive(Flatten)]
struct Named {
    name: String,
}

#[derive(Model)]
#[orm(ordering = ["nmae"])]
struct Page {
    id: i64,
    #[orm(flatten)]
    named: Named,
}

fn main() {}
