use orm::prelude::*;

#[derive(Model)]
struct Person {
    id: i64,
    #[orm(through = Friendship, through_fields = ["from", "too"])]
    friends: ManyToMany<Person>,
}

#[derive(Model)]
struct Friendship {
    id: i64,
    from: ForeignKey<Person>,
    to: ForeignKey<Person>,
}

fn main() {}
