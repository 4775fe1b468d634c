use orm::prelude::*;

struct Plain;

#[derive(Model)]
struct Profile {
    #[orm(primary_key)]
    owner: ForeignKey<Plain>,
    bio: String,
}

fn main() {}
