//! A type alias is the type it stands for.
use orm::prelude::*;

type Text = String;
type Moment = DateTime<Utc>;
type Maybe<T> = Option<T>;

#[derive(Model)]
struct Post {
    id: i64,
    title: Text,
    published_at: Maybe<Moment>,
    #[orm(auto_now)]
    changed_at: Moment,
}

pub(super) fn compiles() {
    let _ = Post::objects()
        .filter(|p| p.title.contains("x") & p.published_at.eq(None) & p.published_at.lt(Utc::now()));
    drop(Post::objects().create().title("x").published_at(Utc::now()));
    let used = |post: Post| (post.id, post.title, post.published_at, post.changed_at);
    let _ = used;
    assert!(Post::meta().fields[2].nullable);
}
