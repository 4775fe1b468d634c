//! `#[orm::test]` and what is around it.

mod failing;
mod queries;
mod transaction;

/// The example of the attribute's documentation.
#[path = "../doc/test.rs"]
mod example;

use crate::models::{Tag, all};
use orm::{Result, prelude::*, testing::TestDb};
use std::{process::ExitCode, thread, time::Duration};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::Barrier,
    time::timeout,
};

async fn tag(slug: &str) -> Result<Tag> {
    Tag::objects().create().slug(slug).name(slug).await
}

async fn tags() -> Result<i64> {
    Tag::objects().count().await
}

/// What several tests begin with.
async fn two() -> Result<[Tag; 2]> {
    Ok([tag("a").await?, tag("b").await?])
}

#[orm::test(models = all())]
async fn the_database_of_a_test_is_the_default_in_it() -> Result<()> {
    tag("a").await?;
    assert_eq!(tags().await?, 1);
    Ok(())
}

#[orm::test]
async fn without_models_the_database_is_empty() {
    assert!(tags().await.unwrap_err().is_schema());
}

#[orm::test(models(Tag))]
async fn a_test_can_take_the_database(db: Db) -> Result<()> {
    let there = tokio::spawn(async move { db.scope(tag("a")).await });
    there.await.unwrap()?;
    assert_eq!(tags().await?, 1);
    Ok(())
}

#[orm::test(models(Tag))]
async fn a_test_can_take_what_names_the_database(test: &TestDb) -> Result<()> {
    let other = Db::connect(test.url()).await?;
    other.scope(tag("a")).await?;
    assert_eq!(tags().await?, 1);
    assert!(test.url().contains(test.name()));
    Ok(())
}

#[orm::test(models(Tag), fixture = two)]
async fn a_fixture_gives_the_argument([a, b]: [Tag; 2]) -> Result<()> {
    assert_eq!(Tag::objects().order_by(|t| t.slug).await?, [a, b]);
    Ok(())
}

#[orm::test(models(Tag), fixture = two)]
async fn a_fixture_runs_for_a_test_without_arguments_too() -> Result<()> {
    assert_eq!(tags().await?, 2);
    Ok(())
}

#[orm::test(models(Tag))]
async fn the_error_can_be_of_any_type() -> Result<(), Box<dyn std::error::Error>> {
    let n: usize = "1".parse()?;
    tag("a").await?;
    assert_eq!(usize::try_from(tags().await?)?, n);
    Ok(())
}

#[orm::test]
async fn the_runtime_has_one_thread() {
    assert_eq!(Handle::current().runtime_flavor(), RuntimeFlavor::CurrentThread);
}

#[orm::test(flavor = "multi_thread", worker_threads = 3)]
async fn the_runtime_can_have_more_threads() {
    assert_eq!(Handle::current().runtime_flavor(), RuntimeFlavor::MultiThread);
    assert_eq!(Handle::current().metrics().num_workers(), 3);
}

#[orm::test(models(Tag))]
#[should_panic(expected = "the only tag is b")]
async fn a_panic_can_be_expected() {
    let tag = tag("b").await.unwrap();
    panic!("the only tag is {}", tag.slug);
}

#[orm::test(models(Tag))]
async fn a_spawned_task_is_told_why_it_has_no_database() {
    let error = tokio::spawn(async { tags().await }).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("a spawned task is outside of the scope"), "{error}");
}

#[test]
fn tests_run_side_by_side_and_none_sees_the_rows_of_another() {
    for transaction in [false, true] {
        let barrier = &Barrier::new(2);
        let test = || {
            let test = orm::__private::Test::new().models(all());
            let test = if transaction { test.transaction() } else { test };
            test.run(async |_| {
                tag("the same").await?;
                timeout(Duration::from_secs(60), barrier.wait()).await.expect("both store theirs");
                assert_eq!(tags().await?, 1);
                Result::<_>::Ok(())
            })
        };
        let both = thread::scope(|scope| [scope.spawn(test), scope.spawn(test)].map(|test| test.join()));
        assert_eq!(both.map(|code| code.unwrap()), [ExitCode::SUCCESS; 2]);
    }
}
