//! Conditions and orders from texts: they mean what the typed ones mean, and what they may name is checked.

mod values;

use super::world;
use crate::models::{Comment, Company, Post, User};
use orm::{Allow, Error, prelude::*, types::Lookup};
use std::sync::LazyLock;

/// A condition as texts, and typed; both become one statement.
macro_rules! same { ($world:expr, $model:ident, [$($name:literal $value:literal => $typed:expr, $keys:expr;)*]) => {$({
    let typed = $model::objects().filter($typed).order_by(|_| ());
    let text = $model::objects().filter_str($name, $value).unwrap().order_by(|_| ());
    assert_eq!(text.to_sql(), typed.to_sql(), "{}", $name);
    assert_eq!($world.found(text).await, $keys, "{}={}", $name, $value);
    let rest = $model::objects().exclude_str($name, $value).unwrap().order_by(|_| ());
    assert_eq!(rest.to_sql(), $model::objects().exclude($typed).order_by(|_| ()).to_sql(), "{}", $name);
    let both = $world.found(rest).await.len() + $keys.len();
    assert_eq!(both as i64, $model::objects().using($world.db()).count().await.unwrap(), "{}", $name);
})*}}

#[tokio::test]
async fn every_lookup_means_what_the_typed_one_means() {
    let w = world().await;
    same!(w, Post, [
        "title" "rust" => |p| p.title.eq("rust"), [1, 3, 5];
        "title__exact" "rust" => |p| p.title.eq("rust"), [1, 3, 5];
        "title__ne" "rust" => |p| p.title.ne("rust"), [2, 4];
        "title__iexact" "RUST" => |p| p.title.iexact("RUST"), [1, 3, 5];
        "title__contains" "us" => |p| p.title.contains("us"), [1, 3, 5];
        "title__icontains" "US" => |p| p.title.icontains("US"), [1, 3, 5];
        "title__startswith" "z" => |p| p.title.startswith("z"), [4];
        "title__istartswith" "Z" => |p| p.title.istartswith("Z"), [4];
        "title__endswith" "o" => |p| p.title.endswith("o"), [2];
        "title__iendswith" "O" => |p| p.title.iendswith("O"), [2];
        "title__regex" "^[gz]" => |p| p.title.regex("^[gz]"), [2, 4];
        "title__iregex" "^[GZ]" => |p| p.title.iregex("^[GZ]"), [2, 4];
        "title__in" "go,zig" => |p| p.title.in_(["go", "zig"]), [2, 4];
        "title__in" "" => |p| p.title.in_(Vec::<String>::new()), [0i64; 0];
        "title__contains" "%" => |p| p.title.contains("%"), [0i64; 0];
        "views" "5" => |p| p.views.eq(5), [2, 3];
        "views__lt" "100" => |p| p.views.lt(100), [2, 3];
        "views__lte" "100" => |p| p.views.lte(100), [1, 2, 3];
        "views__gt" "100" => |p| p.views.gt(100), [4, 5];
        "views__gte" " 100 " => |p| p.views.gte(100), [1, 4, 5];
        "views__range" "5,100" => |p| p.views.range(5, 100), [1, 2, 3];
        "views__in" "100, 200" => |p| p.views.in_([100, 200]), [1, 4, 5];
        "published_at__isnull" "true" => |p| p.published_at.is_null(), [2, 4];
        "published_at__isnull" "0" => |p| p.published_at.is_not_null(), [1, 3, 5];
        "published_at__gte" "2021-01-01T00:00:00Z" => |p| p.published_at.gte(super::year(2021)), [3, 5];
        "pk" "3" => |p| p.id.eq(3), [3];
        "pk__in" "3,4" => |p| p.id.in_([3, 4]), [3, 4];
    ]);
}

