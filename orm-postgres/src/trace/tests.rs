//! The lines of `ORM_LOG`, and the names of errors.

use super::{error_type, log::line};
use orm_core::{DbError, Error, ErrorKind};
use std::time::Duration;

#[test]
fn a_line_of_the_log_has_the_time_the_rows_and_the_sql() {
    let took = Some(Duration::from_micros(1234));
    assert_eq!(line("SELECT 1", took, Some(1), None), "[orm] 1.2ms, 1 row: SELECT 1\n");
    assert_eq!(line("SELECT 1", took, Some(20), None), "[orm] 1.2ms, 20 rows: SELECT 1\n");
    assert_eq!(line("COMMIT", took, None, None), "[orm] 1.2ms: COMMIT\n");
}

#[test]
fn a_line_of_the_log_names_the_error_and_does_not_show_its_text() {
    let mut db = DbError::default();
    db.code = "23505".into();
    let taken = Error::new(ErrorKind::UniqueViolation, "secret").with_db(db);
    assert_eq!(
        line("INSERT", Some(Duration::from_millis(2)), None, Some(&taken)),
        "[orm] 2.0ms, error 23505: INSERT\n"
    );
    let late = Error::new(ErrorKind::Timeout, "secret");
    assert_eq!(line("SELECT 1", None, None, Some(&late)), "[orm] not sent, error Timeout: SELECT 1\n");
    assert_eq!((&*error_type(&taken), &*error_type(&late)), ("23505", "Timeout"));
}
