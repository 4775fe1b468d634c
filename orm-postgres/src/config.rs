//! How to reach a server. A stand-in until the connections are here.

use orm_core::{Db, Error, Result};

/// How to reach a server.
#[derive(Debug)]
pub struct Config(());

impl TryFrom<&str> for Config {
    type Error = Error;
    fn try_from(_: &str) -> Result<Self> {
        Ok(Config(()))
    }
}

/// Connects.
///
/// # Errors
/// Always, until the connections are here.
pub async fn connect(_: Config) -> Result<Db> {
    Err(Error::usage("connections are not here yet"))
}
