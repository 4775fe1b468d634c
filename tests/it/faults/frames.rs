//! Frames of a transaction: whose turn it is, and what a commit means.

use super::ground::{Ground, Item};
use orm::{ErrorKind, prelude::*};
use std::time::Duration;

async fn add(name: &str) -> orm::Result<Item> {
    Item::objects().create().name(name).await
}

#[tokio::test]
async fn an_inner_error_is_undone_and_the_outer_goes_on() {
    let ground = Ground::new().await;
    let outer = atomic(async {
        add("a").await?;
        let inner = atomic(async {
            add("b").await?;
            add("a").await
        });
        assert!(inner.await.unwrap_err().is_unique_violation());
        add("c").await
    });
    ground.db.scope(outer).await.unwrap();
    assert_eq!(ground.names().await.unwrap(), ["a", "c"]);
}

#[tokio::test]
async fn a_swallowed_error_makes_the_commit_an_error_that_names_it() {
    let ground = Ground::new().await;
    let outer = atomic(async {
        add("a").await?;
        let _ = add("a").await;
        Ok(())
    });
    let error = ground.db.scope(outer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted);
    assert!(error.to_string().contains("item_name_key"), "{error}");
    assert_eq!(ground.names().await.unwrap().len(), 0);
    ground.idle().await;
}

#[tokio::test]
async fn a_swallowed_error_in_an_inner_atomic_undoes_only_that() {
    let ground = Ground::new().await;
    let outer = atomic(async {
        add("a").await?;
        let inner = atomic(async {
            add("b").await?;
            let _ = add("a").await;
            Ok(())
        });
        assert_eq!(inner.await.unwrap_err().kind(), ErrorKind::TransactionAborted);
        add("c").await
    });
    ground.db.scope(outer).await.unwrap();
    assert_eq!(ground.names().await.unwrap(), ["a", "c"]);
}

