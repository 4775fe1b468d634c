//! The served blog is one thread of the operating system, whatever its requests await: 1,000 of them at once, each with a
//! statement that waits 20 ms in the database, over eight connections. That fits into 1,024 open files, a usual limit.
//!
//! No request is let through before all 1,000 are there. When the first is answered, the server is told to stop: the
//! others are still answered.
//!
//! Without the test harness, which makes threads: the program starts itself as the server, and watches the server's list
//! of threads.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test without the harness")]

use axum::{Router, extract::Request, middleware, middleware::Next};
use blog::{
    App, models,
    serve::{serve, stop_signal},
    service::Service,
    views::{ViewSet, view_set},
};
use orm::{prelude::*, testing::TestDb};
use serde::Serialize;
use std::{
    env, fs,
    net::SocketAddr,
    process::Stdio,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::{Barrier, mpsc},
    task::JoinSet,
};

const REQUESTS: i64 = 1_000;

#[derive(Model, Input, Serialize)]
struct Nap {
    id: i64,
    number: i64,
    #[orm(db_default = "pg_sleep(0.02)::text")]
    slept: String,
}

struct Naps;

impl ViewSet for Naps {
    type Model = Nap;
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match env::var("BLOG_ONE_THREAD_SERVER") {
        Ok(url) => server(&url).await,
        Err(_) => client().await,
    }
}

async fn server(url: &str) {
    let config = orm::Config::from_url(url).unwrap().pool_size(8).acquire_timeout(Duration::from_secs(60));
    let db = orm::connect(config).await.unwrap();
    let nobody = Service::new("http://127.0.0.1:1".parse().unwrap());
    let all = Arc::new(Barrier::new(usize::try_from(REQUESTS).unwrap()));
    let naps = view_set(Naps).layer(middleware::from_fn(move |request: Request, next: Next| {
        let all = all.clone();
        async move {
            all.wait().await;
            next.run(request).await
        }
    }));
    let blog =
        blog::router(App { weather: nobody.clone(), quotes: nobody, receipts: mpsc::unbounded_channel().0 });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    let router = Router::new().nest("/naps", naps).merge(blog);
    serve(listener, router, stop_signal().unwrap(), Duration::from_secs(60)).await.unwrap();
    db.close(Duration::from_secs(5)).await.unwrap();
}

async fn client() {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(models::all()).await.unwrap();
    test.db().create_tables(orm::models![Nap]).await.unwrap();
    let mut server = Command::new(env::current_exe().unwrap())
        .env("BLOG_ONE_THREAD_SERVER", test.url())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
    let address: SocketAddr = line.trim().parse().unwrap();
    let posts = request(address, "GET /posts HTTP/1.1", "").await;
    assert!(posts.ends_with(r#"{"count":0,"results":[]}"#), "{posts}");

    let start = Instant::now();
    let mut requests = JoinSet::new();
    for number in 0..REQUESTS {
        requests.spawn(async move {
            let answer = request(address, "POST /naps HTTP/1.1", &format!(r#"{{"number":{number}}}"#)).await;
            assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
            assert!(answer.contains(&format!(r#""number":{number},"slept":"""#)), "{answer}");
        });
    }
    let (mut samples, mut most, mut answered) = (0, 0, 0);
    let mut every = tokio::time::interval(Duration::from_millis(10));
    loop {
        tokio::select! {
            _ = every.tick() => {
                samples += 1;
                most = most.max(threads(&server));
            }
            answer = requests.join_next() => {
                let Some(answer) = answer else { break };
                answer.unwrap();
                if answered == 0 {
                    terminate(&server).await;
                }
                answered += 1;
            }
        }
    }
    let elapsed = start.elapsed();
    let status = server.wait().await.unwrap();
    assert!(status.success(), "the server failed: {status}");
    assert_eq!(answered, REQUESTS);
    assert_eq!(Nap::objects().using(test.db()).count().await.unwrap(), REQUESTS);
    if cfg!(target_os = "linux") {
        assert!(samples > 20, "only {samples} samples");
        assert_eq!(most, 1, "the server had up to {most} threads");
    }
    // libtest's closing line, so that runners count this program as the one test it is.
    println!("{REQUESTS} requests at once: {elapsed:?}, {most} thread in {samples} samples");
    println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
}

/// The whole answer to a request on a connection of its own.
async fn request(address: SocketAddr, line: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!(
        "{line}\r\nhost: blog\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all((head + body).as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn terminate(server: &Child) {
    let kill = format!("kill -TERM {}", server.id().unwrap());
    assert!(Command::new("sh").args(["-c", &kill]).status().await.unwrap().success());
}

/// The number of threads of the server; 0 if it has ended.
fn threads(server: &Child) -> usize {
    let Some(id) = server.id() else { return 0 };
    fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count)
}
