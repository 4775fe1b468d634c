use orm::prelude::*;

#[derive(DbComposite, Clone)]
struct Address {
    #[orm(column = "post_code")]
    code: String,
}

fn main() {}