#[tokio::test]
async fn joined_inner_atomics_take_turns() {
    let ground = Ground::new().await;
    let outer = atomic(async {
        let one = atomic(async {
            add("a").await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            add("b").await
        });
        let two = atomic(async {
            add("c").await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
            add("c").await
        });
        let (one, two) = tokio::join!(one, two);
        one?;
        assert!(two.unwrap_err().is_unique_violation());
        Ok(())
    });
    ground.db.scope(outer).await.unwrap();
    assert_eq!(ground.names().await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn waiting_for_an_inner_atomic_that_waits_too_is_an_error_and_no_hang() {
    let ground = Ground::with(|config| config.pool_size(1).turn_timeout(Duration::from_millis(100))).await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let outer = atomic(async {
        add("a").await?;
        let inner = atomic(async {
            add("b").await?;
            begun.send(()).unwrap();
            receiver.await.unwrap();
            Ok(())
        });
        let beside = async {
            has_begun.await.unwrap();
            let error = add("c").await.unwrap_err();
            sender.send(()).unwrap();
            error
        };
        let (inner, error) = tokio::join!(inner, beside);
        inner?;
        assert!(error.is_timeout());
        assert!(error.to_string().contains("inner `atomic`"), "{error}");
        Ok(())
    });
    ground.db.scope(outer).await.unwrap();
    assert_eq!(ground.names().await.unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn joined_statements_of_one_atomic_all_run_in_it() {
    let ground = Ground::new().await;
    let failing = atomic(async {
        let (a, b, c) = tokio::join!(add("a"), add("b"), add("c"));
        a?;
        b?;
        c?;
        Err::<(), _>(orm::Error::usage("never mind"))
    });
    ground.db.scope(failing).await.unwrap_err();
    assert_eq!(ground.names().await.unwrap().len(), 0);
    let working = atomic(async {
        let (a, b, c) = tokio::join!(add("a"), add("b"), add("c"));
        a?;
        b?;
        c?;
        Ok(())
    });
    ground.db.scope(working).await.unwrap();
    assert_eq!(ground.names().await.unwrap(), ["a", "b", "c"]);
}

#[tokio::test]
async fn an_atomic_that_asks_nothing_takes_no_connection() {
    let ground = Ground::with(|config| config.pool_size(1).acquire_timeout(Duration::from_secs(1))).await;
    let outer = atomic(async {
        add("a").await?;
        // The only connection is taken; a transaction that needed one would fail.
        atomic(async { Ok(()) }).await?;
        let other = Db::clone(&ground.db);
        tokio::spawn(async move { other.scope(atomic(async { Ok(()) })).await }).await.unwrap()
    });
    ground.db.scope(outer).await.unwrap();
}

#[tokio::test]
async fn deferred_constraints_fail_the_commit() {
    let ground = Ground::new().await;
    let sql =
        "ALTER TABLE item DROP CONSTRAINT item_name_key, ADD UNIQUE (name) DEFERRABLE INITIALLY DEFERRED";
    ground.observer.batch_execute(sql).await.unwrap();
    let twice = atomic(async {
        add("a").await?;
        add("a").await
    });
    let error = ground.db.scope(twice).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    assert_eq!(ground.names().await.unwrap().len(), 0);
}

#[tokio::test]
async fn conflicts_of_serializable_transactions_are_retried_and_none_is_lost() {
    let ground = Ground::with(|config| config.pool_size(4)).await;
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let db = ground.db.clone();
            tokio::spawn(async move {
                let add_next = Transaction::serializable().retries(50).run(|| async {
                    let count = Item::objects().count().await?;
                    add(&format!("{count}")).await
                });
                db.scope(add_next).await
            })
        })
        .collect();
    let mut added = 0;
    for task in tasks {
        // A unique violation may come before the conflict is seen.
        added += usize::from(task.await.unwrap().is_ok());
    }
    assert_eq!(ground.names().await.unwrap().len(), added);
    assert!(added > 0);
}

#[tokio::test]
async fn queries_run_between_the_rows_of_a_stream_in_the_same_transaction() {
    let ground = Ground::new().await;
    let drafts = (0..1_200).map(|n| Item::draft().name(format!("{n:05}")).build()).collect::<Vec<_>>();
    Item::objects().using(&ground.db).bulk_create(drafts).await.unwrap();
    let outer = atomic(async {
        let mut rows = Item::objects().order_by(|item| item.name.asc()).stream();
        let mut seen = 0;
        while let Some(item) = futures_util::StreamExt::next(&mut rows).await {
            let item = item?;
            if seen % 100 == 0 {
                Item::objects()
                    .filter(|i| i.id.eq(item.id))
                    .update(|i| i.name.set(format!("x{seen}")))
                    .await?;
                atomic(async { add(&format!("y{seen}")).await }).await?;
            }
            seen += 1;
        }
        Ok(seen)
    });
    assert_eq!(ground.db.scope(outer).await.unwrap(), 1_200);
    let names = ground.names().await.unwrap();
    assert_eq!(names.iter().filter(|name| name.starts_with('x')).count(), 12);
    assert_eq!(names.iter().filter(|name| name.starts_with('y')).count(), 12);
}

#[tokio::test]
async fn a_stream_dropped_early_leaves_the_transaction_or_the_connection_usable() {
    let ground = Ground::new().await;
    let drafts = (0..5_000).map(|n| Item::draft().name(format!("{n:05}")).build()).collect::<Vec<_>>();
    Item::objects().using(&ground.db).bulk_create(drafts).await.unwrap();
    {
        let mut rows = Item::objects().using(&ground.db).stream();
        futures_util::StreamExt::next(&mut rows).await.unwrap().unwrap();
    }
    assert_eq!(ground.names().await.unwrap().len(), 5_000);
    let outer = atomic(async {
        {
            let mut rows = Item::objects().stream();
            futures_util::StreamExt::next(&mut rows).await.unwrap()?;
        }
        add("last").await
    });
    ground.db.scope(outer).await.unwrap();
    assert_eq!(ground.names().await.unwrap().len(), 5_001);
}
