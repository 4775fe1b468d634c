//! What the server and tokio-postgres say, as errors of ours. Nothing here ever shows a value.

#[cfg(test)]
mod tests;

use crate::{auth::Unacceptable, config::Place, ddl, ident::TableName, tls};
use orm_core::{DbError, Error, ErrorKind, FieldMeta, ModelMeta};
use std::{error::Error as _, io};
use tokio_postgres::error::Severity;

/// An error while a connection was used.
pub(crate) fn failed(error: tokio_postgres::Error, lost: Option<&DbError>) -> Error {
    if let Some(db) = error.as_db_error() {
        return server(describe(db));
    }
    match lost {
        Some(reason) => server(reason.clone()),
        None => Error::new(ErrorKind::Connection, "the connection to PostgreSQL was lost").with_source(error),
    }
}

/// An error while logging in.
pub(crate) fn refused(error: tokio_postgres::Error, place: &Place) -> Error {
    if let Some(db) = error.as_db_error() {
        return server(describe(db)).context(place.to_string());
    }
    let io = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let unacceptable = io.and_then(|io| io.get_ref()?.downcast_ref::<Unacceptable>());
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let asked = match (unacceptable, io) {
        (Some(unacceptable), _) => unacceptable.to_string(),
        (None, Some(io)) if tls::refused_certificate(io) => tls::not_accepted(io),
        _ if cause.contains("password missing") => {
            "asks for a password: give one in the URL, in PGPASSWORD or in \
             ~/.pgpass, which nobody else may read"
                .into()
        }
        _ if cause.contains("channel binding") => "did not bind the log-in to this connection, which \
             `channel_binding=require` asks for: that needs TLS, a password stored as scram-sha-256, and a \
             certificate that is not Ed25519"
            .into(),
        _ => {
            let message = format!("the log-in to PostgreSQL at {place} failed");
            return Error::new(ErrorKind::Connection, message).with_source(error);
        }
    };
    Error::new(ErrorKind::Authentication, format!("the server at {place} {asked}"))
}

/// The fields of a model that the server speaks of: by a column, by a constraint of ours, or by the columns of a key,
/// which it names in its detail as `Key (a, b)=(1, 2) …`.
pub(crate) fn fields(model: &'static ModelMeta, db: &DbError) -> Vec<&'static str> {
    if db.table.as_deref() != Some(TableName::new(model.table).table) {
        return Vec::new();
    }
    let constraint = db.constraint.as_deref();
    let is_ours = |field: &'static FieldMeta| {
        ["key", "fkey", "check"].iter().any(|suffix| constraint == Some(&ddl::name(model, field, suffix)))
    };
    let key = db.detail.as_deref().and_then(|detail| Some(detail.split_once('(')?.1.split_once(")=(")?.0));
    let is_named = |field: &'static FieldMeta| {
        let has = |column: &str| field.columns().iter().any(|own| own.column == column);
        match &db.column {
            Some(column) => has(column),
            None => is_ours(field) || key.is_some_and(|key| key.split(", ").any(has)),
        }
    };
    model.fields.iter().filter(|field| is_named(field)).map(|field| field.name).collect()
}

/// Whether the connection is of no more use after an error.
pub(crate) fn is_fatal(error: &tokio_postgres::Error) -> bool {
    match error.as_db_error() {
        Some(db) => matches!(db.parsed_severity(), Some(Severity::Fatal | Severity::Panic)),
        None => error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()),
    }
}

/// Whether a prepared statement is no longer what the server knows: its tables changed, or it was deallocated.
pub(crate) fn is_stale(error: &Error) -> bool {
    error.db().is_some_and(|db| match &*db.code {
        "0A000" => db.routine.as_deref() == Some("RevalidateCachedQuery"),
        code => code == "26000",
    })
}

/// Whether a server that refused a connection may accept one soon.
pub(crate) fn is_temporary(error: &Error) -> bool {
    let full = |cause: &(dyn std::error::Error + 'static)| {
        // What a unix socket says when its backlog is full.
        cause.downcast_ref().is_some_and(|io: &std::io::Error| io.kind() == std::io::ErrorKind::WouldBlock)
    };
    matches!(error.code(), Some("57P03" | "53300")) || error.source().is_some_and(full)
}

