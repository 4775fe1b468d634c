//! Which questions of a server are let through.

use super::*;

fn message(code: u8, body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len() + 8).unwrap();
    [&[b'R', 0, 0, 0, length, 0, 0, 0, code], body].concat()
}

fn asks(accepted: Methods, codes: &[u8]) -> Vec<bool> {
    let mut guard = Guard::new(accepted);
    codes.iter().map(|code| guard.read(&message(*code, b"SC")).is_ok()).collect()
}

/// The same, each as the first question.
fn first(accepted: Methods, codes: &[u8]) -> Vec<bool> {
    codes.iter().flat_map(|code| asks(accepted, &[*code])).collect()
}

#[test]
fn a_password_is_never_sent_in_clear_where_others_can_read_unless_it_is_accepted_by_name() {
    let codes = [3, 5, 10, 0];
    assert_eq!(first(Accepted::DEFAULT.private, &codes), [true; 4]);
    assert_eq!(first(Accepted::DEFAULT.public, &codes), [false, false, true, true]);
    let not_gss = Accepted::read("!gss").unwrap();
    assert_eq!(first(not_gss.public, &codes), [false, false, true, true], "nobody named `password`");
    assert_eq!(first(not_gss.private, &[3, 7]), [true, false]);
    let named = Accepted::read("password, md5").unwrap();
    assert_eq!(first(named.public, &codes), [true, true, false, false]);
}

#[test]
fn a_server_that_asks_nothing_is_not_one_that_asked_before() {
    let scram = Accepted::read("scram-sha-256").unwrap();
    assert_eq!(asks(scram.private, &[0]), [false]);
    assert_eq!(asks(scram.private, &[10, 11, 12, 0]), [true; 4]);
    assert_eq!(asks(Accepted::read("!none").unwrap().private, &[0]), [false]);
    assert_eq!(asks(Accepted::read("none").unwrap().private, &[0]), [true]);
}

#[test]
fn questions_are_read_across_any_cut() {
    let notice = [&[b'N', 0, 0, 0, 9], &b"Rudely"[..5]].concat();
    let bytes = [notice, message(10, b"SCRAM-SHA-256\0\0"), message(0, b"")].concat();
    for piece in 1..=bytes.len() {
        let mut guard = Guard::new(Accepted::DEFAULT.public);
        let done: Vec<_> = bytes.chunks(piece).map(|bytes| guard.read(bytes).unwrap()).collect();
        assert_eq!(done.iter().position(|done| *done), Some(done.len() - 1), "{piece}");
        let mut guard = Guard::new(Methods::NONE);
        assert!(bytes.chunks(piece).any(|bytes| guard.read(bytes).is_err()), "{piece}");
    }
}

#[test]
fn a_password_is_not_hashed_for_ever() {
    let mut guard = Guard::new(Methods::ALL);
    assert!(guard.read(&message(11, b"r=abc,s=def,i=4096")).is_ok());
    let error = guard.read(&message(11, b"r=abc,s=def,i=4294967295")).unwrap_err();
    assert!(error.to_string().contains("4294967295 times"), "{error}");
}

#[test]
fn what_is_no_log_in_is_left_to_tokio_postgres_unless_it_does_not_end() {
    let mut guard = Guard::new(Methods::NONE);
    assert!(!guard.read(&[b'R', 0, 0, 0, 6, 0, 0, b'R', 0, 0, 0, 0]).unwrap());
    let mut guard = Guard::new(Methods::ALL);
    let endless =
        std::iter::once(Ok(false)).chain((0..200).map(|_| guard.read(&[b'R'; 1000]).map_err(|_| ())));
    assert!(endless.collect::<Vec<_>>().contains(&Err(())));
}
