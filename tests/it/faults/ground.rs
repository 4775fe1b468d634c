//! A database with one table, and an observer that is not ours.

use crate::wait::until;
use orm::{Config, prelude::*, testing::TestDb};
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
        until("idle", async || self.states().await.iter().all(|state| state == "idle")).await;
    }

    /// Waits until the server sees none of our connections.
    pub(crate) async fn gone(&self) {
        until("gone", async || self.states().await.is_empty()).await;
    }

    /// Waits until a statement of ours waits in the server, for a `Lock` or a `Timeout`.
    pub(crate) async fn waits(&self, what: &str) {
        let sql = "SELECT FROM pg_stat_activity WHERE application_name = 'subject'
                   AND datname = current_database() AND wait_event_type = $1 AND state = 'active'";
        until("it waits", async || self.observer.query_opt(sql, &[&what]).await.unwrap().is_some()).await;
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
