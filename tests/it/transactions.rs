//! `atomic`: ambient, nested, rolled back on `Err`, panic and dropped future; who executes what.

use crate::{
    models::{Post, Tag, User, blog},
    wait::poll_times,
};
use futures_util::{FutureExt, TryStreamExt};
use orm::{ErrorKind, Result, prelude::*, testing::TestDb};
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::sync::{Barrier, oneshot};

async fn tag(name: &str) -> Result<Tag> {
    Tag::objects().create().slug(name).name(name).await
}

async fn names() -> Vec<String> {
    Tag::objects().order_by(|t| t.slug).values(|t| t.slug).await.unwrap()
}

fn no<T>() -> Result<T> {
    Err(orm::Error::usage("no"))
}

/// Runs a test's body on a blog of its own, with few connections and short deadlines.
macro_rules! on_a_blog {
    ($($(#[$m:meta])* async fn $name:ident($db:ident) $body:block)*) => {$(
        $(#[$m])*
        #[tokio::test]
        async fn $name() {
            let test = blog().await;
            let $db = small(&test).await;
            $db.clone().scope(async { $body }).await;
        }
    )*};
}

async fn small(test: &TestDb) -> Db {
    let config = orm::Config::from_url(test.url()).unwrap().pool_size(2);
    let config = config.acquire_timeout(Duration::from_secs(3)).turn_timeout(Duration::from_millis(300));
    Db::connect(config).await.unwrap()
}

on_a_blog! {
    async fn ok_commits(_db) {
        let made = atomic(async { tag("a").await }).await.unwrap();
        assert_eq!((made.slug, names().await), ("a".into(), vec!["a".into()]));
    }

    async fn an_error_rolls_back_and_comes_out_unchanged(_db) {
        let error = atomic(async { tag("a").await?; no::<()>() }).await.unwrap_err();
        assert_eq!((error.to_string(), names().await), ("no".into(), vec![]));
    }

    async fn a_panic_rolls_back_and_goes_on(_db) {
        let block = atomic(async {
            tag("a").await?;
            if tag("b").await.is_ok() { panic!("boom") }
            Ok(())
        });
        let panic = AssertUnwindSafe(block).catch_unwind().await.unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"boom"));
        assert!(names().await.is_empty());
    }

    async fn everything_inside_uses_the_transaction(db) {
        let test = db.clone();
        atomic(async {
            tag("a").await?;
            assert_eq!(names().await, ["a"]);
            assert_eq!(Tag::objects().using(&test).count().await?, 1, "by name too");
            assert_eq!(test.scope(async { Tag::objects().count().await }).await?, 1, "in a scope too");
            let outside = tokio::spawn(async move { Tag::objects().using(&test).count().await }).await.unwrap()?;
            assert_eq!(outside, 0, "a spawned task is outside");
            no::<()>()
        }).await.unwrap_err();
        assert!(names().await.is_empty());
    }

    async fn an_inner_block_rolls_back_alone(_db) {
        atomic(async {
            tag("a").await?;
            atomic(async { tag("b").await?; no::<()>() }).await.unwrap_err();
            atomic(async { tag("c").await }).await?;
            atomic(async { tag("d").await?; atomic(async { tag("e").await?; no::<()>() }).await }).await.unwrap_err();
            Ok(())
        }).await.unwrap();
        assert_eq!(names().await, ["a", "c"]);
    }

    async fn nested_blocks_do_not_multiply_their_size(_db) {
        let one = atomic(async { tag("a").await });
        let three = atomic(async { atomic(async { atomic(async { tag("a").await }).await }).await });
        assert!(size_of_val(&three) <= size_of_val(&one) + 64, "{} {}", size_of_val(&one), size_of_val(&three));
        three.await.unwrap();
        one.await.unwrap_err();
    }

    async fn an_inner_block_is_undone_with_the_outer_one(_db) {
        atomic(async { atomic(async { tag("a").await }).await?; no::<()>() }).await.unwrap_err();
        assert!(names().await.is_empty());
    }

    async fn an_error_of_the_server_in_an_inner_block_leaves_the_outer_one_whole(_db) {
        atomic(async {
            tag("a").await?;
            let error = atomic(async { tag("a").await }).await.unwrap_err();
            assert!(error.is_unique_violation());
            tag("b").await
        }).await.unwrap();
        assert_eq!(names().await, ["a", "b"]);
    }

    async fn a_swallowed_error_of_the_server_fails_the_commit(_db) {
        let error = atomic(async {
            tag("a").await?;
            assert!(tag("a").await.unwrap_err().is_unique_violation());
            Ok(())
        }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error:?}");
        assert!(names().await.is_empty());
        // and in an inner block, whose outer one goes on
        atomic(async {
            let inner = atomic(async { tag("a").await?; tag("a").await.unwrap_err(); Ok(()) }).await.unwrap_err();
            assert_eq!(inner.kind(), ErrorKind::TransactionAborted, "{inner:?}");
            tag("b").await
        }).await.unwrap();
        assert_eq!(names().await, ["b"]);
    }

    async fn a_dropped_block_rolls_back_whenever_it_is_dropped(db) {
        for polls in 0..60 {
            let mut block = Box::pin(atomic(async {
                tag("a").await?;
                atomic(async { tag("b").await?; tag("c").await }).await?;
                tokio::task::yield_now().await;
                tag("d").await
            }));
            let done = poll_times(block.as_mut(), polls).await.is_some();
            tokio::time::sleep(Duration::from_millis(1)).await;
            drop(block);
            // Both connections are clean and free, and all of it is there or nothing.
            for _ in 0..2 {
                let found = names().await;
                assert!(found.is_empty() || found == ["a", "b", "c", "d"], "after {polls} polls: {found:?}");
                assert!(!done || found.len() == 4, "Ok means committed");
            }
            let (a, b) = tokio::join!(Tag::objects().count(), Tag::objects().count());
            assert_eq!(a.unwrap(), b.unwrap());
            Tag::objects().delete().await.unwrap();
            if done {
                let _ = db;
                return;
            }
        }
        panic!("never done");
    }

    async fn an_inner_block_dropped_at_any_moment_leaves_the_outer_one_whole(_db) {
        for polls in 0..40 {
            let mut done = false;
            atomic(async {
                tag("a").await?;
                let mut inner = Box::pin(atomic(async { tag("b").await?; tag("c").await }));
                done = poll_times(inner.as_mut(), polls).await.is_some();
                tokio::time::sleep(Duration::from_millis(1)).await;
                drop(inner);
                let found = names().await;
                assert!(found == ["a"] || (found == ["a", "b", "c"]), "after {polls} polls: {found:?}");
                tag("z").await
            }).await.unwrap();
            assert_eq!(names().await.last().unwrap(), "z");
            Tag::objects().delete().await.unwrap();
            if done { return }
        }
        panic!("never done");
    }

    async fn a_timeout_round_a_block_rolls_back(_db) {
        let slow = atomic(async { tag("a").await?; tokio::time::sleep(Duration::from_secs(60)).await; Ok(()) });
        tokio::time::timeout(Duration::from_millis(50), slow).await.unwrap_err();
        assert!(names().await.is_empty());
    }

    async fn a_block_that_asks_nothing_takes_no_connection(db) {
        db.close(Duration::from_secs(60)).await.unwrap();
        atomic(async { atomic(async { Ok(()) }).await }).await.unwrap();
        assert!(tag("a").await.is_err(), "the database handle is closed");
    }

    async fn queries_of_one_block_can_be_made_at_once(_db) {
        atomic(async {
            tokio::try_join!(tag("a"), tag("b"), tag("c"))?;
            Ok(())
        }).await.unwrap();
        assert_eq!(names().await, ["a", "b", "c"]);
    }

    async fn two_inner_blocks_at_once_are_in_turn_or_an_error_and_never_mixed(_db) {
        let block = |name: &'static str, fail: bool| atomic(async move {
            tag(name).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            tag(&format!("{name}2")).await?;
            if fail { no() } else { Ok(()) }
        });
        for (first, second) in [(false, true), (true, false)] {
            let outcome = atomic(async {
                let (a, b) = tokio::join!(block("a", first), block("b", second));
                Ok((a.is_ok(), b.is_ok()))
            }).await.unwrap();
            let found = names().await;
            let expected: Vec<_> = [("a", outcome.0), ("b", outcome.1)]
                .into_iter().filter(|(_, ok)| *ok).flat_map(|(name, _)| [name.to_owned(), format!("{name}2")]).collect();
            assert_eq!(found, expected, "{outcome:?}");
            assert!(outcome.0 != first || outcome.1 != second, "a block that does not fail can succeed: {outcome:?}");
            Tag::objects().delete().await.unwrap();
        }
    }

    async fn a_query_beside_an_open_inner_block_waits_and_then_errs(_db) {
        atomic(async {
            tag("a").await?;
            let ((begun, has_begun), (late, is_late)) = (oneshot::channel(), oneshot::channel());
            let inner = atomic(async {
                tag("b").await?;
                begun.send(()).unwrap();
                is_late.await.unwrap();
                Ok(())
            });
            let beside = async {
                has_begun.await.unwrap();
                let beside = tag("c").await;
                late.send(()).unwrap();
                beside
            };
            let (inner, beside) = tokio::join!(inner, beside);
            inner?;
            let error = beside.unwrap_err();
            assert!(error.is_timeout(), "{error:?}");
            assert!(error.to_string().contains("atomic"), "{error}");
            tag("d").await
        }).await.unwrap();
        assert_eq!(names().await, ["a", "b", "d"]);
    }

    async fn a_query_made_inside_and_awaited_outside_is_an_error(_db) {
        let mut kept = None;
        atomic(async {
            kept = Some((Tag::objects().count().into_future(), Tag::objects().create().slug("x").name("x")));
            tag("a").await
        }).await.unwrap();
        let (count, create) = kept.unwrap();
        for error in [count.await.unwrap_err(), create.await.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Usage);
            assert!(error.to_string().contains("made inside a transaction and is awaited outside"), "{error}");
        }
        assert_eq!(names().await, ["a"]);
    }

    async fn a_query_made_inside_and_awaited_in_a_spawned_task_is_an_error(_db) {
        atomic(async {
            tag("a").await?;
            let count = Tag::objects().count().into_future();
            let error = tokio::spawn(count).await.unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
            Ok(())
        }).await.unwrap();
    }

    async fn a_query_made_outside_and_awaited_inside_is_an_error(_db) {
        let count = Tag::objects().count().into_future();
        let error = atomic(async { tag("a").await?; count.await }).await.unwrap_err();
        assert!(error.to_string().contains("made outside of this transaction"), "{error}");
    }

    async fn on_commit_runs_after_the_outermost_commit_in_order(db) {
        let ran = Arc::new(Mutex::new(Vec::new()));
        let note = |what: &'static str| {
            let (ran, db) = (ran.clone(), db.clone());
            on_commit(move || async move {
                let seen = Tag::objects().using(&db).count().await.unwrap();
                ran.lock().unwrap().push((what, seen));
            })
        };
        atomic(async {
            note("first")?;
            atomic(async { note("inner")?; tag("a").await }).await?;
            atomic(async { note("rolled back")?; tag("b").await?; no::<()>() }).await.unwrap_err();
            note("last")?;
            assert!(ran.lock().unwrap().is_empty());
            Ok(())
        }).await.unwrap();
        assert_eq!(*ran.lock().unwrap(), [("first", 1), ("inner", 1), ("last", 1)]);
        atomic(async { note("never")?; no::<()>() }).await.unwrap_err();
        assert_eq!(ran.lock().unwrap().len(), 3);
    }

    async fn on_commit_outside_of_a_transaction_is_an_error(_db) {
        let error = on_commit(|| async {}).unwrap_err();
        assert!(error.to_string().contains("outside of a transaction"), "{error}");
    }

    async fn a_serializable_transaction_is_run_again_after_a_conflict(_db) {
        tag("a").await.unwrap();
        let (runs, both_have_counted) = (AtomicU32::new(0), Barrier::new(2));
        let rename = |to: &'static str| {
            let (runs, both_have_counted) = (&runs, &both_have_counted);
            Transaction::serializable().retries(20).run(move || async move {
                let run = runs.fetch_add(1, SeqCst);
                let n = Tag::objects().filter(|t| t.name.contains("+")).count().await?;
                if run < 2 {
                    both_have_counted.wait().await;
                }
                Tag::objects().create().slug(to).name(format!("+{n}")).await
            })
        };
        let (a, b) = tokio::join!(rename("x"), rename("y"));
        a.unwrap();
        b.unwrap();
        assert!(runs.load(SeqCst) > 2, "one of them was run again");
        assert_eq!(Tag::objects().filter(|t| t.name.in_(["+0", "+1"])).count().await.unwrap(), 2);
    }

    async fn a_read_only_transaction_refuses_to_write(_db) {
        let error = Transaction::new().read_only().run(|| tag("a")).await.unwrap_err();
        assert_eq!(error.code(), Some("25006"), "{error:?}");
        let error = atomic(async { Transaction::serializable().run(|| tag("a")).await }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
    }

    async fn own_errors_go_through_try_atomic(_db) {
        #[derive(Debug, PartialEq)]
        enum Own { Poor, Db(ErrorKind) }
        impl From<orm::Error> for Own {
            fn from(error: orm::Error) -> Self { Own::Db(error.kind()) }
        }
        let poor = try_atomic(async { tag("a").await?; Err::<(), _>(Own::Poor) }).await;
        assert_eq!(poor, Err(Own::Poor));
        assert!(names().await.is_empty());
        let twice = try_atomic::<(), Own>(async { tag("a").await?; tag("a").await?; Ok(()) }).await;
        assert_eq!(twice, Err(Own::Db(ErrorKind::UniqueViolation)));
    }

    async fn a_row_changed_meanwhile_is_looked_at_again_by_an_update_through_a_relation(db) {
        let alice = User::objects().create().username("alice").await.unwrap();
        Post::objects().create().title("new").author(&alice).await.unwrap();
        let publish = || atomic(async {
            let posts = Post::objects().filter(|p| p.title.eq("new") & p.author.username.eq("alice"));
            let n = posts.update(|p| p.title.set("published")).await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(n)
        });
        let (one, two) = (db.clone(), db.clone());
        let (a, b) = tokio::join!(
            tokio::spawn(async move { one.scope(publish()).await }),
            tokio::spawn(async move { two.scope(publish()).await }),
        );
        let (a, b) = (a.unwrap().unwrap(), b.unwrap().unwrap());
        assert_eq!(a + b, 1, "one of them found it changed");
    }

    async fn a_stream_ends_with_its_atomic(_db) {
        for name in ["a", "b", "c"] {
            tag(name).await.unwrap();
        }
        let mut kept = None;
        atomic(async {
            let mut stream = Box::pin(Tag::objects().stream());
            assert!(stream.try_next().await?.is_some());
            kept = Some(stream);
            Ok(())
        }).await.unwrap();
        let error = kept.unwrap().try_next().await.unwrap_err();
        assert!(error.to_string().contains("has ended"), "{error}");
    }

    async fn select_for_update_holds_the_rows(db) {
        tag("a").await.unwrap();
        tag("b").await.unwrap();
        atomic(async {
            Tag::objects().filter(|t| t.slug.eq("a")).select_for_update().one().await?;
            let other = tokio::spawn(async move {
                db.scope(async {
                    let busy = Tag::objects().select_for_update().nowait().get("a").await.unwrap_err();
                    let free = Tag::objects().select_for_update().skip_locked().values(|t| t.slug).await.unwrap();
                    (busy.is_lock_not_available(), free)
                }).await
            });
            assert_eq!(other.await.unwrap(), (true, vec!["b".to_owned()]));
            Ok(())
        }).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_connected_says_what_to_call() {
    let error = Tag::objects().count().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("orm::connect(url)"), "{error}");
    assert!(atomic(async { Ok(()) }).await.unwrap_err().to_string().contains("orm::connect(url)"));
}

#[tokio::test]
async fn a_scope_has_its_own_default_and_using_names_another() {
    let (one, two) = (blog().await, blog().await);
    one.db().scope(tag("one")).await.unwrap();
    two.db().scope(tag("two")).await.unwrap();
    one.db()
        .scope(async {
            assert_eq!(names().await, ["one"]);
            assert_eq!(two.db().scope(names()).await, ["two"]);
            assert_eq!(Tag::objects().using(two.db()).one().await.unwrap().slug, "two");
            assert_eq!(names().await, ["one"]);
            // a transaction on one does not hold what is done on the other
            atomic(async {
                tag("rolled back").await?;
                Tag::objects().using(two.db()).create().slug("stays").name("stays").await?;
                no::<()>()
            })
            .await
            .unwrap_err();
            assert_eq!(names().await, ["one"]);
            assert_eq!(two.db().scope(names()).await, ["stays", "two"]);
        })
        .await;
}

#[tokio::test]
async fn a_query_made_in_a_scope_and_awaited_in_another_is_an_error() {
    let (one, two) = (blog().await, blog().await);
    let mut made = None;
    one.db().scope(async { made = Some(Tag::objects().count().into_future()) }).await;
    let error = two.db().scope(made.unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("for another database"), "{error}");
}

/// Moves one from one account to another; every third time it fails after the first half, or is dropped in the middle.
async fn transfer(i: i32) -> Result<()> {
    let name = |n: i32| format!("{}", n % 7);
    let (from, to) = (name(i), name(i * 3 + 1));
    let work = atomic(async {
        // in one order, so that no two transfers wait for each other
        let accounts = Tag::objects().filter(|t| t.slug.in_([&from, &to])).order_by(|t| t.slug);
        for mut account in accounts.select_for_update().await? {
            let balance: i32 = account.name.split(' ').nth(1).unwrap().parse().unwrap();
            let change = i32::from(account.slug == to) - i32::from(account.slug == from);
            account.name = format!("{} {}", account.slug, balance + change);
            account.save().await?;
            tokio::task::yield_now().await;
            if i % 3 == 1 {
                return no();
            }
        }
        Ok(())
    });
    if i % 3 != 2 {
        return work.await;
    }
    tokio::time::timeout(Duration::from_micros(u64::from(i.unsigned_abs() % 40) * 100), work)
        .await
        .unwrap_or(Ok(()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn transfers_of_many_tasks_on_many_threads_lose_nothing() {
    let test = blog().await;
    let config =
        orm::Config::from_url(test.url()).unwrap().pool_size(6).acquire_timeout(Duration::from_secs(60));
    let db = Db::connect(config).await.unwrap();
    let drafts = (0..7).map(|n| Tag::draft().slug(format!("{n}")).name(format!("{n} 100")).build());
    Tag::objects().using(&db).bulk_create(drafts).await.unwrap();
    let tasks: Vec<_> = (0..400)
        .map(|i| {
            let db = db.clone();
            tokio::spawn(async move { db.scope(transfer(i)).await })
        })
        .collect();
    for (i, task) in tasks.into_iter().enumerate() {
        let done = task.await.unwrap();
        assert!(
            done.is_ok() || i % 3 == 1 && done.as_ref().unwrap_err().to_string() == "no",
            "{i}: {done:?}"
        );
    }
    let names = Tag::objects().using(&db).values(|t| t.name).await.unwrap();
    let sum: i32 = names.iter().map(|name| name.split(' ').nth(1).unwrap().parse::<i32>().unwrap()).sum();
    assert_eq!(sum, 700, "{names:?}");
}
