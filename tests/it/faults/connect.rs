//! The first connection: what is wrong is an error there, and says what to do.

use super::ground::Ground;
use orm::{Config, ErrorKind, prelude::*, testing::TestDb};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_at_once_that_names_the_place() {
    let error = Db::connect("postgres://nobody@127.0.0.1:1/none").await.unwrap_err();
    assert!(error.is_connection());
    let text = error.to_string();
    assert!(text.contains("127.0.0.1:1") && text.contains("is PostgreSQL running"), "{text}");
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_given_up_at_the_deadline() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://u@{}/db", listener.local_addr().unwrap());
    let config = Config::from_url(&url).unwrap().connect_timeout(Duration::from_millis(200));
    let started = Instant::now();
    let error = Db::connect(config).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[orm::test]
async fn a_missing_database_says_so(test: &TestDb) {
    let url = test.url().replace(test.name(), "there_is_no_such_database");
    let error = Db::connect(url).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert!(error.to_string().contains("createdb"), "{error}");
}

#[tokio::test]
async fn the_next_host_is_tried_when_one_refuses() {
    let ground = Ground::new().await;
    assert!(ground.add("a").await.is_ok());
    let refused = Db::connect("host=127.0.0.1,127.0.0.1 port=1,2 user=u").await.unwrap_err();
    assert!(refused.is_connection());
}

#[tokio::test]
async fn a_closed_database_ends_its_connections_and_says_so_afterwards() {
    let ground = Ground::new().await;
    ground.add("a").await.unwrap();
    ground.db.close(Duration::from_secs(60)).await.unwrap();
    let error = ground.add("b").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    ground.gone().await;
}

#[tokio::test]
async fn a_connection_in_use_at_the_closing_deadline_is_cut() {
    let ground = Ground::new().await;
    ground.lock().await;
    let (added, closed) = tokio::join!(ground.add("a"), async {
        ground.waits("Lock").await;
        ground.db.close(Duration::from_millis(100)).await
    });
    assert!(closed.unwrap_err().is_timeout());
    assert!(added.unwrap_err().is_connection());
    ground.unlock().await;
}

#[tokio::test]
async fn a_password_with_an_at_sign_is_no_part_of_an_error() {
    let error = Db::connect("postgres://u:sec@ret@localhost/x").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("ret@"), "{error:?}");
    assert!(error.to_string().contains("percent-encoded"), "{error}");
}

#[derive(Model)]
#[allow(dead_code, reason = "only its table is of interest")]
struct Leaf {
    id: i64,
    item: ForeignKey<super::ground::Item>,
}

#[orm::test]
async fn create_tables_names_the_model_that_is_missing_from_the_list(db: Db) {
    let error = db.create_tables(orm::models![Leaf]).await.unwrap_err();
    assert!(error.to_string().contains("`Leaf.item` leads to `Item`"), "{error}");
    db.create_tables(orm::models![super::ground::Item]).await.unwrap();
    db.create_tables(orm::models![Leaf]).await.unwrap();
}
