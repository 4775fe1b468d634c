//! The derives need nothing in scope.

#[derive(orm::Model)]
struct User {
    id: i64,
    name: Name,
    posts: orm::HasMany<Post>,
}

#[derive(orm::DbType, Clone)]
struct Name(String);

#[derive(orm::DbEnum, Clone, Copy)]
#[orm(text)]
enum Kind {
    Short,
    Long,
}

#[derive(orm::DbComposite, Clone)]
struct Size {
    kind: Kind,
    words: u32,
}

#[derive(::orm::Model)]
#[orm(ordering = ["-id"])]
struct Post {
    id: i64,
    #[orm(default = "")]
    title: String,
    size: Option<Size>,
    author: ::orm::ForeignKey<User>,
    editor: Option<::orm::ForeignKey<User>>,
    tags: ::orm::ManyToMany<User>,
}

pub(super) fn compiles() {
    let post = |post: Post| {
        (
            post.id,
            post.title,
            post.size.map(|size| (size.kind, size.words)),
            post.author,
            post.editor,
            post.tags,
        )
    };
    let user = |user: User| (user.id, user.name.0, user.posts);
    let _ = (
        Kind::Short,
        Kind::Long,
        post,
        user,
        <Post as orm::Model>::objects().filter(|p| orm::Containment::contains(p.author.name, "x")),
    );
}
