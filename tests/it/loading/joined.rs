//! `select_related`: one query, with joins.

use crate::{
    conditions::world,
    models::{Comment, Post, User},
};
use expect_test::expect;
use orm::{prelude::*, testing::count_queries};

/// The SQL without the columns.
fn from(query: &QuerySet<impl Model>) -> String {
    let sql = query.to_sql();
    sql[sql.find("FROM").unwrap()..].to_owned()
}

#[tokio::test]
async fn a_foreign_key_is_loaded_by_a_join() {
    let w = world().await;
    let query = Post::objects().order_by(|p| p.id).select_related(|p| p.author);
    expect![[r#"SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id", "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" ORDER BY "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    let (posts, queries) = count_queries(query.using(w.db())).await;
    let posts = posts.unwrap();
    assert_eq!(queries, 1);
    let authors: Vec<_> = posts.iter().map(|post| &post.author.get().unwrap().username[..]).collect();
    assert_eq!(authors, ["ann", "ann", "bob", "bob", "cyd"]);
    let author = posts[4].author.get().unwrap();
    assert_eq!((author.email.as_deref(), author.age, author.active), (Some("cyd@x"), Some(40), false));
    assert!(author.posts.get().unwrap_err().is_not_loaded(), "only what was asked for");
    assert_eq!(author.posts.query().using(w.db()).await.unwrap().len(), 1, "a loaded row is as any other");
}

#[tokio::test]
async fn a_nullable_key_is_loaded_by_a_left_join_and_its_row_may_be_none() {
    let w = world().await;
    let query = Post::objects().order_by(|p| p.id).select_related(|p| p.editor);
    expect![[r#"FROM "blog_post" LEFT JOIN "user" ON "user"."id" = "blog_post"."editor_id" ORDER BY "blog_post"."id" ASC"#]].assert_eq(&from(&query));
    let posts = query.using(w.db()).await.unwrap();
    let editor = |post: &Post| post.editor.get().unwrap().map(|user| user.username.clone());
    let editors: Vec<_> = posts.iter().map(editor).collect();
    assert_eq!(
        editors,
        [None, Some("bob".into()), Some("cyd".into()), Some("ann".into()), Some("dan".into())]
    );
    assert!(posts[0].author.get().unwrap_err().is_not_loaded());
}

#[tokio::test]
async fn several_relations_are_a_tuple_or_several_calls() {
    let w = world().await;
    let tuple = Post::objects().select_related(|p| (p.author, p.editor, p.reply_to));
    let calls = Post::objects().select_related(|p| p.author).select_related(|p| (p.editor, p.reply_to));
    assert_eq!(tuple.to_sql(), calls.to_sql());
    expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC"#]].assert_eq(&from(&tuple));
    let post = tuple.clone().using(w.db()).get(4).await.unwrap();
    assert_eq!(post.author.get().unwrap().username, "bob");
    assert_eq!(post.editor.get().unwrap().unwrap().username, "ann");
    let replied = post.reply_to.get().unwrap().unwrap();
    assert_eq!((replied.id, replied.author.id(), replied.editor.clone()), (3, 2, Some(ForeignKey::to(3))));
    assert_eq!(w.db().scope(tuple.get(4)).await.unwrap(), post, "awaited by `get` too");
}

#[tokio::test]
async fn a_path_loads_all_rows_on_its_way() {
    let w = world().await;
    let query =
        Comment::objects().select_related(|c| (c.post.author.company, c.post.reply_to.author, c.author));
    expect![[r#"FROM "comment" INNER JOIN "blog_post" ON "blog_post"."id" = "comment"."post_id" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "company" ON "company"."id" = "user"."company_id" LEFT JOIN "blog_post" AS "blog_post_2" ON "blog_post_2"."id" = "blog_post"."reply_to_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post_2"."author_id" INNER JOIN "user" AS "user_3" ON "user_3"."id" = "comment"."author_id" ORDER BY "comment"."id" ASC"#]].assert_eq(&from(&query));
    let (comments, queries) = count_queries(query.using(w.db())).await;
    assert_eq!(queries, 1);
    let rows: Vec<_> = comments
        .unwrap()
        .iter()
        .map(|comment| {
            let post = comment.post.get().unwrap();
            let author = post.author.get().unwrap();
            let company = author.company.get().unwrap().map(|company| company.name.clone());
            let replied =
                post.reply_to.get().unwrap().map(|replied| replied.author.get().unwrap().username.clone());
            let by = comment.author.get().unwrap().username.clone();
            (comment.id, post.id, author.username.clone(), company, replied, by)
        })
        .collect();
    let row = |id, post, author: &str, company: Option<&str>, replied: Option<&str>, by: &str| {
        (id, post, author.to_owned(), company.map(String::from), replied.map(String::from), by.to_owned())
    };
    assert_eq!(
        rows,
        [
            row(1, 1, "ann", Some("acme"), None, "bob"),
            row(2, 1, "ann", Some("acme"), None, "cyd"),
            row(3, 3, "bob", None, Some("ann"), "ann"),
            row(4, 4, "bob", None, Some("bob"), "bob"),
        ]
    );
}

#[tokio::test]
async fn conditions_and_orders_share_the_join() {
    let w = world().await;
    let query = Post::objects()
        .select_related(|p| p.author.company)
        .filter(|p| p.author.company.name.eq("acme"))
        .order_by(|p| (p.author.username.desc(), p.id));
    expect![[r#"FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "company" ON "company"."id" = "user"."company_id" WHERE "company"."name" = $1 ORDER BY "user"."username" DESC, "blog_post"."id" ASC"#]].assert_eq(&from(&query));
    let posts = query.using(w.db()).await.unwrap();
    let names: Vec<_> =
        posts.iter().map(|post| (post.id, &post.author.get().unwrap().username[..])).collect();
    assert_eq!(names, [(5, "cyd"), (1, "ann"), (2, "ann")]);
}

#[tokio::test]
async fn every_verb_that_gives_rows_gives_them_with_what_is_loaded() {
    let w = world().await;
    let query = Post::objects().using(w.db()).order_by(|p| p.id).select_related(|p| p.author);
    let name = |post: &Post| post.author.get().unwrap().username.clone();
    assert_eq!(name(&query.clone().get(3).await.unwrap()), "bob");
    assert_eq!(name(&query.clone().filter(|p| p.id.eq(5)).one().await.unwrap()), "cyd");
    assert_eq!(name(&query.clone().first().await.unwrap().unwrap()), "ann");
    assert_eq!(name(&query.clone().last().await.unwrap().unwrap()), "cyd");
    assert_eq!(name(&query.clone().select_for_update().get(3).await.unwrap()), "bob");
    let found = query.clone().in_bulk([1, 3]).await.unwrap();
    assert_eq!((name(&found[&1]), name(&found[&3])), ("ann".into(), "bob".into()));
    let streamed: Vec<Post> = futures_util::TryStreamExt::try_collect(query.clone().stream()).await.unwrap();
    assert_eq!(streamed.iter().map(name).collect::<Vec<_>>(), ["ann", "ann", "bob", "bob", "cyd"]);
    assert!(query.none().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_gives_no_rows_of_the_model_joins_nothing() {
    let query = Post::objects().order_by(|_| ()).select_related(|p| p.author);
    expect![[r#"SELECT COUNT(*) FROM "blog_post""#]].assert_eq(&query.clone().count().to_sql());
    expect![[r#"SELECT 1 FROM "blog_post" LIMIT $1"#]].assert_eq(&query.clone().exists().to_sql());
    expect![[r#"SELECT "blog_post"."title" FROM "blog_post""#]]
        .assert_eq(&query.clone().values(|p| p.title).to_sql());
    expect![[r#"SELECT COUNT("blog_post"."id") FROM "blog_post""#]]
        .assert_eq(&query.clone().aggregate(|p| p.id.count()).to_sql());
    expect![[r#"DELETE FROM "blog_post""#]].assert_eq(&query.clone().delete().to_sql());
    expect![[r#"SELECT COUNT(*) FROM "comment" WHERE "comment"."post_id" IN (SELECT "blog_post"."id" FROM "blog_post")"#]]
        .assert_eq(&Comment::objects().filter(|c| c.post.in_(query)).count().to_sql());
}

#[tokio::test]
async fn the_empty_tuple_takes_back_what_was_asked_for() {
    let query = Post::objects().select_related(|p| (p.author, p.editor.company)).select_related(|_| ());
    assert_eq!(query.to_sql(), Post::objects().to_sql());
    let again = query.select_related(|p| p.author);
    assert_eq!(again.to_sql(), Post::objects().select_related(|p| p.author).to_sql());
}

#[tokio::test]
async fn a_relation_of_an_outer_query_is_refused() {
    let w = world().await;
    let query = User::objects().filter(|u| {
        let inner = Post::objects().select_related(|_| u.company);
        assert_eq!(
            inner.to_sql(),
            "/* Post: `User.company` is of another query than the one it is loaded by */"
        );
        inner.exists()
    });
    let error = query.using(w.db()).await.unwrap_err();
    assert!(error.to_string().contains("`User.company` is of another query"), "{error}");
}

#[tokio::test]
async fn refresh_forgets_what_was_loaded_and_a_new_key_too() {
    let w = world().await;
    let mut post = Post::objects().using(w.db()).select_related(|p| p.author).get(1).await.unwrap();
    assert_eq!(post.author.get().unwrap().username, "ann");
    post.author = (&User::objects().using(w.db()).get(2).await.unwrap()).into();
    assert!(post.author.get().unwrap_err().is_not_loaded());
    let mut post = Post::objects().using(w.db()).select_related(|p| p.author).get(1).await.unwrap();
    post.refresh().using(w.db()).await.unwrap();
    assert!(post.author.get().unwrap_err().is_not_loaded());
}

#[tokio::test]
async fn a_loaded_row_is_serialized_as_its_key() {
    #[derive(Model, serde::Serialize)]
    #[orm(table = "company")]
    struct Firm {
        id: i64,
        name: String,
    }
    #[derive(Model, serde::Serialize)]
    #[orm(table = "user")]
    struct Person {
        id: i64,
        username: String,
        company: Option<ForeignKey<Firm>>,
    }
    let w = world().await;
    let people = Person::objects().select_related(|p| p.company).order_by(|p| p.id).limit(2);
    let people = people.using(w.db()).await.unwrap();
    assert_eq!(people[0].company.get().unwrap().unwrap().name, "acme");
    expect![[r#"[{"id":1,"username":"ann","company":1},{"id":2,"username":"bob","company":null}]"#]]
        .assert_eq(&serde_json::to_string(&people).unwrap());
}

#[tokio::test]
async fn a_row_of_many_columns_is_read_too() {
    let w = world().await;
    // 9 columns of the post, 4 * 9 of those it replies to, 7 of their author
    let query = Post::objects().select_related(|p| p.reply_to.reply_to.reply_to.reply_to.author);
    let post = query.using(w.db()).get(4).await.unwrap();
    let third = post.reply_to.get().unwrap().unwrap();
    let first = third.reply_to.get().unwrap().unwrap();
    assert_eq!((third.id, first.id), (3, 1));
    assert!(first.reply_to.get().unwrap().is_none());
}

#[tokio::test]
async fn annotated_rows_have_their_relations_loaded_too() {
    let w = world().await;
    let query = Post::objects()
        .select_related(|p| p.author)
        .annotate(|p| (p.comments.count(), p.views + 1))
        .filter(|(_, comments, _)| comments.gt(0))
        .order_by(|(p, _, _)| p.id)
        .select_related(|p| p.editor)
        .prefetch_related(|p| p.comments);
    expect![[r#"SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id", "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id", "user_2"."id", "user_2"."username", "user_2"."email", "user_2"."age", "user_2"."active", "user_2"."joined_at", "user_2"."company_id", (SELECT COUNT("comment"."id") FROM "comment" WHERE "comment"."post_id" = "blog_post"."id"), "blog_post"."views" + $1 FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" LEFT JOIN "user" AS "user_2" ON "user_2"."id" = "blog_post"."editor_id" WHERE (SELECT COUNT("comment"."id") FROM "comment" WHERE "comment"."post_id" = "blog_post"."id") > $2 ORDER BY "blog_post"."id" ASC"#]].assert_eq(&query.to_sql());
    let (rows, queries) = count_queries(query.using(w.db())).await;
    assert_eq!(queries, 2);
    let row = |(post, comments, views): &(Post, i64, i32)| {
        let editor = post.editor.get().unwrap().map(|editor| editor.username.clone());
        let loaded = post.comments.get().unwrap().len() as i64;
        (post.id, post.author.get().unwrap().username.clone(), editor, *comments, loaded, *views)
    };
    let rows: Vec<_> = rows.unwrap().iter().map(row).collect();
    let some = |name: &str| Some(name.to_owned());
    assert_eq!(
        rows,
        [
            (1, "ann".into(), None, 2, 2, 101),
            (3, "bob".into(), some("cyd"), 1, 1, 6),
            (4, "bob".into(), some("ann"), 1, 1, 201),
        ]
    );
}
