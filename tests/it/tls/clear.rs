//! A password that others could read is not sent to a server that asks for it.

use super::ground::{Ground, PASSWORD, connect, listener, message, without_tls};
use orm::{Config, ErrorKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A server without TLS that asks for the password like this, and all it was sent then.
async fn asked(question: &'static [u8], more: &str) -> (orm::Error, Vec<u8>) {
    let (listener, to) = listener().await;
    let serving = tokio::spawn(async move {
        let mut stream = without_tls(&listener).await;
        stream.write_all(&message(b'R', question)).await.unwrap();
        let mut sent = vec![0; 256];
        let length = stream.read(&mut sent).await.unwrap_or(0);
        sent.truncate(length);
        sent
    });
    let config = Config::from_url(&format!("{to} {more}")).unwrap();
    let error = connect(config).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(PASSWORD), "{error:?}");
    (error, serving.await.unwrap())
}

const CLEARTEXT: &[u8] = &[0, 0, 0, 3];
const MD5: &[u8] = &[0, 0, 0, 5, 1, 2, 3, 4];
const TRUST: &[u8] = &[0, 0, 0, 0];
const SCRAM: &[u8] = b"\0\0\0\x0aSCRAM-SHA-256\0\0";

#[tokio::test]
async fn a_server_that_asks_in_clear_is_sent_no_password() {
    for (question, name) in [(CLEARTEXT, "`password`"), (MD5, "`md5`")] {
        for mode in ["", "sslmode=disable", "sslmode=prefer", "sslmode=allow", "require_auth=!none"] {
            let (error, sent) = asked(question, mode).await;
            assert!(sent.is_empty(), "{mode}: it was sent {sent:?}");
            assert_eq!(error.kind(), ErrorKind::Authentication, "{mode}: {error:?}");
            for part in ["localhost:", name, "not sent", "sslmode=require", "require_auth="] {
                assert!(error.to_string().contains(part), "{mode}: `{part}` is not in: {error}");
            }
        }
    }
}

#[tokio::test]
async fn a_password_that_may_go_in_clear_is_sent() {
    let (_, sent) = asked(CLEARTEXT, "require_auth=password").await;
    assert_eq!(sent, message(b'p', format!("{PASSWORD}\0").as_bytes()));
    let (_, sent) = asked(MD5, "require_auth=md5").await;
    assert!(sent.starts_with(b"p") && sent.windows(3).any(|part| part == b"md5"), "{sent:?}");
    let (_, sent) = asked(SCRAM, "").await;
    assert!(sent.starts_with(b"p") && !sent.windows(6).any(|part| part == b"canary"), "{sent:?}");
}

#[tokio::test]
async fn a_server_that_asks_for_something_else_than_was_accepted_is_refused() {
    for (question, list, says) in [
        (TRUST, "scram-sha-256", "`none`"),
        (TRUST, "!none", "`none`"),
        (CLEARTEXT, "scram-sha-256", "`password`"),
        (MD5, "scram-sha-256,password", "`md5`"),
        (SCRAM, "none", "`scram-sha-256`"),
    ] {
        let (error, sent) = asked(question, &format!("require_auth={list}")).await;
        assert!(sent.is_empty(), "{list}: it was sent {sent:?}");
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error:?}");
        assert!(error.to_string().contains(says) && error.to_string().contains("require_auth"), "{error}");
    }
}

#[tokio::test]
async fn a_server_cannot_keep_a_thread_busy_with_hashing() {
    let (listener, to) = listener().await;
    let serving = tokio::spawn(async move {
        let mut stream = without_tls(&listener).await;
        stream.write_all(&message(b'R', SCRAM)).await.unwrap();
        let mut sent = vec![0; 256];
        let length = stream.read(&mut sent).await.unwrap();
        let sent = String::from_utf8_lossy(&sent[..length]).into_owned();
        let nonce = sent.split_once("r=").unwrap().1;
        let first = format!("\0\0\0\x0br={nonce}x,s=c2FsdA==,i=4294967295");
        stream.write_all(&message(b'R', first.as_bytes())).await.unwrap();
    });
    let error = connect(Config::from_url(&to).unwrap()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication, "{error:?}");
    assert!(error.to_string().contains("4294967295 times"), "{error}");
    serving.await.unwrap();
}

#[tokio::test]
async fn a_real_server_that_asks_in_clear_is_let_in_by_tls_a_socket_or_consent() {
    let ground = Ground::shared().await;
    for (user, name) in [("inclear", "password"), ("bymd5", "md5")] {
        assert!(ground.connects(user, "sslmode=require").await.unwrap());
        let error = ground.refuses(user, "sslmode=disable").await;
        assert!(error.to_string().contains("was not sent"), "{error}");
        assert!(!ground.connects(user, &format!("sslmode=disable require_auth={name}")).await.unwrap());
        assert!(
            ground.connects(user, "sslmode=allow").await.unwrap(),
            "`allow` encrypts rather than send it"
        );
        let error = ground.refuses(user, "sslmode=require require_auth=scram-sha-256").await;
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
    }
    let scram = Config::from_url(&ground.to("alice", "")).unwrap().require_auth("scram-sha-256").unwrap();
    assert!(connect(scram).await.is_ok());
}