#[tokio::test]
async fn a_path_is_followed_through_relations_of_every_kind() {
    let w = world().await;
    same!(w, Post, [
        "author__username" "ann" => |p| p.author.username.eq("ann"), [1, 2];
        "author__company__name" "acme" => |p| p.author.company.name.eq("acme"), [1, 2, 5];
        "editor__username__ne" "bob" => |p| p.editor.username.ne("bob"), [1, 3, 4, 5];
        "editor__email__isnull" "true" => |p| p.editor.email.is_null(), [1, 2, 5];
        "reply_to__reply_to__title" "rust" => |p| p.reply_to.reply_to.title.eq("rust"), [4];
    ]);
    let query = Post::objects().filter_str("author__edited__title", "go").unwrap();
    assert_eq!(w.found(query).await, [3, 4]);
    // A key is read where it is.
    same!(w, Post, [
        "author" "2" => |p| p.author.eq(2), [3, 4];
        "author__id" "2" => |p| p.author.id.eq(2), [3, 4];
        "author__pk__in" "2,3" => |p| p.author.in_([2, 3]), [3, 4, 5];
        "author__gt" "1" => |p| p.author.gt(1), [3, 4, 5];
        "editor__isnull" "true" => |p| p.editor.is_null(), [1];
        "editor__ne" "2" => |p| p.editor.ne(2), [1, 3, 4, 5];
        "editor__company" "1" => |p| p.editor.company.eq(1), [3, 4];
    ]);
    same!(w, User, [
        "posts__title" "rust" => |u| u.posts.title.eq("rust"), [1, 2, 3];
        "posts" "4" => |u| u.posts.id.eq(4), [2];
        "posts__views__range" "100,200" => |u| u.posts.views.range(100, 200), [1, 2, 3];
        "posts__comments__text" "good" => |u| u.posts.comments.text.eq("good"), [2];
        "posts__editor__username" "dan" => |u| u.posts.editor.username.eq("dan"), [3];
        "posts__isnull" "false" => |u| u.posts.exists(), [1, 2, 3];
    ]);
    same!(w, Company, [
        "staff__isnull" "true" => |c| c.staff.is_null(), [3];
        "staff__posts__comments__stars__gte" "5" => |c| c.staff.posts.comments.stars.gte(5), [1];
    ]);
}

#[tokio::test]
async fn each_text_is_a_filter_of_its_own_and_shares_joins_with_typed_ones() {
    let w = world().await;
    let two = User::objects().filter_str("posts__title", "rust").unwrap();
    let two = two.filter_str("posts__views__gte", "100").unwrap();
    assert_eq!(w.found(two).await, [1, 2, 3], "one post each");
    let query = Post::objects().filter(|p| p.author.active).filter_str("author__age__gt", "20").unwrap();
    let query = query.order_by_str("-author__username,id").unwrap();
    assert_eq!(query.to_sql().matches("JOIN").count(), 1, "{}", query.to_sql());
    assert_eq!(w.keys(query).await, [1, 2]);
}

#[tokio::test]
async fn texts_stand_inside_of_other_queries_and_beside_outer_references() {
    let w = world().await;
    let query = User::objects().filter(|u| {
        let posts = Post::objects().filter(|p| p.author.eq(u.id));
        posts.filter_str("reply_to__author__username", "ann").unwrap().exists()
    });
    assert_eq!(w.found(query).await, [2]);
    // The model inside is that outside.
    let query = Post::objects().filter(|outer| {
        let replies = Post::objects().filter(|p| p.reply_to.eq(outer.id));
        replies.filter_str("reply_to__views__gt", "50").unwrap().exists()
    });
    assert_eq!(w.found(query).await, [1]);
}

#[tokio::test]
async fn an_order_is_a_list_of_names() {
    let w = world().await;
    let keys = async |names: &str| w.keys(Post::objects().order_by_str(names).unwrap()).await;
    assert_eq!(keys("-views,title,-pk").await, [5, 4, 1, 2, 3]);
    assert_eq!(keys("author__company__name,-author,id").await, [5, 1, 2, 3, 4], "NULL is last");
    assert_eq!(keys("editor,id").await, [4, 2, 3, 5, 1]);
}

static POSTS: LazyLock<Allow<Post>> = LazyLock::new(|| {
    Allow::<Post>::new()
        .fields(|p| (p.title, p.author.username, p.author.id, p.comments.stars))
        .lookups(&[Lookup::Gte, Lookup::Exact], |p| (p.views, p.editor))
        .filter("search", |p, text| p.title.icontains(text) | p.comments.text.icontains(text))
        .order_by("popular", |p| (p.views.desc(), p.comments.count().desc(), p.id))
});

#[tokio::test]
async fn a_list_says_what_may_be_named() {
    let w = world().await;
    let posts = || Post::objects().allow(&POSTS);
    let found = async |name: &str, value: &str| w.found(posts().filter_str(name, value).unwrap()).await;
    assert_eq!(found("title__startswith", "r").await, [1, 3, 5]);
    assert_eq!(found("author__username", "bob").await, [3, 4]);
    assert_eq!(found("author", "2").await, [3, 4]);
    assert_eq!(found("author__pk__in", "2").await, [3, 4]);
    assert_eq!(found("comments__stars", "1").await, [1, 4]);
    assert_eq!(found("views__gte", "200").await, [4, 5]);
    assert_eq!(found("views", "5").await, [2, 3]);
    assert_eq!(found("editor", "1").await, [4]);
    assert_eq!(found("search", "GOOD").await, [3]);
    assert_eq!(w.keys(posts().order_by_str("popular").unwrap()).await, [4, 5, 1, 3, 2]);
    assert_eq!(w.keys(posts().order_by_str("-popular").unwrap()).await, [2, 3, 1, 5, 4]);
    assert_eq!(w.keys(posts().order_by_str("author,-popular").unwrap()).await, [2, 1, 3, 4, 5]);
}

