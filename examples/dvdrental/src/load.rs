//! Loads the dump into an empty database: once, and whole or not at all.

use bytes::Bytes;
use futures_util::{SinkExt, pin_mut};
use std::error::Error;
use tokio_postgres::{NoTls, Transaction};

const DUMP: &str = include_str!("../pagila/pagila.sql");

/// Loads the shop's data, unless it is there.
pub(crate) async fn load(url: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (mut client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let connection = tokio::spawn(connection);
    let transaction = client.transaction().await?;
    // Of two programs that start together the second one waits here, and then finds the tables.
    transaction.execute("SELECT pg_advisory_xact_lock(hashtext('dvdrental'))", &[]).await?;
    let film = transaction.query_one("SELECT to_regclass('public.film') IS NOT NULL", &[]).await?;
    if !film.try_get(0)? {
        restore(&transaction).await?;
    }
    transaction.commit().await?;
    drop(client);
    Ok(connection.await??)
}

/// What `psql` would do with the dump: statements, and between them rows for `COPY … FROM stdin`, ended by `\.`.
async fn restore(transaction: &Transaction<'_>) -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut rest = DUMP;
    while let Some((before, after)) = rest.split_once(" FROM stdin;\n") {
        let (statements, table) = before.rsplit_once("\nCOPY ").ok_or("rows without COPY")?;
        let (rows, after) = after.split_once("\\.\n").ok_or("rows without an end")?;
        transaction.batch_execute(statements).await?;
        let copy = transaction.copy_in(&format!("COPY {table} FROM stdin")).await?;
        pin_mut!(copy);
        copy.send(Bytes::from_static(rows.as_bytes())).await?;
        copy.finish().await?;
        rest = after;
    }
    // Fresh statistics, so that the first questions are planned as well as later ones.
    transaction.batch_execute(rest).await?;
    transaction.batch_execute("ANALYZE").await?;
    Ok(())
}
