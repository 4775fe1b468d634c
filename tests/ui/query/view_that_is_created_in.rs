use orm::prelude::*;

#[derive(Model)]
#[orm(view = "SELECT 1 AS id")]
struct Report {
    id: i64,
}

fn main() {
    let _ = Report::objects().create();
}
