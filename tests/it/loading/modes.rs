//! Fetch modes: what `fetch` of a row's foreign key does with the other rows of its QuerySet.

use crate::{
    conditions::world,
    models::{Comment, Post},
};
use expect_test::expect;
use orm::{FetchMode, prelude::*, testing::count_queries};

#[tokio::test]
async fn peers_ask_once_for_the_rows_of_all() {
    let w = world().await;
    let posts = Post::objects().order_by(|p| p.id).fetch_mode(FetchMode::Peers).using(w.db()).await.unwrap();
    assert!(posts[0].author.get().unwrap_err().is_not_loaded(), "nothing is asked before it is wanted");
    let (names, queries) = count_queries(w.db().scope(async {
        let mut names = Vec::new();
        for post in &posts {
            names.push(post.author.fetch().await?.username);
        }
        Ok::<_, orm::Error>(names)
    }))
    .await;
    assert_eq!(names.unwrap(), ["ann", "ann", "bob", "bob", "cyd"]);
    expect![[r#"
        1 query
          1. SELECT "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "user" WHERE "user"."id" = ANY($1)"#]].assert_eq(&queries.to_string());
    let (first, second) = (posts[0].author.get().unwrap(), posts[1].author.get().unwrap());
    assert_eq!(first.username, "ann");
    assert!(std::ptr::eq(first, second), "what was fetched is there for all, each row once");
    let (editors, queries) = count_queries(w.db().scope(async {
        let mut editors = Vec::new();
        for post in &posts {
            editors.push(post.editor.fetch().await?.map(|editor| editor.id));
        }
        Ok::<_, orm::Error>(editors)
    }))
    .await;
    assert_eq!(editors.unwrap(), [None, Some(2), Some(3), Some(1), Some(4)]);
    assert_eq!(queries, 1);
}

#[tokio::test]
async fn the_mode_holds_for_rows_that_are_loaded_with_others() {
    let w = world().await;
    let posts = Post::objects()
        .fetch_mode(FetchMode::Peers)
        .select_related(|p| p.author)
        .prefetch_related(|p| p.comments)
        .using(w.db())
        .await
        .unwrap();
    let (done, queries) = count_queries(w.db().scope(async {
        for post in &posts {
            post.author.get()?.company.fetch().await?;
            for comment in post.comments.get()? {
                comment.author.fetch().await?;
            }
        }
        Ok::<_, orm::Error>(())
    }))
    .await;
    done.unwrap();
    assert_eq!(queries, 2, "of the authors' companies, and of the comments' authors");
}

#[tokio::test]
async fn a_row_that_was_fetched_and_a_key_that_is_set_anew_are_asked_for_as_ever() {
    let w = world().await;
    let mut posts =
        Post::objects().order_by(|p| p.id).fetch_mode(FetchMode::Peers).using(w.db()).await.unwrap();
    posts[0].author = ForeignKey::to(4);
    let (name, queries) = count_queries(w.db().scope(async { posts[0].author.fetch().await })).await;
    assert_eq!((name.unwrap().username, queries.sql().len()), ("dan".to_owned(), 1));
    w.db().scope(posts[1].author.fetch()).await.unwrap();
    posts[1].refresh().using(w.db()).await.unwrap();
    assert!(posts[1].author.get().unwrap_err().is_not_loaded());
}

#[tokio::test]
async fn a_row_that_has_vanished_since_is_not_found() {
    let w = world().await;
    let comments = Comment::objects().fetch_mode(FetchMode::Peers).using(w.db()).await.unwrap();
    Post::objects().using(w.db()).filter(|p| p.id.eq(4)).delete().await.unwrap();
    assert_eq!(w.db().scope(comments[0].post.fetch()).await.unwrap().id, 1);
    assert!(w.db().scope(comments[3].post.fetch()).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn raise_forbids_to_fetch_and_says_where_and_what_to_write() {
    let w = world().await;
    let query = Post::objects().using(w.db()).fetch_mode(FetchMode::Raise).select_related(|p| p.author);
    let post = query.get(2).await.unwrap();
    let (error, queries) = count_queries(w.db().scope(post.editor.fetch())).await;
    let error = error.unwrap_err();
    assert_eq!((error.is_not_loaded(), queries.sql().len()), (true, 0));
    let said = error.to_string();
    let (before, after) = (said.find(" at ").unwrap(), said.find(", and").unwrap());
    assert!(said[before..after].contains("modes.rs:"), "{said}");
    expect!["`Post.editor` is fetched, and `FetchMode::Raise` forbids it; load it with the rows: `Post::objects().select_related(|p| p.editor)`, or `prefetch_related`, which reads each row once"].assert_eq(&format!("{}{}", &said[..before], &said[after..]));
    assert!(post.author.get().is_ok(), "what is loaded is there");
    assert!(w.db().scope(post.author.get().unwrap().company.fetch()).await.unwrap_err().is_not_loaded());
}
