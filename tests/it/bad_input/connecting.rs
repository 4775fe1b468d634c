//! Servers that are wrong, missing, silent or no servers at all.

use super::{CANARY, Lab, in_a_lab, says, server::PasswordDatabase, shows_no_value};
use crate::models::{Post, Tag};
use orm::{Config, Error, ErrorKind, prelude::*};
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::timeout,
};

/// Why connecting fails; it must not take long.
async fn refused(config: impl TryInto<Config, Error: Into<Error>> + Send) -> Error {
    let connecting = Db::connect(config);
    timeout(Duration::from_secs(10), connecting).await.expect("connecting ends").unwrap_err()
}

/// A listener on this machine, and its URL.
async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://alice:{CANARY}@{}/blog", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn a_wrong_url_says_how_one_looks_and_shows_nothing_of_it() {
    for url in [
        format!("mysql://alice:{CANARY}@localhost/blog"),
        format!("postgres://alice:{CANARY}@localhost:port/blog"),
        format!("postgres://alice:{CANARY}@localhost:99999/blog"),
        format!("postgres://alice:{CANARY}@local host/blog?connect_timeout=soon"),
        format!("host=localhost password={CANARY} colour=red"),
        format!("host=localhost password='{CANARY}"),
        format!("{CANARY} is no url"),
        "localhost:5432/blog".into(),
    ] {
        let error = refused(&url).await;
        says(&error, ErrorKind::Usage, &["postgres://user:password@host:5432/database"]);
    }
}

#[tokio::test]
async fn a_closed_port_and_a_missing_socket_are_named() {
    let (listener, url) = listener().await;
    let port = listener.local_addr().unwrap().to_string();
    drop(listener);
    says(
        &refused(&url).await,
        ErrorKind::Connection,
        &["cannot reach", &port, "is PostgreSQL running there?"],
    );
    let url = format!("postgres://alice:{CANARY}@%2Fnot%2Fthere:5433/blog");
    says(&refused(&url).await, ErrorKind::Connection, &["cannot reach", "/not/there/.s.PGSQL.5433"]);
    let url = format!("postgres://alice:{CANARY}@no-such-host.invalid/blog");
    says(&refused(&url).await, ErrorKind::Connection, &["cannot reach", "no-such-host.invalid:5432"]);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_at_the_deadline() {
    let (listener, url) = listener().await;
    let holding = tokio::spawn(async move {
        let mut held = Vec::new();
        loop {
            held.push(listener.accept().await.unwrap());
        }
    });
    let deadline = Duration::from_millis(300);
    let started = Instant::now();
    let error = refused(Config::from_url(&url).unwrap().connect_timeout(deadline)).await;
    says(&error, ErrorKind::Timeout, &["no connection to 127.0.0.1:", "within 300ms"]);
    assert!(
        started.elapsed() >= deadline && started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
    holding.abort();
}

#[tokio::test]
async fn a_server_that_answers_garbage_is_an_error() {
    let answers: [&[u8]; 7] = [
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        b"",
        b"\0",
        b"R\0\0\0\x08\0\0\x27\x0f",         // an unknown way to log in
        b"R\0\0\0\0",                       // a length that is too small
        b"R\xff\xff\xff\xff\xff\xff\xff",   // a negative length
        b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05X", // a state that does not exist, then the end
    ];
    for answer in answers {
        for stays in [false, true] {
            let (listener, url) = listener().await;
            let serving = tokio::spawn(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                let _ = stream.read(&mut [0; 1024]).await.unwrap();
                stream.write_all(answer).await.unwrap();
                if stays {
                    std::future::pending().await
                }
            });
            let config = Config::from_url(&url).unwrap().connect_timeout(Duration::from_millis(300));
            match Db::connect(config).await {
                // It can take it for a server that logs in; then it says nothing more.
                Ok(db) => {
                    let asked = Tag::objects().using(&db).count();
                    let error =
                        timeout(Duration::from_secs(10), asked.into_future()).await.unwrap().unwrap_err();
                    assert!(error.is_connection() || error.is_timeout(), "{error:?}");
                }
                Err(error) => {
                    assert!(error.is_connection() || error.is_timeout(), "{answer:?}: {error:?}");
                    assert!(error.to_string().contains("127.0.0.1:"), "{error}");
                    shows_no_value(&error);
                }
            }
            serving.abort();
        }
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_from_a_missing_one() {
    let database = PasswordDatabase::create("right-canary").await;
    let alice = database.alice();
    let error = refused(database.url(&alice, Some(CANARY))).await;
    let named = format!("\"{alice}\"");
    says(&error, ErrorKind::Authentication, &[&named, "check the user and the password in the URL", "28P01"]);
    let error = refused(database.url(&alice, None)).await;
    says(&error, ErrorKind::Authentication, &["asks for a password: give one in the URL", "PGPASSWORD"]);
    let error = refused(database.url("nobody-knows", Some(CANARY))).await;
    says(
        &error,
        ErrorKind::Authentication,
        &["\"nobody-knows\"", "check the user and the password in the URL"],
    );
    let db = Db::connect(database.url(&alice, Some("right-canary"))).await.unwrap();
    db.create_tables(orm::models![Tag]).await.unwrap();
    assert_eq!(Tag::objects().using(&db).count().await.unwrap(), 0, "the right password does");
    database.end().await;
}

#[tokio::test]
async fn a_missing_database_says_how_to_make_it() {
    let lab = Lab::new().await;
    let url = lab.test.url().replace(lab.test.name(), "not_there");
    says(
        &refused(&url).await,
        ErrorKind::Authentication,
        &["\"not_there\" does not exist", "createdb", "URL"],
    );
}

in_a_lab! {
    async fn a_missing_table_says_how_to_make_it(lab) {
        lab.sql("DROP TABLE tag").await;
        let mut tag = Tag { slug: CANARY.into(), name: CANARY.into() };
        for error in [
            Tag::objects().all().await.unwrap_err(),
            Tag::objects().get(CANARY).await.unwrap_err(),
            Tag::objects().create().slug(CANARY).name(CANARY).await.unwrap_err(),
            Tag::objects().bulk_create([Tag::draft().slug(CANARY).name(CANARY).build()]).await.unwrap_err(),
            Tag::objects().update(|t| t.name.set(CANARY)).await.unwrap_err(),
            tag.save().await.unwrap_err(),
            tag.delete().await.unwrap_err(),
        ] {
            says(&error, ErrorKind::Schema, &["\"tag\" does not exist", "db.create_tables"]);
            assert!(error.sql().is_some(), "{error:?}");
        }
        lab.db.create_tables(orm::models![Tag]).await?;
        assert_eq!(Tag::objects().count().await?, 0);
    }

    async fn a_missing_column_is_named(lab) {
        lab.sql("ALTER TABLE blog_post RENAME COLUMN body TO text").await;
        for error in [
            Post::objects().all().await.unwrap_err(),
            Post::objects().filter(|p| p.body.eq(CANARY)).count().await.unwrap_err(),
            Post::objects().update(|p| p.body.set(CANARY)).await.unwrap_err(),
            Post::objects().create().title(CANARY).author(1).await.unwrap_err(),
        ] {
            says(&error, ErrorKind::Schema, &["body", "does not exist", "not what the model says"]);
        }
        assert_eq!(Post::objects().values(|p| p.title).await?, Vec::<String>::new(), "other columns are read");
        lab.sql("ALTER TABLE blog_post RENAME COLUMN text TO body").await;
        assert_eq!(Post::objects().all().await?, []);
    }
}