/// What the server said, field by field.
pub(crate) fn describe(db: &tokio_postgres::error::DbError) -> DbError {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let mut described = DbError::default();
    described.code = db.code().code().to_owned();
    described.message = db.message().to_owned();
    described.detail = owned(db.detail());
    described.hint = owned(db.hint());
    described.table = owned(db.table());
    described.column = owned(db.column());
    described.constraint = owned(db.constraint());
    described.routine = owned(db.routine());
    described
}

/// An error of the server, by [SQLSTATE](https://www.postgresql.org/docs/current/errcodes-appendix.html).
pub(crate) fn server(db: DbError) -> Error {
    let kind = kind(&db.code);
    let said = &db.message;
    let message = match (kind, &*db.code) {
        (ErrorKind::InvalidValue, _) => without_quoted(said),
        (ErrorKind::Schema, "42P01") => {
            format!(
                "{said}: create it with `db.create_tables(models![…])`, or name another in `#[orm(table = …)]`"
            )
        }
        (ErrorKind::Schema, "42883") => format!(
            "{said}: make it, or the extension that has it with `db.create_extension(…)`; or the table is not what the \
             model says"
        ),
        (ErrorKind::Schema, _) => format!("{said}: the table is not what the model says"),
        (ErrorKind::Decode, _) => {
            format!("{said}: a text in the database is not valid in its encoding; mend it, or leave it out")
        }
        (ErrorKind::Authentication, "3D000") => {
            format!("{said}: create it with `createdb`, or name another in the URL")
        }
        (ErrorKind::Authentication, "28000") => format!(
            "{said}: look at the server's pg_hba.conf, and at the user, `sslmode` and `sslcert` in the URL"
        ),
        (ErrorKind::Authentication, _) => format!("{said}: check the user and the password in the URL"),
        (ErrorKind::Connection, "53300") => {
            format!("{said}: lower `pool_size` or raise the server's max_connections")
        }
        (ErrorKind::Connection, "57P03") => said.clone(),
        (ErrorKind::Connection, _) => format!("the connection to PostgreSQL was lost: {said}"),
        // The same code is of a subquery with several rows.
        (_, "21000") if db.routine.as_deref() == Some("ExecOnConflictUpdate") => {
            format!("{said}: two of the new rows have the same values of the unique fields; leave one out")
        }
        (_, "42P10") if db.routine.as_deref() == Some("infer_arbiter_indexes") => {
            format!("{said}: name the fields of a unique constraint, all of them and no others")
        }
        _ => said.clone(),
    };
    Error::new(kind, message).with_db(db)
}

fn kind(code: &str) -> ErrorKind {
    match code {
        "23505" | "23P01" => ErrorKind::UniqueViolation,
        "23503" | "23001" => ErrorKind::ForeignKeyViolation,
        "23502" => ErrorKind::NotNullViolation,
        "23514" => ErrorKind::CheckViolation,
        "25P02" => ErrorKind::TransactionAborted,
        "3D000" => ErrorKind::Authentication,
        // An operator or an assignment that does not exist: the library writes only those that suit the model's types.
        "3F000" | "42P01" | "42703" | "42804" | "42883" => ErrorKind::Schema,
        // What we send is UTF-8: this is a text that the database holds.
        "22021" => ErrorKind::Decode,
        "40001" | "40P01" => ErrorKind::Conflict,
        "55P03" => ErrorKind::LockNotAvailable,
        "57014" => ErrorKind::Cancelled,
        "25P03" | "53300" | "57P01" | "57P02" | "57P03" | "57P04" | "57P05" => ErrorKind::Connection,
        _ => match code.get(..2) {
            Some("08") => ErrorKind::Connection,
            Some("22") => ErrorKind::InvalidValue,
            Some("28") => ErrorKind::Authentication,
            _ => ErrorKind::Database,
        },
    }
}

/// The server quotes the value that it could not read, with the marks of its language.
fn without_quoted(message: &str) -> String {
    const MARKS: [char; 10] = ['"', '«', '»', '„', '“', '”', '「', '」', '‘', '’'];
    match (message.find(MARKS), message.rmatch_indices(MARKS).next()) {
        (Some(from), Some((to, mark))) if from < to => {
            format!("{}\"…\"{}", &message[..from], &message[to + mark.len()..])
        }
        _ => message.to_owned(),
    }
}
