//! A cancel request goes the way its connection goes.

use super::ground::{Ground, connect};
use crate::wait::until;
use orm::{Config, prelude::*};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

#[derive(Model, Debug)]
#[orm(table = "held")]
struct Held {
    id: i64,
}

/// Passes everything on to a port; what each connection began with.
async fn proxy(to: u16) -> (u16, Arc<Mutex<Vec<[u8; 8]>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let began = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&began);
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            let seen = Arc::clone(&seen);
            tokio::spawn(async move {
                let mut first = [0; 8];
                client.read_exact(&mut first).await.unwrap();
                seen.lock().unwrap().push(first);
                let mut server = TcpStream::connect(("127.0.0.1", to)).await.unwrap();
                server.write_all(&first).await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    (port, began)
}

#[tokio::test]
async fn a_statement_over_tls_is_cancelled_over_tls() {
    const TLS: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
    const CANCEL: [u8; 8] = [0, 0, 0, 16, 0x04, 0xd2, 0x16, 0x2e];
    let ground = Ground::shared().await;
    ground.client.batch_execute("CREATE TABLE held (id bigint PRIMARY KEY)").await.unwrap();
    let (port, began) = proxy(ground.cluster.port).await;
    for (mode, first) in [("verify-full", TLS), ("disable", CANCEL)] {
        began.lock().unwrap().clear();
        let to = ground.to("alice", &format!("port={port} sslmode={mode}"));
        let config = Config::from_url(&to).unwrap().application_name("cancelled").pool_size(1);
        let db = connect(config.statement_timeout(Duration::from_secs(1))).await.unwrap();
        ground.client.batch_execute("BEGIN; LOCK TABLE held").await.unwrap();
        assert!(Held::objects().using(&db).all().await.unwrap_err().is_timeout());
        let waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cancelled' AND state = 'active'";
        until("the statement is cancelled", async || {
            ground.client.batch_execute("SELECT pg_stat_clear_snapshot()").await.unwrap();
            ground.client.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0
        })
        .await;
        ground.client.batch_execute("ROLLBACK").await.unwrap();
        let began = began.lock().unwrap().clone();
        assert_eq!(began.len(), 2, "{mode}: {began:?}");
        assert_eq!(began[1], first, "{mode}");
        assert_eq!(Held::objects().using(&db).count().await.unwrap(), 0, "the connection is well");
    }
}
