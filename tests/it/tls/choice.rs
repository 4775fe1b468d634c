//! What is encrypted, what is bound to it, and which of several servers is taken.

use super::ground::{Ground, PASSWORD};
use orm::{Config, ErrorKind, prelude::*, testing::TestDb};

#[tokio::test]
async fn each_sslmode_encrypts_when_it_says_so() {
    let ground = Ground::shared().await;
    for (mode, encrypted) in
        [("disable", false), ("allow", false), ("prefer", true), ("require", true), ("verify-full", true)]
    {
        assert_eq!(ground.connects("alice", &format!("sslmode={mode}")).await.unwrap(), encrypted, "{mode}");
    }
    assert!(ground.connects("alice", "").await.unwrap(), "`prefer` is the default");
}

#[tokio::test]
async fn allow_and_prefer_have_a_second_way() {
    let ground = Ground::shared().await;
    assert!(!ground.connects("open", "sslmode=prefer").await.unwrap(), "refused when encrypted");
    assert!(ground.connects("secret", "sslmode=allow").await.unwrap(), "refused when not encrypted");
    let error = ground.refuses("open", "sslmode=require").await;
    assert_eq!(error.kind(), ErrorKind::Authentication);
    for part in ["127.0.0.1", "\"open\"", "pg_hba.conf"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    let error = ground.refuses("secret", "sslmode=disable").await;
    assert!(error.to_string().contains("no encryption"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_not_tried_again_without_encryption() {
    let ground = Ground::shared().await;
    let error = ground.refuses("alice", "password=wrong").await;
    assert_eq!(error.code(), Some("28P01"), "{error:?}");
}

#[tokio::test]
async fn a_log_in_is_bound_to_the_encrypted_connection() {
    let ground = Ground::shared().await;
    assert!(ground.connects("alice", "channel_binding=require").await.unwrap());
    assert!(ground.connects("alice", "channel_binding=disable").await.unwrap());
    for (user, more) in [
        ("alice", "sslmode=disable channel_binding=require"),
        ("inclear", "sslmode=require channel_binding=require"),
    ] {
        let error = ground.refuses(user, more).await;
        assert_eq!(error.kind(), ErrorKind::Authentication, "{error:?}");
        assert!(error.to_string().contains("channel_binding=require"), "{error}");
    }
}

#[tokio::test]
async fn a_server_before_17_cannot_be_reached_by_tls_directly() {
    let ground = Ground::shared().await;
    let version: String = ground.client.query_one("SHOW server_version_num", &[]).await.unwrap().get(0);
    let more = "sslmode=require sslnegotiation=direct";
    if version.parse::<u32>().unwrap() >= 170_000 {
        assert!(ground.connects("alice", more).await.unwrap());
    } else {
        let error = ground.refuses("alice", more).await;
        assert!(error.to_string().contains("needs PostgreSQL 17"), "{error}");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_an_error_where_it_is_required() {
    let mut server = crate::cluster::Cluster::new("plain", PASSWORD).await;
    server.start(&["listen_addresses=127.0.0.1"]).await;
    let to = |more: &str| {
        format!("host=127.0.0.1 port={} user=alice dbname=postgres password={PASSWORD} {more}", server.port)
    };
    assert!(!super::ground::connects(&to("sslmode=prefer")).await.unwrap());
    let error = super::ground::connects(&to("sslmode=require")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    for part in ["127.0.0.1:", "does not encrypt", "`ssl`", "sslmode=prefer"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn the_session_is_what_was_asked_for() {
    let test = TestDb::create().await.unwrap();
    let and = if test.url().contains('?') { '&' } else { '?' };
    let to = |more: &str| Config::from_url(&format!("{}{and}{more}", test.url())).unwrap();
    for (target, works) in [
        ("any", true),
        ("read-write", true),
        ("primary", true),
        ("prefer-standby", true),
        ("read-only", false),
        ("standby", false),
    ] {
        let connected = Db::connect(to(&format!("target_session_attrs={target}"))).await;
        assert_eq!(connected.is_ok(), works, "{target}: {connected:?}");
        let Err(error) = connected else { continue };
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.to_string().contains("target_session_attrs"), "{error}");
    }
    let read_only = "options=-c%20default_transaction_read_only%3Don";
    assert!(Db::connect(to(&format!("target_session_attrs=read-only&{read_only}"))).await.is_ok());
    let error = Db::connect(to(&format!("target_session_attrs=read-write&{read_only}"))).await.unwrap_err();
    assert!(error.to_string().contains("is read-only"), "{error}");
    assert!(Db::connect(to(&format!("target_session_attrs=primary&{read_only}"))).await.is_ok());
}
