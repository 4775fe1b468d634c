//! Futures dropped at every place where they wait: the next borrower never notices.

use super::ground::{Ground, Item};
use crate::wait::poll_times;
use orm::prelude::*;
use std::time::{Duration, Instant};

/// The answer to what the last poll sent may arrive before the drop.
async fn time_to_answer() {
    tokio::time::sleep(Duration::from_millis(3)).await;
}

async fn both(ground: &Ground, k: usize) -> orm::Result<()> {
    ground
        .db
        .scope(atomic(async {
            Item::objects().create().name(format!("a{k}")).await?;
            Item::objects().create().name(format!("b{k}")).await?;
            Ok(())
        }))
        .await
}

#[tokio::test]
async fn a_transaction_dropped_after_any_number_of_polls_leaves_all_or_nothing_and_a_clean_connection() {
    let ground = Ground::new().await;
    let mut absent = 0;
    for k in 1.. {
        let mut future = Box::pin(both(&ground, k));
        let ended = poll_times(future.as_mut(), k).await;
        time_to_answer().await;
        drop(future);
        let names = ground.names().await.unwrap();
        let stored = [format!("a{k}"), format!("b{k}")].map(|name| names.contains(&name));
        assert!(stored == [true, true] || stored == [false, false], "after {k} polls: {stored:?}");
        ground.idle().await;
        absent += usize::from(stored == [false, false]);
        if let Some(result) = ended {
            result.unwrap();
            assert_eq!(stored, [true, true]);
            break;
        }
        assert!(k < 100);
    }
    assert!(absent >= 2, "only {absent} of the drops came before the commit");
}

#[tokio::test]
async fn a_dropped_inner_atomic_never_harms_the_outer_one() {
    let ground = Ground::new().await;
    for k in 1.. {
        let mut ended = None;
        let outer = ground.db.scope(atomic(async {
            Item::objects().create().name(format!("before{k}")).await?;
            let mut inner = Box::pin(atomic(async {
                Item::objects().create().name(format!("inner{k}")).await?;
                Item::objects().create().name(format!("inner too{k}")).await?;
                Ok(())
            }));
            ended = poll_times(inner.as_mut(), k).await;
            time_to_answer().await;
            drop(inner);
            Item::objects().create().name(format!("after{k}")).await?;
            Ok(())
        }));
        outer.await.unwrap();
        let names = ground.names().await.unwrap();
        let stored = |name: &str| names.contains(&format!("{name}{k}"));
        assert!(stored("before") && stored("after"), "after {k} polls");
        assert_eq!(stored("inner"), stored("inner too"), "after {k} polls");
        ground.idle().await;
        if ended.is_some() {
            assert!(stored("inner"));
            break;
        }
        assert!(k < 100);
    }
}

#[tokio::test]
async fn a_query_dropped_after_any_number_of_polls_costs_no_slot() {
    let ground = Ground::new().await;
    for k in 1..30 {
        let mut future = Box::pin(ground.names());
        let ended = poll_times(future.as_mut(), k).await;
        time_to_answer().await;
        drop(future);
        assert_eq!(ground.names().await.unwrap().len(), 0, "after {k} polls");
        if ended.is_some() {
            return;
        }
    }
    panic!("never ended");
}

#[tokio::test]
async fn a_dropped_long_statement_is_cancelled_and_its_connection_used_again() {
    let ground = Ground::new().await;
    ground.names().await.unwrap();
    ground.lock().await;
    tokio::select! {
        _ = ground.names() => unreachable!("nobody can read"),
        () = ground.waits("Lock") => {}
    }
    let started = Instant::now();
    ground.idle().await; // the lock is still held: only a cancel request can have ended it
    assert!(started.elapsed() < Duration::from_secs(10), "that was its deadline");
    ground.unlock().await;
    assert_eq!(ground.names().await.unwrap().len(), 0);
    assert_eq!(ground.states().await.len(), 1);
}

#[tokio::test]
async fn a_transaction_dropped_in_a_long_statement_gives_up_its_locks() {
    let ground = Ground::new().await;
    ground.add("a").await.unwrap();
    let outside = Db::connect(ground.config.clone()).await.unwrap();
    ground.lock().await;
    let transaction = ground.db.scope(atomic(async { Item::objects().create().name("b").await }));
    tokio::select! {
        _ = transaction => unreachable!("nobody can write"),
        () = ground.waits("Lock") => {}
    }
    ground.unlock().await;
    ground.idle().await;
    let names: Vec<String> = Item::objects().using(&outside).values(|item| item.name).await.unwrap();
    assert_eq!(names, ["a"]);
}

#[test]
fn nothing_panics_when_the_runtime_goes_away_first() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ground = runtime.block_on(Ground::new());
    let mut query = Box::pin(both(&ground, 1));
    runtime.block_on(async { assert!(poll_times(query.as_mut(), 2).await.is_none()) });
    drop(runtime);
    drop(query);
    drop(ground);
}

#[test]
fn a_connection_of_another_runtime_is_replaced() {
    let new = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (first, second) = (new(), new());
    let ground = first.block_on(Ground::new());
    first.block_on(ground.add("a")).unwrap();
    let started = Instant::now();
    let names = second.block_on(ground.names()).unwrap(); // `first` is alive, and nobody polls it
    assert_eq!(names, ["a"]);
    assert!(started.elapsed() < Duration::from_secs(4), "that was a deadline");
    drop(second);
    assert_eq!(first.block_on(ground.names()).unwrap(), ["a"]);
}

/// A table that nobody locks.
#[derive(Model, Debug)]
struct Free {
    id: i64,
}

#[tokio::test]
async fn a_statement_dropped_before_it_was_written_does_not_hold_the_next_borrower() {
    let ground = Ground::new().await;
    ground.db.create_tables(orm::models![Free]).await.unwrap();
    ground.names().await.unwrap(); // now it is prepared, and the first poll sends
    Free::objects().using(&ground.db).create().await.unwrap();
    ground.lock().await;
    let mut names = Box::pin(ground.names());
    assert!(futures_util::future::poll_immediate(names.as_mut()).await.is_none());
    drop(names);
    let start = Instant::now();
    let free = Free::objects().using(&ground.db).one().await.unwrap();
    assert!(free.id > 0 && start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    ground.unlock().await;
}
