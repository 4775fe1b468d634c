//! The kinds of the server's errors, and that they show no value.

use super::*;

fn said(code: &str, message: &str) -> Error {
    let mut db = DbError::default();
    (db.code, db.message) = (code.into(), message.into());
    db.detail = Some("Key (email)=(a@x.io) already exists.".into());
    server(db)
}

#[test]
fn the_code_decides_the_kind() {
    assert!(said("23505", "").is_unique_violation());
    assert!(said("23P01", "").is_unique_violation());
    assert!(said("40P01", "").is_retryable());
    assert!(said("22003", "").is_invalid_value());
    assert!(said("08006", "").is_connection());
    assert_eq!(said("3D000", "").kind(), ErrorKind::Authentication);
    assert_eq!(said("XX000", "").kind(), ErrorKind::Database);
    assert_eq!(said("", "").kind(), ErrorKind::Database);
}

#[test]
fn no_text_shows_a_value() {
    for error in [
        said("23505", "duplicate key value violates unique constraint \"users_email_key\""),
        said("22P02", "invalid input syntax for type integer: \"a@x.io\""),
        said("22P02", "ungültige Eingabesyntax für Typ integer: »a@x.io«"),
        said("22P02", "syntaxe en entrée invalide pour le type integer : « a@x.io »"),
        said("22P02", "整数型の入力構文が不正です: 「a@x.io」"),
    ] {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("a@x.io"), "{text}");
        assert_eq!(error.detail(), Some("Key (email)=(a@x.io) already exists."));
    }
}

#[test]
fn a_missing_table_says_what_to_do() {
    assert!(said("42P01", "relation \"t\" does not exist").to_string().contains("create_tables"));
}
