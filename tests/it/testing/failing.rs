//! Tests that fail when they are told to, and what is then left of them.

use super::{Tag, tag, tags};
use orm::{Result, prelude::*, testing::TestDb};
use std::{env, process::Command, time::Duration};
use tokio_postgres::NoTls;

/// What tells them.
const FAIL: &str = "ORM_TEST_THAT_FAILS";

fn fails() -> bool {
    env::var_os(FAIL).is_some()
}

fn result() -> Result<()> {
    if fails() { Err(orm::Error::usage("told to fail")) } else { Ok(()) }
}

#[orm::test(models(Tag))]
async fn by_an_error() -> Result<()> {
    tag("error").await?;
    result()
}

#[orm::test(models(Tag))]
async fn by_a_panic() {
    tag("panic").await.unwrap();
    result().unwrap();
}

async fn fixture() -> Result<()> {
    tag("fixture").await?;
    result()
}

#[orm::test(models(Tag), fixture = fixture)]
async fn by_its_fixture() -> Result<()> {
    assert!(!fails(), "the test is not run");
    assert_eq!(tags().await?, 1);
    Ok(())
}

#[orm::test(models(Tag), transaction)]
async fn in_a_transaction(test: &TestDb) -> Result<()> {
    println!("shared: {}.", test.name());
    tag("transaction").await?;
    result()
}

#[orm::test(models(Tag))]
async fn not_at_all() -> Result<()> {
    tag("passed").await?;
    Ok(())
}

#[orm::test]
async fn the_database_of_a_failed_test_is_kept_and_named(test: &TestDb) -> Result<()> {
    // By its URL, a server needs not stay for somebody to look into it.
    let server = env::var("ORM_TEST_DATABASE_URL");
    let server = server.unwrap_or_else(|_| test.url().replace(test.name(), "postgres"));
    let run = |tests: &[&str]| {
        let mut run = Command::new(env::current_exe().unwrap());
        run.args(tests).envs([(FAIL, "1"), ("ORM_TEST_POSTGRES", "url"), ("ORM_TEST_DATABASE_URL", &server)]);
        String::from_utf8(run.output().unwrap().stdout).unwrap()
    };
    let output = run(&["testing::failing::", "--skip", "is_kept_and_named", "--test-threads", "1"]);
    assert!(output.contains("1 passed; 4 failed"), "{output}");
    for (part, times) in [
        ("Error: Usage: told to fail", 3),
        ("the fixture `fixture` failed", 1),
        ("the test failed, and is rolled back; without `transaction` its database is kept", 1),
        ("the test failed; its database `", 3),
    ] {
        assert_eq!(output.matches(part).count(), times, "{part}: {output}");
    }
    let (client, driver) = tokio_postgres::connect(test.url(), NoTls).await.unwrap();
    tokio::spawn(driver);
    let mut kept = Vec::new();
    for part in output.split("its database `").skip(1) {
        let name = part.split('`').next().unwrap();
        let db = Db::connect(test.url().replace(test.name(), name)).await?;
        kept.push(Tag::objects().using(&db).one().await?.slug);
        client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
    }
    kept.sort();
    assert_eq!(kept, ["error", "fixture", "panic"]);
    // The next test database drops the one that was shared, unless another program is at it.
    let shared = output.split("shared: ").nth(1).and_then(|rest| rest.split('.').next()).unwrap();
    for _ in 0..100 {
        run(&["testing::failing::not_at_all", "--exact"]);
        let found = client.query_opt("SELECT FROM pg_database WHERE datname = $1", &[&shared]).await.unwrap();
        if found.is_none() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{shared} is still there");
}
