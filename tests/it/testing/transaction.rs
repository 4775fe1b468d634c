//! `#[orm::test(transaction)]`.

use super::{Tag, tag, tags, two};
use orm::{
    ErrorKind, Result,
    prelude::*,
    testing::{TestDb, run_on_commit_hooks},
};
use std::{
    process::ExitCode,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
};

/// A table that only the next two tests have: they use the same databases.
#[derive(Model, Debug)]
struct Mark {
    id: i64,
    #[orm(unique)]
    name: String,
}

/// The databases of its runs.
static DATABASES: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[orm::test(models(Mark), transaction)]
async fn the_table_is_empty_at_first(test: &TestDb) -> Result<()> {
    DATABASES.lock().unwrap().push(test.name().to_owned());
    assert_eq!(Mark::objects().count().await?, 0);
    Mark::objects().create().name("x").await?;
    atomic(async { Mark::objects().create().name("y").await }).await?;
    assert_eq!(Mark::objects().count().await?, 2);
    Ok(())
}

#[test]
fn what_a_test_stores_is_gone_when_the_next_one_uses_the_database() {
    assert_eq!([(); 2].map(|()| the_table_is_empty_at_first()), [ExitCode::SUCCESS; 2]);
    // libtest may run it once more beside us.
    let mut databases = DATABASES.lock().unwrap().clone();
    let runs = databases.len();
    databases.sort();
    databases.dedup();
    assert!(databases.len() < runs, "{databases:?}");
}

#[orm::test(models(Tag), transaction)]
async fn a_transaction_is_not_seen_from_outside(db: Db) -> Result<()> {
    tag("a").await?;
    let outside = tokio::spawn(async move { db.scope(tags()).await });
    assert_eq!((tags().await?, outside.await.unwrap()?), (1, 0));
    Ok(())
}

#[orm::test(models(Tag), transaction, fixture = two)]
async fn a_fixture_runs_in_the_transaction([a, _]: [Tag; 2]) -> Result<()> {
    on_commit(async || ())?; // an error outside of one
    assert_eq!(Tag::objects().select_for_update().get(&a).await?, a);
    Ok(())
}

#[orm::test(models(Tag), transaction)]
async fn atomic_is_a_savepoint() -> Result<()> {
    tag("a").await?;
    let failed = atomic(async {
        tag("b").await?;
        tag("a").await
    });
    assert!(failed.await.unwrap_err().is_unique_violation());
    assert_eq!(tags().await?, 1);
    Ok(())
}

#[orm::test(models(Tag), transaction)]
async fn a_statement_that_fails_outside_of_atomic_ends_the_transaction() -> Result<()> {
    tag("a").await?;
    tag("a").await.unwrap_err();
    let error = tags().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error:?}");
    Ok(())
}

#[orm::test(models(Tag), transaction)]
async fn a_transaction_with_options_is_refused() -> Result<()> {
    let error = Transaction::serializable().run(async || tags().await).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage, "{error:?}");
    Ok(())
}

#[orm::test(models(Tag), transaction)]
async fn hooks_wait_until_they_are_run() -> Result<()> {
    let ran = Arc::new(AtomicU32::new(0));
    let count = |ran: &Arc<AtomicU32>| {
        let ran = ran.clone();
        on_commit(async move || {
            ran.fetch_add(1, SeqCst);
        })
    };
    atomic(async { count(&ran) }).await?;
    count(&ran)?;
    let undone = atomic(async {
        count(&ran)?;
        Err::<(), _>(orm::Error::usage("no"))
    });
    undone.await.unwrap_err();
    assert_eq!(ran.load(SeqCst), 0);
    assert_eq!((run_on_commit_hooks().await?, ran.load(SeqCst)), (2, 2));
    assert_eq!((run_on_commit_hooks().await?, ran.load(SeqCst)), (0, 2));
    Ok(())
}

#[orm::test]
async fn outside_of_a_transaction_no_hook_waits() {
    assert_eq!(run_on_commit_hooks().await.unwrap_err().kind(), ErrorKind::Usage);
}
