//! Rows as structs: projections, and parts of a model.

use super::world;
use crate::models::{Post, User};
use expect_test::expect;
use orm::prelude::*;

#[derive(Projection, Debug, PartialEq)]
struct Author {
    username: String,
    posts: i64,
}

#[derive(Projection, Debug, PartialEq)]
struct Card {
    title: String,
    author: Author,
    editor: Option<User>,
    r#type: Option<String>,
}

fn card(p: &crate::models::PostFields) -> impl orm::types::Select<Row = Card> {
    CardRow {
        title: p.title,
        author: AuthorRow { username: p.author.username, posts: p.author.posts.count() },
        editor: p.editor,
        r#type: p.editor.email,
    }
}

#[tokio::test]
async fn a_row_becomes_a_struct_with_structs_and_models_in_it() {
    let w = world().await;
    let cards: Vec<Card> = Post::objects().using(w.db()).order_by(|p| p.id).values(card).await.unwrap();
    let cards: Vec<_> = cards
        .iter()
        .map(|card| {
            let editor = card.editor.as_ref().map(|editor| &*editor.username);
            (&*card.title, &*card.author.username, card.author.posts, editor, card.r#type.as_deref())
        })
        .collect();
    assert_eq!(cards[0], ("rust", "ann", 2, None, None));
    assert_eq!(cards[2], ("rust", "bob", 2, Some("cyd"), Some("cyd@x")));
}

#[tokio::test]
async fn a_struct_can_be_annotated_and_later_closures_receive_its_values_flat() {
    let w = world().await;
    let query = User::objects()
        .using(w.db())
        .annotate(|u| AuthorRow { username: u.username, posts: u.posts.count() })
        .annotate(|(_, _, posts)| posts * 2)
        .filter(|(_, name, posts, _)| posts.gt(0) & name.ne("cyd"))
        .order_by(|(_, name, _, _)| name);
    let rows: Vec<(User, Author, i64)> = query.await.unwrap();
    assert_eq!(rows[0].1, Author { username: "ann".into(), posts: 2 });
    assert_eq!((&*rows[1].0.username, rows[1].2), ("bob", 4));
}

#[tokio::test]
async fn groups_can_be_by_a_struct() {
    #[derive(Projection, Debug, PartialEq)]
    struct Key {
        author: String,
        popular: bool,
    }
    let w = world().await;
    let rows: Vec<(Key, i64)> = Post::objects()
        .using(w.db())
        .group_by(|p| KeyRow { author: p.author.username, popular: p.views.gt(50) })
        .annotate(|p| p.id.count())
        .order_by(|(_, author, popular, _)| (author, popular))
        .await
        .unwrap();
    assert_eq!(rows[0], (Key { author: "ann".into(), popular: false }, 1));
    assert_eq!(rows.len(), 5);
}

#[tokio::test]
async fn only_reads_the_columns_that_the_struct_names_and_what_is_behind_relations() {
    #[derive(Projection, Debug, PartialEq)]
    #[orm(model = Post)]
    struct Headline {
        id: i64,
        title: String,
        #[orm(from = author.username)]
        author: String,
        #[orm(from = editor.age)]
        age: Option<i32>,
        #[orm(from = comments.count())]
        comments: i64,
    }
    let w = world().await;
    let query = Post::objects().using(w.db()).filter(|p| p.id.eq(1)).only::<Headline>();
    expect![[r#"SELECT "blog_post"."id", "blog_post"."title", "user"."username", "user_2"."age", (SELECT COUNT("comment"."id") FROM "comment" WHERE "comment"."post_id" = "blog_post"."id") FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE "blog_post"."id" = $1 ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC"#]]
        .assert_eq(&query.to_sql());
    let expected = Headline { id: 1, title: "rust".into(), author: "ann".into(), age: None, comments: 2 };
    assert_eq!(query.one().await.unwrap(), expected);
}

#[tokio::test]
async fn raw_sql_is_read_into_a_struct() {
    let w = world().await;
    let sql = r#"SELECT u.username, count(p.id) FROM "user" u JOIN blog_post p ON p.author_id = u.id WHERE u.id = :id GROUP BY 1"#;
    let author: Author = w.db().scope(async { orm::raw(sql).bind("id", 2_i64).one().await }).await.unwrap();
    assert_eq!(author, Author { username: "bob".into(), posts: 2 });
}
