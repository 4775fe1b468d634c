use orm::{Range, prelude::*};

#[derive(Model)]
struct Stay {
    id: i64,
    nights: Range<NaiveDate>,
}

fn main() {
    let _ = Stay::objects().filter(|s| s.nights.contains(7));
}