#[test]
fn what_is_not_on_the_list_is_refused_and_the_list_is_shown() {
    let said = |result: orm::Result<QuerySet<Post>>| {
        let error: Error = result.unwrap_err();
        assert!(error.is_invalid_input());
        error.to_string()
    };
    let posts = || Post::objects().allow(&POSTS);
    let all =
        "title, author__username, author, comments__stars, views__gte, views, editor__gte, editor, search";
    for name in
        ["body", "author__email", "editor__email", "views__isnull", "popular", "comments", "nothing", ""]
    {
        let text = said(posts().filter_str(name, "1"));
        assert_eq!(text, format!("`{name}` cannot be filtered by; there are {all}"), "{name}");
    }
    let text = said(posts().filter_str("serach", "1"));
    assert_eq!(text, format!("`serach` cannot be filtered by; did you mean `search`? There are {all}"));
    let all = "title, author__username, author, comments__stars, popular";
    for name in ["views", "body", "search", ""] {
        let text = said(posts().order_by_str(name));
        assert_eq!(text, format!("`{name}` cannot be ordered by; there are {all}"), "{name}");
    }
    assert_eq!(said(posts().order_by_str("title__exact")), "an order is by `title`, without `exact`");
    // What is wrong with a field that is allowed is said.
    let text = said(posts().filter_str("title__icontain", "1"));
    assert!(text.starts_with("`Post.title` has no lookup `icontain`; did you mean `icontains`?"), "{text}");
    assert_eq!(said(posts().filter_str("views", "x")), "Post.views: the text is no value of type integer");
}

#[test]
fn what_does_not_exist_is_an_error_that_says_what_there_is_and_what_was_meant() {
    let said = |name: &str| {
        let error = Comment::objects().filter_str(name, "1").unwrap_err();
        assert!(error.is_invalid_input(), "{error}");
        error.to_string()
    };
    let fields =
        "id, title, body, views, published_at, changed_at, author, editor, reply_to, comments, replies";
    let lookups = "exact, ne, lt, lte, gt, gte, range, in, isnull";
    assert_eq!(
        said("txet"),
        "`Comment` has no field `txet`; did you mean `text`? There are id, text, stars, post, author"
    );
    assert_eq!(
        said("subject__icontains"),
        "`Comment` has no field `subject`; there are id, text, stars, post, author"
    );
    assert_eq!(said(""), "`Comment` has no field ``; there are id, text, stars, post, author");
    assert_eq!(
        said("icontains"),
        "`Comment` has no field `icontains`; there are id, text, stars, post, author"
    );
    assert_eq!(
        said("post__titel"),
        format!(
            "Comment.post: `Post` has no field or lookup `titel`; did you mean `title`? There are {fields}, {lookups}"
        )
    );
    assert_eq!(
        said("post__icontains"),
        format!("Comment.post: `Post` has no field or lookup `icontains`; there are {fields}, {lookups}")
    );
    assert_eq!(
        said("stars__gtt"),
        format!("`Comment.stars` has no lookup `gtt`; did you mean `gt`? There are {lookups}")
    );
    assert_eq!(
        said("stars__icontains"),
        format!("`Comment.stars` has no lookup `icontains`; there are {lookups}")
    );
    assert!(said("text__icontians").contains("did you mean `icontains`?"));
    assert!(said("text__").starts_with("`Comment.text` has no lookup ``"));
    assert!(said("text__exact__exact").starts_with("`Comment.text` has no lookup `exact__exact`"));
    assert!(said("post__title__author").starts_with("`Post.title` has no lookup `author`"));
    assert!(said(&"x".repeat(100_000)).len() < 101_000, "and a long name costs nothing");
    assert!(said("te\u{1b}xt").starts_with(r"`Comment` has no field `te\u{1b}xt`"));

    let said = |names: &str| Post::objects().order_by_str(names).unwrap_err().to_string();
    assert_eq!(
        said("comments__stars"),
        "`Post.comments` leads to any number of rows: there is no order by it"
    );
    assert_eq!(said("author__posts"), "`User.posts` leads to any number of rows: there is no order by it");
    assert_eq!(said("title__icontains"), "an order is by `title`, without `icontains`");
    assert!(said("title,,id").starts_with("`Post` has no field ``"));
    assert!(said("--title").starts_with("`Post` has no field `-title`"));
}

#[test]
fn a_path_that_goes_on_and_on_is_an_error() {
    let name = |hops| format!("{}title", "reply_to__".repeat(hops));
    assert!(Post::objects().filter_str(&name(16), "x").is_ok());
    for hops in [17, 100_000] {
        let error = Post::objects().filter_str(&name(hops), "x").unwrap_err();
        assert_eq!(error.to_string(), "a path can follow 16 relations, and this one follows more");
    }
}
