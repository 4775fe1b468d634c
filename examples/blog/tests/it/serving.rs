//! Stopping: what has begun is answered, and nobody is waited for without end.

use axum::{Router, routing::get};
use blog::serve::serve;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    task::JoinHandle,
};

/// A server, what tells it to stop, and its end.
async fn start(
    router: Router,
    patience: Duration,
) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async { stopped.await.unwrap() };
    (address, stop, tokio::spawn(serve(listener, router, stopped, patience)))
}

#[tokio::test]
async fn a_request_that_has_begun_is_answered_and_a_new_one_is_refused() {
    let [begun, go_on] = [Arc::new(Notify::new()), Arc::new(Notify::new())];
    let slow = {
        let (begun, go_on) = (begun.clone(), go_on.clone());
        async move || {
            begun.notify_one();
            go_on.notified().await;
            "done"
        }
    };
    let (address, stop, end) = start(Router::new().route("/", get(slow)), Duration::from_secs(60)).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nhost: blog\r\n\r\n").await.unwrap();
    begun.notified().await;
    stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(!end.is_finished());
    go_on.notify_one();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("done"), "{answer}");
    end.await.unwrap().unwrap();
}

#[tokio::test]
async fn half_a_request_is_cut_after_a_while() {
    let (address, stop, end) = start(Router::new(), Duration::from_millis(100)).await;
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nho").await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.send(()).unwrap();
    let start = Instant::now();
    end.await.unwrap().unwrap();
    assert!(start.elapsed() >= Duration::from_millis(90), "{:?}", start.elapsed());
}
