//! A program of ours is one thread of the operating system, whatever it awaits: 1,000 tasks, each with a query that waits
//! 100 ms in the database, over 50 connections on the current-thread runtime.
//!
//! Without the test harness, which makes threads: the program starts itself as a child and watches the child's list of
//! threads every 10 ms.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test without the harness")]

use orm::{prelude::*, testing::TestDb};
use std::{
    env, fs,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const TASKS: i64 = 1_000;
const CONNECTIONS: usize = 50;

#[derive(Model)]
struct Nap {
    id: i64,
    number: i64,
    #[orm(db_default = "pg_sleep(0.1)::text")]
    slept: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    match env::var("ORM_ONE_THREAD_CHILD") {
        Ok(url) => child(&url).await,
        Err(_) => parent().await,
    }
}

async fn child(url: &str) {
    let config =
        orm::Config::from_url(url).unwrap().pool_size(CONNECTIONS).acquire_timeout(Duration::from_secs(60));
    orm::connect(config).await.unwrap();
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| tokio::spawn(async move { (number, Nap::objects().create().number(number).await) }))
        .collect();
    for task in tasks {
        let (number, nap) = task.await.unwrap();
        let nap = nap.unwrap();
        assert_eq!((nap.number, &*nap.slept), (number, ""));
        assert!(nap.id > 0);
    }
}

async fn parent() {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Nap]).await.unwrap();
    let start = Instant::now();
    let mut child = Command::new(env::current_exe().unwrap())
        .env("ORM_ONE_THREAD_CHILD", test.url())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let (mut samples, mut most) = (0, 0);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if let Some(threads) = threads(&child) {
            samples += 1;
            most = most.max(threads);
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(status.success(), "the child failed: {status}");
    let rows = Nap::objects().using(test.db()).count().await.unwrap();
    assert_eq!(rows, TASKS);
    if cfg!(target_os = "linux") {
        assert!(samples > 20, "only {samples} samples");
        assert_eq!(most, 1, "the child had up to {most} threads");
    }
    // libtest's closing line, so that runners count this program as the one test it is.
    println!(
        "{TASKS} queries of 100 ms over {CONNECTIONS} connections: {:?}, {most} thread in {samples} samples",
        start.elapsed()
    );
    println!("\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
}

/// The number of threads of a process that is still there.
fn threads(child: &Child) -> Option<usize> {
    let tasks = fs::read_dir(format!("/proc/{}/task", child.id())).ok()?.count();
    (tasks > 0).then_some(tasks)
}
