//! A database with one table, and an observer that is not ours.

use orm::{Config, prelude::*, testing::TestDb};
use std::{future::Future, pin::Pin, time::Duration};
use tokio_postgres::{Client, NoTls};

#[derive(Model, Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: i64,
    #[orm(unique)]
    pub(crate) name: String,
}

pub(crate) struct Ground {
    pub(crate) db: Db,
    pub(crate) config: Config,
    /// A connection of tokio-postgres, in the same database.
    pub(crate) observer: Client,
    /// Another one, for transactions: inside one the server shows the activity of its beginning.
    pub(crate) rival: Client,
    _test: TestDb,
}

impl Ground {
    /// With a pool of one connection, so that the next borrower is sure to get the same one.
    pub(crate) async fn new() -> Self {
        Ground::with(|config| config.pool_size(1)).await
    }

    pub(crate) async fn with(settings: impl FnOnce(Config) -> Config) -> Self {
        let test = TestDb::create().await.unwrap();
        let (observer, rival) = (client(test.url()).await, client(test.url()).await);
        let config = settings(Config::from_url(test.url()).unwrap().application_name("subject"));
        let db = Db::connect(config.clone()).await.unwrap();
        db.create_tables(orm::models![Item]).await.unwrap();
        Ground { db, config, observer, rival, _test: test }
    }

    pub(crate) async fn add(&self, name: &str) -> orm::Result<Item> {
        Item::objects().using(&self.db).create().name(name).await
    }

    pub(crate) async fn names(&self) -> orm::Result<Vec<String>> {
        Item::objects().using(&self.db).order_by(|item| item.name.asc()).values(|item| item.name).await
    }

    /// The states of our connections as the server sees them.
    pub(crate) async fn states(&self) -> Vec<String> {
        let sql = "SELECT coalesce(state, '') FROM pg_stat_activity
                   WHERE application_name = 'subject' AND datname = current_database()";
        self.observer.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// Waits until the server sees all our connections as idle.
    pub(crate) async fn idle(&self) {
        for _ in 0..300 {
            if self.states().await.iter().all(|state| state == "idle") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("not idle: {:?}", self.states().await);
    }

    /// Ends the server's side of our connections.
    pub(crate) async fn terminate(&self) -> u64 {
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name = 'subject' AND datname = current_database()";
        self.observer.execute(sql, &[]).await.unwrap()
    }

    /// Makes every statement on the table wait until [`unlock`](Ground::unlock).
    pub(crate) async fn lock(&self) {
        self.rival.batch_execute("BEGIN; LOCK TABLE item IN ACCESS EXCLUSIVE MODE").await.unwrap();
    }

    pub(crate) async fn unlock(&self) {
        self.rival.batch_execute("COMMIT").await.unwrap();
    }
}

async fn client(url: &str) -> Client {
    let (client, driver) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(driver);
    client
}

/// Polls a future so many times, with time between for answers to arrive; its output if it ended.
pub(crate) async fn poll_times<T>(
    future: &mut Pin<Box<dyn Future<Output = T> + '_>>,
    times: usize,
) -> Option<T> {
    for _ in 0..times {
        let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx))).await;
        if let std::task::Poll::Ready(output) = polled {
            return Some(output);
        }
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    None
}
