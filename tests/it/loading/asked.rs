//! `prefetch_related`: one query a relation.

use crate::{
    conditions::world,
    models::{Comment, Company, Post, User},
};
use expect_test::expect;
use orm::{prelude::*, testing::count_queries};

fn ids<M: Model<Key = i64>>(rows: &[M]) -> Vec<i64> {
    rows.iter().map(Model::key).collect()
}

#[tokio::test]
async fn the_rows_of_all_parents_are_asked_for_together() {
    let w = world().await;
    let query = User::objects().order_by(|u| u.id).prefetch_related(|u| u.posts);
    let (users, queries) = count_queries(query.using(w.db())).await;
    let users = users.unwrap();
    expect![[r#"
        2 queries
          1. SELECT "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "user" ORDER BY "user"."id" ASC
          2. SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id" FROM "blog_post" WHERE "blog_post"."author_id" = ANY($1) ORDER BY "blog_post"."published_at" DESC, "blog_post"."id" ASC"#]].assert_eq(&queries.to_string());
    let posts: Vec<_> = users.iter().map(|user| ids(user.posts.get().unwrap())).collect();
    assert_eq!(posts, [vec![2, 1], vec![4, 3], vec![5], vec![]], "in the model's order; of nobody, none");
    assert!(users[0].comments.get().unwrap_err().is_not_loaded(), "only what was asked for");
}

#[tokio::test]
async fn no_parents_ask_nothing_and_one_asks_as_many_do() {
    let w = world().await;
    let users = User::objects().using(w.db()).prefetch_related(|u| (u.posts.comments, u.company));
    let (none, queries) = count_queries(users.clone().filter(|u| u.id.gt(100))).await;
    assert_eq!((none.unwrap().len(), queries.sql().len()), (0, 1));
    let (bob, queries) = count_queries(users.clone().get(2)).await;
    let bob = bob.unwrap();
    assert_eq!(queries, 3, "a key that is NULL leads to nothing to ask for");
    assert_eq!(ids(bob.posts.get().unwrap()), [4, 3]);
    assert!(bob.company.get().unwrap().is_none());
    let (cyd, queries) = count_queries(users.clone().filter(|u| u.username.eq("cyd")).one()).await;
    let cyd = cyd.unwrap();
    assert_eq!(queries, 4);
    assert_eq!(cyd.company.get().unwrap().unwrap().name, "acme");
    assert!(cyd.posts.get().unwrap()[0].comments.get().unwrap().is_empty());
    let (dan, queries) = count_queries(users.order_by(|u| u.id).last()).await;
    let dan = dan.unwrap().unwrap();
    assert_eq!((queries.sql().len(), dan.posts.get().unwrap().len()), (3, 0), "no posts, so no comments");
}

#[tokio::test]
async fn the_row_of_a_foreign_key_is_asked_for_once_and_shared() {
    let w = world().await;
    let query = Post::objects().order_by(|p| p.id).prefetch_related(|p| (p.author, p.editor));
    let (posts, queries) = count_queries(query.using(w.db())).await;
    let posts = posts.unwrap();
    assert_eq!(queries, 3);
    expect![[r#"SELECT "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "user" WHERE "user"."id" = ANY($1)"#]].assert_eq(&queries.sql()[1]);
    let authors: Vec<_> = posts.iter().map(|post| post.author.get().unwrap()).collect();
    assert_eq!(authors.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 1, 2, 2, 3]);
    assert!(std::ptr::eq(authors[0], authors[1]), "one row in memory");
    let editors: Vec<_> = posts.iter().map(|post| post.editor.get().unwrap().map(|user| user.id)).collect();
    assert_eq!(editors, [None, Some(2), Some(3), Some(1), Some(4)]);
}

#[tokio::test]
async fn a_path_asks_once_for_each_level() {
    let w = world().await;
    let query = Company::objects()
        .order_by(|c| c.id)
        .prefetch_related(|c| (c.staff.posts.comments.author, c.staff.comments));
    let (companies, queries) = count_queries(query.using(w.db())).await;
    let companies = companies.unwrap();
    assert_eq!(queries, 6);
    let acme = companies[0].staff.get().unwrap();
    assert_eq!(ids(acme), [1, 3]);
    let post = acme[0].posts.get().unwrap().iter().find(|post| post.id == 1).unwrap();
    let by: Vec<_> = post
        .comments
        .get()
        .unwrap()
        .iter()
        .map(|comment| &comment.author.get().unwrap().username[..])
        .collect();
    assert_eq!(by, ["bob", "cyd"]);
    assert_eq!(ids(acme[1].comments.get().unwrap()), [2]);
    assert!(companies[2].staff.get().unwrap().is_empty());
}

#[tokio::test]
async fn a_tree_is_asked_for_level_by_level() {
    let w = world().await;
    let query = Post::objects().filter(|p| p.reply_to.is_null()).order_by(|p| p.id);
    let (roots, queries) =
        count_queries(query.prefetch_related(|p| p.replies.replies.replies).using(w.db())).await;
    let roots = roots.unwrap();
    assert_eq!((ids(&roots), queries.sql().len()), (vec![1, 2, 5], 4));
    let first = &roots[0].replies.get().unwrap()[0];
    let second = &first.replies.get().unwrap()[0];
    assert_eq!((first.id, second.id), (3, 4));
    assert!(second.replies.get().unwrap().is_empty());
    assert!(roots[1].replies.get().unwrap().is_empty());
}

#[tokio::test]
async fn a_relation_behind_a_joined_row_is_asked_for_once() {
    let w = world().await;
    let query = Post::objects()
        .order_by(|p| p.id)
        .select_related(|p| (p.author, p.editor.company))
        .prefetch_related(|p| (p.author.posts, p.editor.company.staff, p.comments));
    let (posts, queries) = count_queries(query.using(w.db())).await;
    let posts = posts.unwrap();
    assert_eq!(queries, 4);
    let of = |post: &Post| ids(post.author.get().unwrap().posts.get().unwrap());
    assert_eq!(
        posts.iter().map(of).collect::<Vec<_>>(),
        [vec![2, 1], vec![2, 1], vec![4, 3], vec![4, 3], vec![5]]
    );
    let staff = |post: &Post| {
        let company = post.editor.get().unwrap().and_then(|editor| editor.company.get().unwrap());
        company.map(|company| company.staff.get().unwrap().len())
    };
    assert_eq!(posts.iter().map(staff).collect::<Vec<_>>(), [None, None, Some(2), Some(2), Some(1)]);
    assert_eq!(ids(posts[0].comments.get().unwrap()), [1, 2]);
}

#[tokio::test]
async fn select_related_and_prefetch_related_can_name_one_relation_in_either_order() {
    let w = world().await;
    let first = Post::objects().select_related(|p| p.author).prefetch_related(|p| p.author.comments);
    let last = Post::objects().prefetch_related(|p| p.author.comments).select_related(|p| p.author);
    for query in [first, last] {
        let (post, queries) = count_queries(query.using(w.db()).get(1)).await;
        assert_eq!(queries, 2, "{queries}");
        assert_eq!(ids(post.unwrap().author.get().unwrap().comments.get().unwrap()), [3]);
    }
}

#[tokio::test]
async fn the_rows_can_have_a_queryset_of_their_own() {
    let w = world().await;
    let good =
        Comment::objects().filter(|c| c.stars.gte(5)).order_by(|c| c.id.desc()).select_related(|c| c.author);
    let query = Post::objects().order_by(|p| p.id).prefetch_related(|p| p.comments.with(good));
    let (posts, queries) = count_queries(query.using(w.db())).await;
    let posts = posts.unwrap();
    assert_eq!(queries, 2);
    expect![[r#"FROM "comment" INNER JOIN "user" ON "user"."id" = "comment"."author_id" WHERE "comment"."post_id" = ANY($1) AND "comment"."stars" >= $2 ORDER BY "comment"."id" DESC"#]].assert_eq(crate::conditions::tail(&queries.sql()[1]));
    let found: Vec<_> = posts.iter().map(|post| ids(post.comments.get().unwrap())).collect();
    assert_eq!(found, [vec![1], vec![], vec![3], vec![], vec![]]);
    assert_eq!(posts[2].comments.get().unwrap()[0].author.get().unwrap().username, "ann");
    assert_eq!(
        posts[3].comments.query().using(w.db()).count().await.unwrap(),
        1,
        "`query` asks for all of them"
    );
}

#[tokio::test]
async fn a_queryset_of_its_own_may_load_more_and_stand_beside_longer_paths() {
    let w = world().await;
    let posts = || Post::objects().filter(|p| p.views.gte(100)).prefetch_related(|p| p.comments);
    let before = User::objects().prefetch_related(|u| (u.posts.with(posts()), u.posts.editor));
    let after = User::objects().prefetch_related(|u| (u.posts.editor, u.posts.with(posts())));
    for query in [before, after] {
        let (ann, queries) = count_queries(query.using(w.db()).get(1)).await;
        let ann = ann.unwrap();
        assert_eq!(queries, 3, "{queries}");
        let [post] = ann.posts.get().unwrap() else { panic!("one popular post") };
        assert_eq!(ids(post.comments.get().unwrap()), [1, 2]);
        assert!(post.editor.get().unwrap().is_none());
    }
}

#[tokio::test]
async fn a_limit_is_that_of_each_parent() {
    let w = world().await;
    let top = Post::objects()
        .filter(|p| p.views.gt(1))
        .order_by(|p| (p.views.desc(), p.id))
        .limit(1)
        .select_related(|p| p.author);
    let query = User::objects().order_by(|u| u.id).prefetch_related(|u| u.posts.with(top.clone()));
    let (users, queries) = count_queries(query.using(w.db())).await;
    assert_eq!(queries, 2);
    expect![[r#"SELECT "rows".* FROM unnest($1) AS "key" INNER JOIN LATERAL (SELECT "blog_post"."id", "blog_post"."title", "blog_post"."body", "blog_post"."views", "blog_post"."published_at", "blog_post"."changed_at", "blog_post"."author_id", "blog_post"."editor_id", "blog_post"."reply_to_id", "user"."id", "user"."username", "user"."email", "user"."age", "user"."active", "user"."joined_at", "user"."company_id" FROM "blog_post" INNER JOIN "user" ON "user"."id" = "blog_post"."author_id" WHERE "blog_post"."author_id" = "key"."key" AND "blog_post"."views" > $2 ORDER BY "blog_post"."views" DESC, "blog_post"."id" ASC LIMIT $3) AS "rows" ON TRUE"#]].assert_eq(&queries.sql()[1]);
    let users = users.unwrap();
    let best: Vec<_> = users.iter().map(|user| ids(user.posts.get().unwrap())).collect();
    assert_eq!(best, [vec![1], vec![4], vec![5], vec![]]);
    assert_eq!(users[1].posts.get().unwrap()[0].author.get().unwrap().username, "bob");
    let second = User::objects().order_by(|u| u.id).prefetch_related(|u| u.posts.with(top.offset(1)));
    let users = second.using(w.db()).await.unwrap();
    let next: Vec<_> = users.iter().map(|user| ids(user.posts.get().unwrap())).collect();
    assert_eq!(next, [vec![2], vec![3], vec![], vec![]]);
}

#[tokio::test]
async fn a_query_of_no_rows_is_not_asked() {
    let w = world().await;
    let query = User::objects().prefetch_related(|u| u.posts.with(Post::objects().none()));
    let (users, queries) = count_queries(query.using(w.db())).await;
    assert_eq!(queries, 1);
    assert!(users.unwrap().iter().all(|user| user.posts.get().unwrap().is_empty()));
}

#[tokio::test]
async fn the_empty_tuple_takes_back_what_was_asked_for() {
    let w = world().await;
    let query = User::objects().prefetch_related(|u| (u.posts, u.comments)).prefetch_related(|_| ());
    let (_, queries) = count_queries(query.using(w.db())).await;
    assert_eq!(queries, 1);
    // A join that is taken back is asked for, if something behind it is.
    let query = Post::objects().select_related(|p| p.author).prefetch_related(|p| p.author.posts);
    let (post, queries) = count_queries(query.select_related(|_| ()).using(w.db()).get(1)).await;
    assert_eq!(queries, 3);
    assert_eq!(post.unwrap().author.get().unwrap().posts.get().unwrap().len(), 2);
}

#[tokio::test]
async fn inside_a_transaction_relations_are_asked_for_on_its_connection() {
    let w = world().await;
    let (users, queries) = count_queries(w.db().scope(atomic(async {
        Post::objects().create().id(6).title("new").author(2).await?;
        User::objects()
            .order_by(|u| u.id)
            .prefetch_related(|u| (u.posts.comments, u.edited, u.comments, u.company))
            .await
    })))
    .await;
    let users = users.unwrap();
    assert_eq!(queries, 7);
    assert_eq!(ids(users[1].posts.get().unwrap()), [4, 6, 3]);
    assert_eq!(
        (ids(users[1].edited.get().unwrap()), ids(users[1].comments.get().unwrap())),
        (vec![2], vec![1, 4])
    );
}

#[tokio::test]
async fn relations_beside_each_other_do_not_wait_for_connections_in_vain() {
    let w = world().await;
    let config = orm::Config::from_url(w.url()).unwrap().pool_size(1);
    let db = Db::connect(config).await.unwrap();
    let query = User::objects()
        .prefetch_related(|u| (u.posts.comments, u.edited.comments, u.comments.post, u.company));
    assert_eq!(query.using(&db).await.unwrap().len(), 4);
}

#[tokio::test]
async fn instances_can_be_given_their_relations_later() {
    let w = world().await;
    let mut users = User::objects().using(w.db()).order_by(|u| u.id).await.unwrap();
    let load = orm::prefetch_related_objects(&mut users, |u| (u.posts, u.company)).using(w.db());
    let (loaded, queries) = count_queries(load).await;
    loaded.unwrap();
    assert_eq!(queries, 2);
    assert_eq!(ids(users[0].posts.get().unwrap()), [2, 1]);
    // What is there on the way is used.
    let load =
        orm::prefetch_related_objects(&mut users, |u| (u.posts.comments, u.company.staff)).using(w.db());
    let (loaded, queries) = count_queries(load).await;
    loaded.unwrap();
    assert_eq!(queries, 3, "the company is held by two users, so it is asked for again: {queries}");
    assert_eq!(ids(users[0].posts.get().unwrap()[1].comments.get().unwrap()), [1, 2]);
    assert_eq!(ids(users[0].company.get().unwrap().unwrap().staff.get().unwrap()), [1, 3]);
    let (done, queries) =
        count_queries(orm::prefetch_related_objects(&mut [] as &mut [User], |u| u.posts).using(w.db())).await;
    done.unwrap();
    assert_eq!(queries, 0);
}

#[tokio::test]
async fn refresh_forgets_what_was_loaded() {
    let w = world().await;
    let mut ann = User::objects().using(w.db()).prefetch_related(|u| u.posts).get(1).await.unwrap();
    assert_eq!(ann.posts.get().unwrap().len(), 2);
    ann.refresh().using(w.db()).await.unwrap();
    assert!(ann.posts.get().unwrap_err().is_not_loaded());
}

#[tokio::test]
async fn what_was_loaded_stays_as_it_was_when_rows_change() {
    let w = world().await;
    let ann = User::objects().using(w.db()).prefetch_related(|u| u.posts).get(1).await.unwrap();
    Post::objects().using(w.db()).create().id(6).title("new").author(&ann).await.unwrap();
    assert_eq!(ann.posts.get().unwrap().len(), 2, "`get` never asks");
    assert_eq!(ann.posts.query().using(w.db()).count().await.unwrap(), 3, "`query` always does");
}

#[tokio::test]
async fn loaded_rows_are_serialized_and_others_are_null() {
    #[derive(Model, serde::Serialize)]
    #[orm(table = "company")]
    struct Firm {
        id: i64,
        name: String,
        #[orm(via = "company")]
        staff: HasMany<Person>,
    }
    #[derive(Model, serde::Serialize)]
    #[orm(table = "user")]
    struct Person {
        id: i64,
        username: String,
        company: Option<ForeignKey<Firm>>,
        #[orm(via = "author")]
        posts: HasMany<Article>,
    }
    #[derive(Model, serde::Serialize)]
    #[orm(table = "blog_post")]
    struct Article {
        id: i64,
        author: ForeignKey<Person>,
    }
    let w = world().await;
    let firms = Firm::objects().order_by(|f| f.id).prefetch_related(|f| f.staff).using(w.db()).await.unwrap();
    expect![[r#"[{"id":1,"name":"acme","staff":[{"id":1,"username":"ann","company":1,"posts":null},{"id":3,"username":"cyd","company":1,"posts":null}]},{"id":2,"name":"zeta","staff":[{"id":4,"username":"dan","company":2,"posts":null}]},{"id":3,"name":"idle","staff":[]}]"#]].assert_eq(&serde_json::to_string(&firms).unwrap());
}

#[tokio::test]
async fn mistakes_in_a_queryset_of_its_own_are_told_before_anything_is_asked() {
    let w = world().await;
    let said = |query: QuerySet<User>| {
        let db = w.db().clone();
        async move {
            let (rows, queries) = count_queries(query.using(&db)).await;
            assert_eq!(queries, 0);
            rows.unwrap_err().to_string()
        }
    };
    let outer =
        User::objects().prefetch_related(|u| u.posts.with(Post::objects().filter(|p| p.editor.eq(u.id))));
    expect!["User: the QuerySet of `User.posts`, one query for the rows of all: `User` refers to a query on `User` that does not enclose this one"].assert_eq(&said(outer).await);
    let elsewhere = User::objects().prefetch_related(|u| u.posts.with(Post::objects().using(w.db())));
    expect!["User: the QuerySet of `User.posts` names a database; name it in the outer one"]
        .assert_eq(&said(elsewhere).await);
    let limited = User::objects().prefetch_related(|u| u.company.with(Company::objects().limit(1)));
    expect!["User: the QuerySet of `User.company` has a limit, and there is one row at most"]
        .assert_eq(&said(limited).await);
    let both = User::objects()
        .select_related(|u| u.company)
        .prefetch_related(|u| u.company.with(Company::objects()));
    expect!["User: `User.company` is loaded by `select_related` and cannot have a QuerySet of its own"]
        .assert_eq(&said(both).await);
    let filtered = Company::objects().filter(|c| c.name.eq("acme"));
    let both = User::objects().prefetch_related(|u| u.company.with(filtered)).select_related(|u| u.company);
    expect!["User: `User.company` is loaded by `prefetch_related` with a QuerySet of its own; it cannot be joined too"].assert_eq(&said(both).await);
}

#[tokio::test]
async fn the_rows_of_a_relation_are_chosen_and_ordered_by_annotations_and_put_together() {
    let w = world().await;
    let posts = async |users: QuerySet<User>| {
        let users = users.using(w.db()).order_by(|u| u.id).await.unwrap();
        users.iter().map(|user| ids(user.posts.get().unwrap())).collect::<Vec<_>>()
    };
    let annotated = Post::objects().annotate(|p| p.comments.count()).filter(|(_, n)| n.gt(0));
    let annotated = annotated.order_by(|(p, n)| (n, p.id.desc()));
    let users = User::objects().prefetch_related(|u| u.posts.with(annotated));
    assert_eq!(posts(users).await, [vec![1], vec![4, 3], vec![], vec![]]);
    let union = Post::objects().filter(|p| p.id.eq(1)).union(Post::objects().filter(|p| p.views.eq(200)));
    let users = User::objects().prefetch_related(|u| u.posts.with(union));
    assert_eq!(posts(users).await, [vec![1], vec![4], vec![5], vec![]]);
    let last = Post::objects()
        .annotate(|p| orm::window::row_number().over(|w| w.partition_by(p.author.id).order_by(p.id.desc())))
        .subquery()
        .filter(|(_, place)| place.eq(1));
    let users = User::objects().prefetch_related(|u| u.posts.with(last));
    assert_eq!(posts(users).await, [vec![2], vec![4], vec![5], vec![]]);
}

#[tokio::test]
async fn a_stream_loads_the_related_rows_of_each_chunk_at_once() {
    let w = world().await;
    let streamed = async |size: usize, limit: u64| {
        let users = User::objects().using(w.db()).order_by(|u| u.id).limit(limit);
        let query = users.select_related(|u| u.company).prefetch_related(|u| u.posts);
        let (users, queries) = count_queries(async {
            futures_util::TryStreamExt::try_collect::<Vec<_>>(query.stream().chunk_size(size)).await
        })
        .await;
        let users = users.unwrap();
        assert!(users.iter().all(|user| user.company.as_ref().is_none_or(|company| company.get().is_ok())));
        let posts: Vec<_> = users.iter().map(|user| ids(user.posts.get().unwrap())).collect();
        (posts, queries.sql().len())
    };
    let all = [vec![2, 1], vec![4, 3], vec![5], vec![]];
    assert_eq!(streamed(3, 10).await, (all.to_vec(), 3));
    assert_eq!(streamed(2, 10).await, (all.to_vec(), 3));
    assert_eq!(streamed(0, 10).await, (all.to_vec(), 5));
    assert_eq!(streamed(2000, 10).await, (all.to_vec(), 2));
    assert_eq!(streamed(2, 0).await, (vec![], 1));
    // Within a transaction, on its connection.
    let posts = w.db().scope(atomic(async {
        let mut users =
            User::objects().order_by(|u| u.id).prefetch_related(|u| u.posts).stream().chunk_size(2);
        let mut posts = Vec::new();
        while let Some(user) = futures_util::TryStreamExt::try_next(&mut users).await? {
            posts.push(user.posts.get()?.len() as i64);
            assert_eq!(user.posts.query().count().await?, posts[posts.len() - 1]);
        }
        Ok(posts)
    }));
    assert_eq!(posts.await.unwrap(), [2, 2, 1, 0]);
}

#[tokio::test]
async fn a_text_may_be_the_key_also_one_without_characters() {
    #[derive(Model, Debug)]
    struct Topic {
        #[orm(primary_key)]
        slug: String,
        #[orm(via = "topic")]
        notes: HasMany<Note>,
    }
    #[derive(Model, Debug)]
    struct Note {
        id: i64,
        topic: ForeignKey<Topic>,
    }
    let w = world().await;
    w.db().create_tables(orm::models![Topic, Note]).await.unwrap();
    let topics = w.db().scope(async {
        for slug in ["", "rust"] {
            Topic::objects().create().slug(slug).await?;
        }
        for topic in ["rust", "", "rust"] {
            Note::objects().create().topic(topic).await?;
        }
        Topic::objects()
            .order_by(|t| t.slug)
            .prefetch_related(|t| t.notes.with(Note::objects().order_by(|n| n.id)))
            .await
    });
    let topics = topics.await.unwrap();
    let notes: Vec<_> =
        topics.iter().map(|topic| (&topic.slug[..], ids(topic.notes.get().unwrap()))).collect();
    assert_eq!(notes, [("", vec![2]), ("rust", vec![1, 3])]);
}
