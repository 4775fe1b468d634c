//! `count_queries`.

use super::{Tag, tag, tags, two};
use futures_util::TryStreamExt;
use orm::{
    Result,
    prelude::*,
    testing::{Queries, count_queries},
};
use std::sync::Arc;
use tokio::sync::Notify;

async fn counted<T>(future: impl Future<Output = Result<T>>) -> Result<Queries> {
    let (output, queries) = count_queries(future).await;
    output.map(|_| queries)
}

#[orm::test(models(Tag), transaction)]
async fn queries_are_shown_where_their_number_is_another() -> Result<()> {
    let queries = counted(two()).await?;
    assert_eq!(queries, 2);
    let shown = "2 queries\n  \
        1. INSERT INTO \"tag\" (\"slug\", \"name\") VALUES ($1, $2) RETURNING \"slug\", \"name\"\n  \
        2. INSERT INTO \"tag\" (\"slug\", \"name\") VALUES ($1, $2) RETURNING \"slug\", \"name\"";
    assert_eq!(format!("{queries:?}"), shown);
    let (_, one) = count_queries(Tag::objects().exists()).await;
    assert_eq!(format!("{one}"), "1 query\n  1. SELECT 1 FROM \"tag\" LIMIT $1");
    Ok(())
}

#[orm::test(models(Tag))]
async fn a_transaction_adds_no_queries() -> Result<()> {
    let outside = counted(async {
        tag("a").await?;
        tags().await
    });
    assert_eq!(outside.await?, 2);
    let inside = counted(atomic(async {
        atomic(tag("b")).await?;
        tags().await
    }));
    assert_eq!(inside.await?, 2);
    Ok(())
}

#[orm::test(models(Tag))]
async fn a_stream_is_one_query_inside_a_transaction_and_outside() -> Result<()> {
    Tag::objects()
        .bulk_create((0..700).map(|i| Tag::draft().slug(format!("{i}")).name(format!("{i}")).build()))
        .await?;
    let all = async || {
        let (rows, queries) = count_queries(Tag::objects().stream().try_collect::<Vec<_>>()).await;
        assert_eq!(rows?.len(), 700);
        Result::<_>::Ok(queries)
    };
    assert_eq!(all().await?, 1);
    assert_eq!(atomic(all()).await?, 1);
    Ok(())
}

#[orm::test(models(Tag))]
async fn a_query_that_fails_counts() {
    let (error, queries) = count_queries(Tag::objects().get("a")).await;
    assert!(error.unwrap_err().is_not_found());
    assert_eq!(queries, 1);
}

#[orm::test(models(Tag))]
async fn a_spawned_task_can_count(db: Db) {
    let (number, queries) = tokio::spawn(count_queries(async move { db.scope(tags()).await })).await.unwrap();
    assert_eq!(number.unwrap(), 0);
    assert_eq!(queries, 1);
}

#[orm::test(models(Tag))]
async fn an_inner_count_is_part_of_the_outer_one() -> Result<()> {
    let (inner, outer) = count_queries(async {
        tags().await?;
        let inner = counted(tags()).await?;
        tags().await?;
        Result::<_>::Ok(inner)
    })
    .await;
    assert_eq!(inner?, 1);
    assert_eq!(outer, 3);
    Ok(())
}

#[orm::test(models(Tag), flavor = "multi_thread", worker_threads = 2)]
async fn what_other_tasks_send_in_the_meantime_does_not_count(db: Db) -> Result<()> {
    let (begun, done) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let other = tokio::spawn({
        let (begun, done) = (begun.clone(), done.clone());
        async move {
            begun.notified().await;
            for _ in 0..3 {
                db.scope(tags()).await.unwrap();
            }
            done.notify_one();
        }
    });
    let queries = counted(async {
        tags().await?;
        begun.notify_one();
        done.notified().await;
        tags().await
    });
    assert_eq!(queries.await?, 2);
    other.await.unwrap();
    Ok(())
}
