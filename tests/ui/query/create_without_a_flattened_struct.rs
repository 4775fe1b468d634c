use orm::prelude::*;

#[derive(Flatten)]
struct Named {
    name: String,
}

#[derive(Model)]
struct Page {
    id: i64,
    #[orm(flatten)]
    named: Named,
}

fn main() {
    let _ = Page::draft().build();
}
