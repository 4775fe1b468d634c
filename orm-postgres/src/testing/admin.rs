//! The few statements about whole databases: make one, drop one.

use std::{
    env,
    error::Error as _,
    time::{Duration, Instant},
};

use orm_core::{DbError, Error, ErrorKind, Result};
use tokio::time::sleep;
use tokio_postgres::{Client, error::SqlState};

use crate::{Config, connection::Connection};

/// The names of test databases begin with this; others are never dropped.
pub(super) const TEST_PREFIX: &str = "orm_test_";

/// For a template somebody is connected to, such as the server's own maintenance.
const TEMPLATE_DEADLINE: Duration = Duration::from_secs(10);

/// A connection to a server's maintenance database.
pub(super) struct Admin(Connection);

impl Admin {
    pub(super) async fn connect(url: &str) -> Result<Self> {
        let config = ours(url)?.application_name("orm test databases");
        let opened = Connection::open(&config).await;
        opened.map(Admin).map_err(|error| error.context("cannot connect to the server"))
    }

    fn client(&self) -> &Client {
        &self.0.client
    }

    /// Creates a database as a copy of `template1`.
    pub(super) async fn create(&self, name: &str) -> Result<()> {
        let deadline = Instant::now() + TEMPLATE_DEADLINE;
        loop {
            match self.client().batch_execute(&format!("CREATE DATABASE {}", quoted(name))).await {
                Err(error) if error.code() == Some(&SqlState::OBJECT_IN_USE) && Instant::now() < deadline => {
                    sleep(Duration::from_millis(50)).await;
                }
                result => return result.map_err(|error| from_driver("cannot create a database", error)),
            }
        }
    }

    /// Creates a database unless it exists.
    pub(super) async fn ensure(&self, name: &str) -> Result<()> {
        if self.exists(name).await? {
            return Ok(());
        }
        match self.create(name).await {
            // Another process was faster.
            Err(_) if self.exists(name).await? => Ok(()),
            result => result,
        }
    }

    pub(super) async fn exists(&self, name: &str) -> Result<bool> {
        let found = self.client().query_opt("SELECT FROM pg_database WHERE datname = $1", &[&name]).await;
        found.map(|row| row.is_some()).map_err(|error| from_driver("cannot list the databases", error))
    }

    /// A setting of the server.
    #[cfg(test)]
    pub(super) async fn show(&self, setting: &str) -> Result<String> {
        let shown = self.client().query_one("SELECT current_setting($1)", &[&setting]).await;
        shown.map(|row| row.get(0)).map_err(|error| from_driver("cannot show a setting", error))
    }

    /// Drops a database with whoever is still connected to it.
    pub(super) async fn drop(&self, name: &str) -> Result<()> {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quoted(name));
        self.client().batch_execute(&sql).await.map_err(|error| from_driver("cannot drop a database", error))
    }

    /// Drops all test databases.
    pub(super) async fn drop_test_databases(&self) -> Result<()> {
        let sql = "SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1)";
        let rows = self.client().query(sql, &[&TEST_PREFIX]).await;
        for row in rows.map_err(|error| from_driver("cannot list the databases", error))? {
            self.drop(row.get(0)).await?;
        }
        Ok(())
    }
}

/// Whether the server answers; a refusal is an answer, except while it starts or stops.
pub(super) async fn answers(url: &str) -> Result<()> {
    match Connection::open(&ours(url)?).await {
        Err(error) if error.code().is_none_or(|code| code == "57P03") => Err(error),
        _ => Ok(()),
    }
}

/// What a URL alone says, whatever libpq's variables say about other servers.
pub(super) fn ours(url: &str) -> Result<Config> {
    Config::read(url, &|name| env::var(name).ok().filter(|_| name == "HOME"))
}

/// The URL of another database on the same server.
pub(super) fn with_database(url: &str, name: &str) -> Result<String> {
    let wrong = || Error::usage("not a PostgreSQL URL: write it as postgres://user@host:5432/database");
    let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
    if !matches!(scheme, "postgres" | "postgresql") {
        return Err(wrong());
    }
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) => (place, format!("?{query}")),
        None => (rest, String::new()),
    };
    let host = place.rfind('@').map_or(0, |at| at + 1);
    let server = place[host..].find('/').map_or(place, |slash| &place[..host + slash]);
    let url = format!("{scheme}://{server}/{}{query}", encoded(name));
    let config = ours(&url).map_err(|error| wrong().with_source(error))?;
    if config.database() != Some(name) {
        return Err(Error::usage(
            "the URL names its database as `?dbname=`: name it as a path, `…:5432/database`",
        ));
    }
    Ok(url)
}

/// Percent-encodes a part of a URL.
pub(super) fn encoded(part: &str) -> String {
    let mut out = String::new();
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(byte.into()),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The server's words are part of the message: a test that fails shows little else.
fn from_driver(what: &str, error: tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(db) => {
            let mut said = DbError::default();
            said.code = db.code().code().into();
            said.message = db.message().into();
            Error::new(ErrorKind::Database, format!("{what}: {}", db.message())).with_db(said)
        }
        None => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            Error::new(ErrorKind::Connection, format!("{what}: {error}{cause}"))
        }
    }
    .with_source(error)
}
