use orm::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    tags: ManyToMany<Tag>,
}

#[derive(Model)]
struct Tag {
    id: i64,
    #[orm(via = "tag")]
    posts: ManyToMany<Post>,
}

fn main() {}
