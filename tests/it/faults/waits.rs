//! Nothing waits for ever, and the error says what for.

use super::ground::{Ground, Item};
use orm::{ErrorKind, prelude::*};
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_statement_past_its_deadline_is_cancelled_and_the_pool_goes_on() {
    let ground = Ground::with(|config| config.pool_size(1).statement_timeout(SHORT)).await;
    ground.lock().await;
    let error = ground.add("a").await.unwrap_err();
    assert!(error.is_timeout());
    assert!(error.sql().unwrap().contains("INSERT"), "{error:?}");
    ground.idle().await;
    ground.unlock().await;
    assert_eq!(ground.names().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_deadline_inside_a_transaction_ends_the_transaction() {
    let ground = Ground::with(|config| config.pool_size(1).statement_timeout(SHORT)).await;
    ground.observer.batch_execute("INSERT INTO item (name) VALUES ('z')").await.unwrap();
    let outer = atomic(async {
        Item::objects().create().name("a").await?;
        ground.rival.batch_execute("BEGIN; UPDATE item SET name = 'y'").await.unwrap();
        let late = Item::objects().filter(|item| item.name.eq("z")).update(|item| item.name.set("x")).await;
        assert!(late.unwrap_err().is_timeout());
        Ok(())
    });
    let error = ground.db.scope(outer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted);
    ground.idle().await;
    ground.rival.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(ground.names().await.unwrap(), ["z"]);
}

#[tokio::test]
async fn an_exhausted_pool_says_how_large_it_is_and_who_waits() {
    let ground = Ground::with(|config| config.pool_size(1).acquire_timeout(SHORT)).await;
    let outer = ground.db.scope(atomic(async {
        Item::objects().create().name("a").await?;
        let db = ground.db.clone();
        let started = Instant::now();
        let outside = tokio::spawn(async move { Item::objects().using(&db).count().await });
        let error = outside.await.unwrap().unwrap_err();
        assert!(started.elapsed() >= SHORT);
        Ok(error)
    }));
    let error = outer.await.unwrap();
    assert!(error.is_timeout());
    assert!(error.to_string().contains("pool of 1, 1 are in use"), "{error}");
    ground.names().await.unwrap();
}

#[tokio::test]
async fn a_cancelled_wait_for_a_connection_costs_no_slot() {
    let ground = Ground::new().await;
    let outer = ground.db.scope(atomic(async {
        Item::objects().create().name("a").await?;
        for _ in 0..20 {
            let db = ground.db.clone();
            let outside = tokio::spawn(async move { Item::objects().using(&db).count().await });
            tokio::time::sleep(Duration::from_millis(2)).await;
            outside.abort();
        }
        Ok(())
    }));
    outer.await.unwrap();
    ground.names().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_with_half_of_their_queries_dropped_end_with_a_clean_pool() {
    let ground = Ground::with(|config| config.pool_size(4)).await;
    ground.add("a").await.unwrap();
    let tasks: Vec<_> = (0..32)
        .map(|task| {
            let db = ground.db.clone();
            tokio::spawn(async move {
                for turn in 0..30 {
                    let names = Item::objects().using(&db).values(|item| item.name);
                    let patience = Duration::from_micros((task * 37 + turn * 101) % 900);
                    if let Ok(names) = tokio::time::timeout(patience, async { names.await }).await {
                        let names: Vec<String> = names.unwrap();
                        assert_eq!(names, ["a"]);
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    for _ in 0..8 {
        assert_eq!(ground.names().await.unwrap(), ["a"]);
    }
    ground.idle().await;
    assert!(ground.states().await.len() <= 4);
}
