//! Bad input: each is an error that says what, where and what to do, shows no value, and loses nothing.

mod columns;
mod connecting;
mod constraints;
mod dropped;
mod injection;
mod limits;
mod names;
mod server;
mod times;
mod values;

use crate::models::blog;
use orm::{Error, ErrorKind, prelude::*, testing::TestDb};
use std::time::Duration;
use tokio::time::timeout;
use tokio_postgres::NoTls;

/// What must be in no text: the tests put it into bad values.
const CANARY: &str = "canary-7f3a";

/// A blog with a pool of one connection, and a connection beside it for SQL by hand.
pub struct Lab {
    pub test: TestDb,
    pub db: Db,
    pub client: tokio_postgres::Client,
    pid: i32,
}

impl Lab {
    pub async fn new() -> Self {
        let test = blog().await;
        let config = orm::Config::from_url(test.url()).unwrap().pool_size(1).application_name("lab");
        let config = config.acquire_timeout(Duration::from_secs(60));
        let db = Db::connect(config).await.unwrap();
        let (client, connection) = tokio_postgres::connect(test.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let mut lab = Lab { test, db, client, pid: 0 };
        lab.pid = lab.backend().await;
        lab
    }

    /// Runs SQL by hand.
    pub async fn sql(&self, sql: &str) {
        self.client.batch_execute(sql).await.unwrap();
    }

    /// The server process behind the only connection of the pool.
    async fn backend(&self) -> i32 {
        const PIDS: &str = "SELECT pid FROM pg_stat_activity WHERE application_name = 'lab' AND datname = current_database()";
        let pids = self.client.query(PIDS, &[]).await.unwrap();
        assert_eq!(pids.len(), 1, "one connection");
        pids[0].get(0)
    }

    /// Nothing was lost: the next query is answered soon, on the same connection, outside of any transaction.
    async fn is_well(&self) {
        let next = async { crate::models::Company::objects().using(&self.db).count().await };
        timeout(Duration::from_secs(20), next).await.expect("the next query is answered soon").unwrap();
        assert_eq!(self.backend().await, self.pid, "on the same connection");
    }
}

/// Runs a test's body on a lab, whose database is the default in it; afterwards the lab must be well.
macro_rules! in_a_lab {
    ($($(#[$m:meta])* async fn $name:ident($lab:ident) $body:block)*) => {$(
        $(#[$m])*
        #[tokio::test]
        async fn $name() {
            let lab = crate::bad_input::Lab::new().await;
            let $lab = &lab;
            let body = async { $body; Ok::<_, orm::Error>(()) };
            lab.db.scope(body).await.unwrap();
            lab.is_well().await;
        }
    )*};
}
use in_a_lab;

/// The error is of the kind, says these things, and shows no value.
#[track_caller]
pub fn says(error: &Error, kind: ErrorKind, parts: &[&str]) {
    assert_eq!(error.kind(), kind, "{error:?}");
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
    shows_no_value(error);
}

/// No text of the error shows a value.
#[track_caller]
fn shows_no_value(error: &Error) {
    let text = format!("{error} {error:?}");
    assert!(!text.contains(CANARY), "a value is shown: {text}");
}
