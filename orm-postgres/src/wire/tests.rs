//! What is known of a connection from its bytes.

use super::*;

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    [&[kind], &length[..], body].concat()
}

fn both(line: &Line, sent: &[u8], received: &[u8], piece: usize) {
    let (mut writes, mut reads, mut open) = (Frames::typed(), Frames::typed(), false);
    sent.chunks(piece).for_each(|bytes| writes.feed(bytes, |kind, _| line.sent(kind, &mut open)));
    received.chunks(piece).for_each(|bytes| reads.feed(bytes, |kind, body| line.received(kind, body)));
}

#[test]
fn messages_are_read_across_any_cut() {
    for piece in 1..40 {
        let line = Line::new();
        line.received(b'Z', b"I");
        let sent = [message(b'Q', b"begin\0"), message(b'Q', b"commit\0")].concat();
        both(&line, &sent, &[message(b'C', b"BEGIN\0"), message(b'Z', b"T")].concat(), piece);
        assert_eq!((line.status(), line.is_quiet()), (Status::InTransaction, false));
        both(
            &line,
            &[],
            &[message(b'D', &[7; 300]), message(b'C', b"COMMIT\0"), message(b'Z', b"I")].concat(),
            piece,
        );
        assert_eq!((line.status(), line.is_quiet()), (Status::Idle, true));
        assert_eq!(line.take_ended(), Some(Ended::Committed));
        assert_eq!(line.take_ended(), None);
    }
}

#[test]
fn the_first_message_of_the_client_has_no_type() {
    let (line, mut open, mut writes) = (Line::new(), false, Frames::untyped_first());
    line.received(b'Z', b"I");
    let startup = [&9u32.to_be_bytes()[..], b"SSSSS"].concat();
    writes.feed(&startup, |kind, _| line.sent(kind, &mut open));
    assert!(line.is_quiet());
    writes.feed(&message(b'S', b""), |kind, _| line.sent(kind, &mut open));
    assert!(!line.is_quiet());
}

#[test]
fn copy_swallows_one_sync() {
    let line = Line::new();
    line.received(b'Z', b"I");
    both(
        &line,
        &[message(b'B', b""), message(b'E', b""), message(b'S', b"")].concat(),
        &message(b'G', b""),
        64,
    );
    both(
        &line,
        &[message(b'd', b"x"), message(b'c', b""), message(b'S', b"")].concat(),
        &message(b'Z', b"I"),
        64,
    );
    assert!(line.is_quiet());
}

#[test]
fn a_request_is_outstanding_from_its_first_message_on() {
    let line = Line::new();
    line.received(b'Z', b"I");
    both(&line, &message(b'B', b""), b"", 64);
    assert!(!line.is_quiet());
}

#[test]
fn a_request_not_yet_written_is_not_quiet_once_marked() {
    let line = Line::new();
    line.received(b'Z', b"I");
    line.mark();
    assert!(!line.is_quiet());
    line.unmark();
    assert!(line.is_quiet());
}
