//! Connections that the server ends, while idle, in a statement, and in a transaction.

use super::ground::{Ground, Item};
use orm::{ErrorKind, prelude::*};

#[tokio::test]
async fn idle_connections_that_were_killed_are_replaced_unseen() {
    let ground = Ground::with(|config| config.pool_size(4)).await;
    let _ = tokio::join!(ground.names(), ground.names(), ground.names(), ground.names());
    assert!(ground.terminate().await >= 1);
    for _ in 0..8 {
        ground.names().await.unwrap();
    }
    ground.add("a").await.unwrap();
}

#[tokio::test]
async fn a_read_whose_connection_is_killed_is_asked_once_more() {
    let ground = Ground::new().await;
    ground.lock().await;
    let (names, ()) = tokio::join!(ground.names(), async {
        ground.waits("Lock").await;
        assert_eq!(ground.terminate().await, 1);
        ground.unlock().await;
    });
    names.unwrap();
}

#[tokio::test]
async fn raw_sql_whose_connection_is_killed_is_never_asked_again() {
    let ground = Ground::new().await;
    ground.lock().await;
    let names = orm::raw::<String>("SELECT name FROM item").using(&ground.db);
    let (names, ()) = tokio::join!(names.into_future(), async {
        ground.waits("Lock").await;
        assert_eq!(ground.terminate().await, 1);
    });
    let error = names.unwrap_err();
    assert!(error.is_connection());
    assert!(error.to_string().contains("unknown"), "{error}");
    ground.unlock().await;
    ground.names().await.unwrap();
}

#[tokio::test]
async fn a_read_with_a_function_of_the_users_whose_connection_is_killed_is_never_asked_again() {
    let ground = Ground::new().await;
    ground.lock().await;
    let names = Item::objects().filter(|i| orm::func::<String, _>("lower", i.name).ne("x")).using(&ground.db);
    let (names, ()) = tokio::join!(names.into_future(), async {
        ground.waits("Lock").await;
        assert_eq!(ground.terminate().await, 1);
    });
    assert!(names.unwrap_err().to_string().contains("unknown"));
    ground.unlock().await;
}

#[tokio::test]
async fn a_write_whose_connection_is_killed_is_an_error_that_says_unknown_and_why() {
    let ground = Ground::new().await;
    ground.lock().await;
    let (added, ()) = tokio::join!(ground.add("a"), async {
        ground.waits("Lock").await;
        assert_eq!(ground.terminate().await, 1);
    });
    let error = added.unwrap_err();
    assert!(error.is_connection());
    assert_eq!(error.code(), Some("57P01"));
    assert!(error.to_string().contains("unknown"), "{error}");
    ground.unlock().await;
    ground.add("b").await.unwrap();
}

#[tokio::test]
async fn a_transaction_whose_connection_is_killed_says_why_and_its_commit_fails() {
    let ground = Ground::new().await;
    let outer = atomic(async {
        Item::objects().create().name("a").await?;
        ground.terminate().await;
        ground.gone().await;
        let error = Item::objects().create().name("b").await.unwrap_err();
        assert_eq!(error.code(), Some("57P01"), "{error:?}");
        assert_eq!(Item::objects().count().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
        Ok(())
    });
    let error = ground.db.scope(outer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted);
    assert_eq!(ground.names().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_connection_lost_while_commit_is_on_its_way_is_unknown() {
    let ground = Ground::new().await;
    let waits = "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
                 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
                 CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED
                 FOR EACH ROW EXECUTE FUNCTION wait()";
    ground.observer.batch_execute(waits).await.unwrap();
    let (committed, ()) =
        tokio::join!(ground.db.scope(atomic(async { Item::objects().create().name("a").await })), async {
            ground.waits("Timeout").await;
            assert_eq!(ground.terminate().await, 1);
        });
    assert_eq!(committed.unwrap_err().kind(), ErrorKind::CommitUnknown);
    assert_eq!(ground.names().await.unwrap().len(), 0);
}
