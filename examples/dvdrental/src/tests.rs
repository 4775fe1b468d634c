//! Each question against SQL written by hand, on the data as it is loaded and after rows were changed.

mod analysis;
mod answers;
mod by_hand;
mod loading;
mod reports;
mod views;

use crate::load::load;
use orm::{prelude::*, testing::TestDb};
use std::fmt::Debug;
use tokio_postgres::{Client, NoTls, Row, types::ToSql as Param};

/// The shop in a database of its own, to be asked by the library and by hand.
struct Shop {
    test: TestDb,
    db: Db,
    client: Client,
}

impl Shop {
    async fn open() -> Self {
        let test = TestDb::create().await.unwrap();
        load(test.url()).await.unwrap();
        let db = Db::connect(test.url()).await.unwrap();
        let (client, connection) = tokio_postgres::connect(test.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        Shop { test, db, client }
    }

    /// Runs something that the library does to this shop.
    async fn run<T>(&self, work: impl IntoFuture<Output = orm::Result<T>>) -> T {
        self.db.scope(work).await.unwrap()
    }

    /// What a question answers, which must be what SQL written by hand answers, in the same order.
    async fn same<R: PartialEq + Debug>(
        &self,
        question: impl IntoFuture<Output = orm::Result<Vec<R>>>,
        sql: &str,
        params: &[&(dyn Param + Sync)],
        read: impl Fn(&Row) -> R,
    ) -> Vec<R> {
        let answer = self.run(question).await;
        let by_hand: Vec<R> = self.client.query(sql, params).await.unwrap().iter().map(read).collect();
        assert_eq!(answer, by_hand, "\n{sql}");
        answer
    }
}

/// A moment of a day of 2022, as `07-08`.
fn day(date: &str) -> DateTime<Utc> {
    format!("2022-{date}T00:00:00Z").parse().unwrap()
}
