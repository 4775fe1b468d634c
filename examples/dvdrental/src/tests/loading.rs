//! The loader.

use super::{Shop, load};
use orm::testing::TestDb;

#[tokio::test]
async fn a_loaded_shop_is_not_loaded_again() {
    let shop = Shop::open().await;
    shop.client.execute("DELETE FROM payment WHERE customer_id = 1", &[]).await.unwrap();
    load(shop.test.url()).await.unwrap();
    let payments =
        shop.client.query_one("SELECT count(*) FROM payment WHERE customer_id = 1", &[]).await.unwrap();
    assert_eq!(payments.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn a_load_that_fails_leaves_nothing_behind() {
    let test = TestDb::create().await.unwrap();
    let (client, connection) = tokio_postgres::connect(test.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client.batch_execute("CREATE TABLE store (id integer)").await.unwrap();
    load(test.url()).await.unwrap_err();
    client.batch_execute("DROP TABLE store").await.unwrap();
    load(test.url()).await.unwrap();
    let films = client.query_one("SELECT count(*) FROM film", &[]).await.unwrap();
    assert_eq!(films.get::<_, i64>(0), 1_000);
}

#[tokio::test]
async fn two_programs_that_start_together_load_once() {
    let test = TestDb::create().await.unwrap();
    let (one, two) = tokio::join!(load(test.url()), load(test.url()));
    one.and(two).unwrap();
}
