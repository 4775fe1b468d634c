//! `ORM_LOG`: SQL on standard error, for programs without a subscriber.

use super::{What, error_type};
use orm_core::Error;
use std::{env, io::Write, sync::LazyLock, time::Duration};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Log {
    Off,
    /// Statements that were slow.
    Slow,
    /// All statements.
    Sql,
}

/// What the variable says, read once.
static LOG: LazyLock<Log> = LazyLock::new(|| match env::var("ORM_LOG").as_deref() {
    Ok("sql") => Log::Sql,
    Ok("slow") => Log::Slow,
    Err(_) | Ok("" | "off") => Log::Off,
    Ok(_) => {
        write("[orm] ORM_LOG can be `sql`, `slow` or `off`\n");
        Log::Off
    }
});

pub(super) fn is_on() -> bool {
    *LOG != Log::Off
}

/// `[orm] 1.2ms, 3 rows: SELECT …`
pub(super) fn print(
    what: What<'_>,
    elapsed: Option<Duration>,
    slow: bool,
    rows: Option<u64>,
    error: Option<&Error>,
) {
    if *LOG == Log::Sql || *LOG == Log::Slow && slow {
        write(&line(what.sql, elapsed, rows, error));
    }
}

pub(super) fn line(sql: &str, elapsed: Option<Duration>, rows: Option<u64>, error: Option<&Error>) -> String {
    let took = elapsed.map_or_else(|| "not sent".to_owned(), |elapsed| format!("{elapsed:.1?}"));
    let end = match (error, rows) {
        (Some(error), _) => format!(", error {}", error_type(error)),
        (None, Some(1)) => ", 1 row".to_owned(),
        (None, Some(rows)) => format!(", {rows} rows"),
        (None, None) => String::new(),
    };
    format!("[orm] {took}{end}: {sql}\n")
}

/// In one piece. What cannot be written is not: `eprintln!` would panic.
fn write(line: &str) {
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}
