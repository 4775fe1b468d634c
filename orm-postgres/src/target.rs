//! Which of several servers is meant: `target_session_attrs`.

use crate::{
    config::Place,
    connection::{Connection, Flight},
};
use orm_core::{Error, ErrorKind, Result};
use tokio_postgres::SimpleQueryMessage;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

impl Target {
    pub(crate) fn read(name: &str) -> Option<Target> {
        Some(match name {
            "any" => Target::Any,
            "read-write" => Target::ReadWrite,
            "read-only" => Target::ReadOnly,
            "primary" => Target::Primary,
            "standby" => Target::Standby,
            "prefer-standby" => Target::PreferStandby,
            _ => return None,
        })
    }

    /// Asks a server that was just connected to; an error that says what it is, if it is not the one meant.
    pub(crate) async fn check(self, connection: &Connection, place: &Place) -> Result<()> {
        const ASK: &str = "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')";
        if self == Target::Any {
            return Ok(());
        }
        let flight = Flight::new(&connection.line);
        let answer = connection.client.simple_query(ASK).await;
        flight.landed();
        let answer = answer.map_err(|error| connection.failed(error).error)?;
        let row = answer.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((row.get(0) == Some("t"), row.get(1) == Some("on"))),
            _ => None,
        });
        let (standby, read_only) = row.ok_or_else(|| {
            Error::new(ErrorKind::Connection, format!("the server at {place} does not say what it is"))
        })?;
        let (meant, is) = match self {
            Target::Any => (true, ""),
            Target::ReadWrite => (!read_only, "is read-only"),
            Target::ReadOnly => (read_only, "takes writes"),
            Target::Primary => (!standby, "is a standby"),
            Target::Standby | Target::PreferStandby => (standby, "is no standby"),
        };
        match meant {
            true => Ok(()),
            false => Err(Error::new(
                ErrorKind::Connection,
                format!(
                    "the server at {place} {is}, and `target_session_attrs` asks for another: name more hosts"
                ),
            )),
        }
    }
}
