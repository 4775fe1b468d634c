//! The types that the library knows are those of the server.

use orm::{Result, SqlType, testing::TestDb};
use tokio_postgres::NoTls;

#[tokio::test]
async fn names_and_oids_of_types_and_their_arrays_are_the_servers() -> Result<()> {
    let test = TestDb::create().await?;
    let (client, connection) = tokio_postgres::connect(test.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let find = "SELECT oid, typarray FROM pg_type WHERE oid = $1::text::regtype";
    assert!(SqlType::BUILT_IN.len() > 30);
    for ty in SqlType::BUILT_IN {
        let row = client.query_one(find, &[&ty.to_string()]).await.unwrap();
        assert_eq!((ty.oid(), ty.array_oid()), (row.get(0), row.get(1)), "{ty}");
        assert_eq!(SqlType::Array(ty).oid(), ty.array_oid());
    }
    Ok(())
}
