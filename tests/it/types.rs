//! Column types: what goes in comes back, or is an error.

mod arrays;
mod bits;
mod built_in;
mod bytes;
mod composite;
mod geometry;
mod json;
mod made;
mod net;
mod precision;
mod ranges;
mod round_trip;
mod said;
mod texts;
mod tsvector;

use orm::{FieldType, Result, testing::TestDb, types::ModelMeta};

/// Runs a test's body on a database of its own with tables of these models.
async fn with_tables<const N: usize>(
    models: [&'static ModelMeta; N],
    body: impl Future<Output = Result<()>>,
) {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(models).await.unwrap();
    test.db().scope(body).await.unwrap();
}

/// A connection to the database of this task, for SQL by hand.
async fn by_hand(test: &TestDb) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(test.url(), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Encodes a value and reads it back, without a database.
fn through_bytes<T: FieldType>(value: &T) -> Result<T> {
    let mut bytes = Vec::new();
    value.encode(&mut bytes)?;
    T::decode(&bytes)
}
