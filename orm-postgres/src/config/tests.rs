//! What a connection string is taken for.

use super::*;

#[test]
fn both_forms_of_a_connection_string_name_the_places_in_order() {
    let url = Config::from_url("postgres://u:p@a:1,b/db?connect_timeout=2").unwrap();
    assert_eq!(url.places(), [Place::Tcp("a".into(), 1), Place::Tcp("b".into(), 5432)]);
    assert_eq!(url.connect_timeout, Duration::from_secs(2));
    let pairs = Config::from_url("host=/tmp/x port=7 user=u").unwrap();
    assert_eq!(pairs.places(), [Place::Unix("/tmp/x/.s.PGSQL.7".into())]);
    assert_eq!(Config::from_url("postgres:///db").unwrap().places()[0].to_string(), "localhost:5432");
}

#[test]
fn the_password_is_in_no_text() {
    let config = Config::from_url("postgres://u:hunter2@a/db").unwrap();
    assert!(!format!("{config:?}").contains("hunter2"));
    for url in [
        "postgres://u:hunter2@a:port/db",
        "host=a password=hunter2 colour=red",
        "password='hunter2",
        "hunter2",
    ] {
        let error = Config::from_url(url).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
    }
}

#[test]
fn a_wrong_url_says_what_is_wrong() {
    let text = |url: &str| Config::from_url(url).unwrap_err().to_string();
    assert!(text("postgres://a:port/db").contains("`port`"), "{}", text("postgres://a:port/db"));
    assert!(text("host=a colour=red").contains("`colour`"));
    assert!(text("mysql://a/db").contains("postgres://user"));
}

#[test]
fn tls_is_refused_and_not_ignored() {
    let error = Config::from_url("postgres://a/db?sslmode=require").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(Config::from_url("postgres://a/db?sslmode=prefer").is_ok());
}
