//! Methods of the user's own, and fields with the names of ours, do not get in each other's way.
use orm::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
struct Post {
    id: i64,
    title: String,
    // Methods of models, queries, expressions and of the derive's code.
    save: i32,
    objects: i32,
    filter: i32,
    key: i32,
    meta: i32,
    param: i32,
    fields: i32,
    eq: i32,
    deref: i32,
    new: i32,
    poll: i32,
    f0: i32,
    at: i32,
    row: i32,
    field: i32,
    value: i32,
    author: ForeignKey<Post>,
}

impl Post {
    fn id(&self) -> i64 {
        self.id
    }
    fn title(&self) -> &str {
        &self.title
    }
    fn author(&self) -> i64 {
        self.author.id()
    }
    fn key() -> &'static str {
        "mine"
    }
    fn read_unit() {}
    fn draft_of() {}
}

pub(super) fn compiles() {
    let used = |post: Post| (post.id(), post.title().len(), post.author());
    let _ = used;
    Post::read_unit();
    Post::draft_of();
    assert_eq!(Post::key(), "mine");
    let _ = Post::objects()
        .filter(|p| p.eq.eq(3) & p.filter.gt(3) & p.author.deref.lt(3) & p.author.key.eq(p.new));
    let _ = Post::objects().create().title("x").save(1).objects(1).filter(1).key(1).meta(1).poll(1).new(1);
}
