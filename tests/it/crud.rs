//! Creating, reading, changing and deleting rows.

use crate::models::{Comment, Post, Tag, User, all, blog};
use futures_util::TryStreamExt;
use orm::{ErrorKind, Result, prelude::*};

async fn user(name: &str) -> Result<User> {
    User::objects().create().username(name).await
}

async fn post(title: &str, author: &User) -> Result<Post> {
    Post::objects().create().title(title).author(author).await
}

/// Runs a test's body on a blog of its own.
macro_rules! on_a_blog {
    ($($(#[$m:meta])* async fn $name:ident() $body:block)*) => {$(
        $(#[$m])*
        #[orm::test(models = all())]
        async fn $name() -> Result<()> {
            $body;
            Ok(())
        }
    )*};
}

on_a_blog! {
    async fn create_gives_the_row_as_the_database_holds_it() {
        let before = Utc::now();
        let alice = User::objects().create().username("alice").email("a@x.io").await?;
        assert!(alice.id > 0 && alice.active, "the key is the database's, the default is taken");
        assert_eq!((&*alice.username, alice.email.as_deref(), alice.age), ("alice", Some("a@x.io"), None));
        assert!((alice.joined_at - before).num_seconds().abs() < 60, "auto_now_add");
        assert_eq!(alice.joined_at.timestamp_subsec_nanos() % 1_000, 0, "rounded to the microsecond");
        assert_eq!(User::objects().get(alice.id).await?, alice);
    }

    async fn a_key_that_is_given_is_taken() {
        let alice = User::objects().create().id(77).username("alice").await?;
        assert_eq!(alice.id, 77);
        let tag = Tag::objects().create().slug("rust").name("Rust").await?;
        assert_eq!(Tag::objects().get("rust").await?, tag);
    }

    async fn get_finds_by_key_instance_and_foreign_key() {
        let alice = user("alice").await?;
        let post = post("x", &alice).await?;
        assert_eq!(User::objects().get(&alice).await?, alice);
        assert_eq!(User::objects().get(&post.author).await?, alice);
        assert_eq!(post.author.fetch().await?, alice);
        assert_eq!(post.author.id(), alice.id);
        assert_eq!(post.editor.fetch().await?, None);
        let error = User::objects().get(alice.id + 1).await.unwrap_err();
        assert!(error.is_not_found(), "{error:?}");
        assert_eq!(error.to_string(), "no `User` matches the query");
    }

    async fn one_wants_exactly_one() {
        user("alice").await?;
        user("bob").await?;
        assert_eq!(User::objects().filter(|u| u.username.eq("bob")).one().await?.username, "bob");
        assert!(User::objects().filter(|u| u.username.eq("carol")).one().await.unwrap_err().is_not_found());
        assert!(User::objects().one().await.unwrap_err().is_multiple_found());
    }

    async fn a_related_row_is_never_asked_for_by_itself() {
        let alice = user("alice").await?;
        let post = post("x", &alice).await?;
        let error = post.author.get().unwrap_err();
        assert!(error.is_not_loaded());
        assert_eq!(error.to_string(), "the related `User` is not loaded; `fetch().await` asks for it");
        assert!(post.editor.get()?.is_none(), "there is none, so there is nothing to load");
        assert!(alice.posts.get().unwrap_err().is_not_loaded());
    }

    async fn the_rows_of_a_has_many_can_be_refined() {
        let (alice, bob) = (user("alice").await?, user("bob").await?);
        let first = post("first", &alice).await?;
        post("second", &bob).await?;
        Post::objects().create().title("third").author(&bob).editor(&alice).await?;
        assert_eq!(alice.posts.query().await?, std::slice::from_ref(&first));
        assert_eq!(alice.edited.query().values(|p| p.title).await?, ["third"]);
        assert_eq!(bob.posts.query().filter(|p| p.title.startswith("s")).count().await?, 1);
        assert_eq!(first.comments.query().count().await?, 0);
    }

    async fn save_writes_all_columns_and_reads_them_back() {
        let alice = user("alice").await?;
        let mut post = post("x", &alice).await?;
        let changed = post.changed_at;
        (post.title, post.views) = ("y".into(), 3);
        post.published_at = Some("2026-01-02T03:04:05.1234567Z".parse().unwrap());
        post.save().await?;
        assert!(post.changed_at > changed, "auto_now is set");
        assert_eq!(post.published_at.unwrap().timestamp_subsec_nanos(), 123_457_000, "rounded in the instance too");
        assert_eq!(Post::objects().get(&post).await?, post);
    }

    async fn save_fields_writes_only_those() {
        let alice = user("alice").await?;
        let mut post = post("x", &alice).await?;
        let bob = user("bob").await?;
        Post::objects().update(|p| p.body.set("from elsewhere")).await?;
        (post.title, post.views, post.author) = ("y".into(), 9, (&bob).into());
        post.save_fields(|p| (p.title, p.author)).await?;
        let stored = Post::objects().get(&post).await?;
        assert_eq!((&*stored.title, stored.views, &*stored.body, stored.author.id()), ("y", 0, "from elsewhere", bob.id));
        assert_eq!(post, stored, "the instance is what the database holds");
    }

    async fn save_fields_of_the_key_or_of_another_table_is_an_error() {
        let alice = user("alice").await?;
        let mut post = post("x", &alice).await?;
        for error in [
            post.save_fields(|p| p.id).await.unwrap_err(),
            post.save_fields(|p| p.author.company).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
        }
    }

    async fn a_vanished_row_cannot_be_saved_refreshed_or_deleted() {
        let mut alice = user("alice").await?;
        User::objects().delete().await?;
        for error in [
            alice.save().await.unwrap_err(),
            alice.save_fields(|u| u.email).await.unwrap_err(),
            alice.refresh().await.unwrap_err(),
            alice.delete().await.unwrap_err(),
        ] {
            assert!(error.is_not_found(), "{error:?}");
            assert!(error.to_string().contains("`User` has vanished"), "{error}");
        }
        assert_eq!(User::objects().count().await?, 0, "and it is not made anew");
    }

    async fn refresh_reads_the_row_again() {
        let mut alice = user("alice").await?;
        User::objects().update(|u| (u.email.set("a@x.io"), u.age.set(7))).await?;
        alice.refresh().await?;
        assert_eq!((alice.email.as_deref(), alice.age), (Some("a@x.io"), Some(7)));
    }

    async fn delete_follows_on_delete() {
        let (alice, bob) = (user("alice").await?, user("bob").await?);
        let post = Post::objects().create().title("x").author(&alice).editor(&bob).await?;
        Comment::objects().create().text("c").post(&post).author(&bob).await?;
        bob.delete().await?;
        assert_eq!(Comment::objects().count().await?, 0, "cascade");
        assert_eq!(Post::objects().get(&post).await?.editor, None, "set null");
        alice.delete().await?;
        assert_eq!(Post::objects().count().await?, 0, "cascade");
    }

    async fn update_changes_all_rows_of_the_query_and_counts_them() {
        let alice = user("alice").await?;
        for title in ["a", "b", "c"] {
            post(title, &alice).await?;
        }
        let n = Post::objects().filter(|p| p.title.gt("a")).update(|p| (p.views.set(p.views + 5), p.body.set(p.title))).await?;
        assert_eq!(n, 2);
        let rows = Post::objects().order_by(|p| p.title).values(|p| (p.title, p.views, p.body)).await?;
        assert_eq!(rows, [("a".into(), 0, String::new()), ("b".into(), 5, "b".into()), ("c".into(), 5, "c".into())]);
        assert_eq!(Post::objects().filter(|p| p.id.eq(0)).update(|p| p.views.set(1)).await?, 0);
    }

    async fn update_can_set_relations_null_and_subqueries() {
        let (alice, bob) = (user("alice").await?, user("bob").await?);
        post("x", &alice).await?;
        Post::objects().update(|p| (p.author.set(&bob), p.editor.set(alice.id), p.published_at.set(None))).await?;
        assert_eq!(Post::objects().one().await?.author.id(), bob.id);
        Post::objects().update(|p| p.editor.set(None)).await?;
        assert_eq!(Post::objects().one().await?.editor, None);
        Post::objects().update(|p| p.title.set(User::objects().filter(|u| u.id.eq(p.author.id)).values(|u| u.username).first())).await?;
        assert_eq!(Post::objects().one().await?.title, "bob");
    }

    async fn delete_of_a_query_counts_its_rows() {
        for name in ["a", "b", "c"] {
            user(name).await?;
        }
        assert_eq!(User::objects().filter(|u| u.username.lt("c")).delete().await?, 2);
        assert_eq!(User::objects().order_by(|u| u.username).limit(1).delete().await?, 1);
        assert_eq!(User::objects().count().await?, 0);
    }

    async fn get_or_create_finds_or_makes() {
        let (tag, created) = Tag::objects().get_or_create(|t| t.name.eq("Rust"), |new| new.name("Rust").slug("rust")).await?;
        assert!(created);
        let again = Tag::objects().get_or_create(|t| t.name.eq("Rust"), |new| new.name("Rust").slug("other")).await?;
        assert_eq!(again, (tag, false));
    }

    async fn get_or_create_does_not_swallow_a_collision_with_another_row() {
        Tag::objects().create().slug("rust").name("Rust").await?;
        let error = Tag::objects().get_or_create(|t| t.name.eq("Iron"), |new| new.name("Iron").slug("rust")).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        assert_eq!(error.constraint(), Some("tag_pkey"));
        assert_eq!(Tag::objects().count().await?, 1);
    }

    async fn get_or_create_of_many_tasks_at_once_makes_one_row() {
        let all = (0..20).map(|_| {
            Tag::objects().get_or_create(|t| t.name.eq("Rust"), |new| new.name("Rust").slug("rust")).into_future()
        });
        let all = futures_util::future::try_join_all(all).await?;
        assert_eq!(all.iter().filter(|(_, created)| *created).count(), 1);
        assert!(all.iter().all(|(tag, _)| *tag == all[0].0));
    }

    async fn update_or_create_changes_or_makes() {
        let alice = user("alice").await?;
        let count = async || {
            Post::objects()
                .update_or_create(|p| p.title.eq("x"), |p| p.views.set(p.views + 1), |new| new.title("x").views(1).author(&alice))
                .await
        };
        let (post, created) = count().await?;
        assert!(created && post.views == 1);
        let (post, created) = count().await?;
        assert!(!created && post.views == 2);
        Post::objects().create().title("x").author(&alice).await?;
        assert!(count().await.unwrap_err().is_multiple_found());
        assert_eq!(Post::objects().aggregate(|p| p.views.sum()).await?, Some(2), "nothing was changed");
    }

    async fn bulk_create_keeps_the_order_and_fills_defaults() {
        let alice = user("alice").await?;
        let drafts = (0..50).map(|i| match i % 5 {
            0 => Post::draft().title(format!("{i}")).author(&alice).views(i).build(),
            _ => Post::draft().title(format!("{i}")).author(&alice).build(),
        });
        let posts = Post::objects().bulk_create(drafts).await?;
        assert!(posts.is_sorted_by_key(|p| p.id));
        assert_eq!(posts.iter().map(|p| p.title.parse::<i32>().unwrap()).collect::<Vec<_>>(), (0..50).collect::<Vec<_>>());
        assert!(posts.iter().all(|p| p.views == if p.title.ends_with(['0', '5']) { p.title.parse().unwrap() } else { 0 }));
        assert_eq!(Post::objects().order_by(|p| p.id).await?, posts);
        assert_eq!(Post::objects().bulk_create([]).await?, []);
    }

    async fn bulk_create_takes_more_values_than_a_statement_has_parameters() {
        let users = (0..20_000).map(|i| User::draft().username(format!("user {i}")).email("x".repeat(100)).build());
        let users = User::objects().bulk_create(users).await?;
        assert_eq!(users.len(), 20_000);
        assert!(users.iter().enumerate().all(|(i, user)| user.username == format!("user {i}")));
        let names: Vec<_> = users.iter().map(|user| &user.username).collect();
        assert_eq!(User::objects().filter(|u| u.username.in_(names)).count().await?, 20_000);
        assert_eq!(User::objects().in_bulk(users.iter().map(|user| user.id)).await?.len(), 20_000);
    }

    async fn bulk_create_is_all_or_nothing() {
        let names = (0..30_000).map(|i| format!("{}{}", "x".repeat(90), i)).chain(["x".repeat(90) + "7"]);
        let error = User::objects().bulk_create(names.map(|name| User::draft().username(name).build())).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        assert_eq!(User::objects().count().await?, 0);
    }

    async fn in_bulk_gives_rows_by_key() {
        let (alice, bob) = (user("alice").await?, user("bob").await?);
        let found = User::objects().in_bulk([alice.id, bob.id, 0]).await?;
        assert_eq!(found.len(), 2);
        assert_eq!(found[&bob.id], bob);
        assert_eq!(User::objects().filter(|u| u.username.eq("bob")).in_bulk([&alice, &bob]).await?.len(), 1);
        assert!(User::objects().in_bulk(Vec::<i64>::new()).await?.is_empty());
    }

    async fn none_and_empty_lists_match_nothing() {
        user("alice").await?;
        assert_eq!(User::objects().none().await?, []);
        assert_eq!(User::objects().none().count().await?, 0);
        assert!(!User::objects().none().exists().await?);
        assert_eq!(User::objects().none().first().await?, None);
        assert_eq!(User::objects().none().delete().await?, 0);
        assert_eq!(User::objects().none().aggregate(|u| (u.id.count(), u.age.sum())).await?, (0, None));
        assert!(User::objects().none().get(1).await.unwrap_err().is_not_found());
        assert_eq!(User::objects().filter(|u| u.id.in_(Vec::<i64>::new())).count().await?, 0);
        assert_eq!(User::objects().exclude(|u| u.id.in_(Vec::<i64>::new())).count().await?, 1);
        assert_eq!(User::objects().filter(|u| u.id.in_(User::objects().none().values(|u| u.id))).count().await?, 0);
    }

    async fn stream_gives_all_rows_and_can_be_dropped() {
        let users = (0..3_000).map(|i| User::draft().username(format!("{i:05}")).build());
        User::objects().bulk_create(users).await?;
        let names: Vec<String> = User::objects().order_by(|u| u.username).values(|u| u.username).stream().try_collect().await?;
        assert_eq!(names.len(), 3_000);
        assert!(names.is_sorted());
        for _ in 0..30 {
            let mut stream = std::pin::pin!(User::objects().stream());
            assert!(stream.try_next().await?.is_some());
        }
        assert_eq!(User::objects().count().await?, 3_000, "the connections came back");
    }

    async fn other_queries_can_be_made_between_the_rows_of_a_stream() {
        User::objects().bulk_create((0..2_000).map(|i| User::draft().username(format!("{i}")).email("x".repeat(200)).build())).await?;
        let work = async {
            let mut stream = std::pin::pin!(User::objects().stream());
            let mut n = 0;
            while let Some(user) = stream.try_next().await? {
                if n % 100 == 0 {
                    User::objects().filter(|u| u.id.eq(user.id)).update(|u| u.age.set(1)).await?;
                }
                n += 1;
            }
            Ok(n)
        };
        assert_eq!(atomic(work).await?, 2_000, "in a transaction");
        assert_eq!(User::objects().filter(|u| u.age.eq(1)).count().await?, 20);
    }

    async fn a_query_inside_another_cannot_name_a_database_of_its_own() {
        let other = blog().await;
        let names = User::objects().using(other.db()).values(|u| u.username);
        let error = User::objects().filter(|u| u.username.in_(names.clone())).count().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains("stands inside another query"), "{error}");
        let same = User::objects().using(other.db()).filter(|u| u.username.in_(names)).count().await?;
        assert_eq!(same, 0);
    }

    async fn rows_can_be_values_of_any_shape() {
        let (alice, bob) = (user("alice").await?, user("bob").await?);
        Post::objects().create().title("x").author(&alice).editor(&bob).await?;
        post("y", &alice).await?;
        let rows = Post::objects().order_by(|p| p.title).values(|p| (p.title, p.author, p.editor)).await?;
        assert_eq!(rows, [("x".into(), alice.clone(), Some(bob)), ("y".into(), alice, None)]);
    }
}
