//! Futures that are dropped at any of their polls: the next query is answered at once, and nothing is half written.

use super::{Lab, in_a_lab};
use crate::{
    models::{Tag, User},
    wait::poll_times,
};
use futures_util::{StreamExt, TryStreamExt, future::poll_immediate};
use orm::{Result, prelude::*};
use std::{
    pin::pin,
    time::{Duration, Instant},
};

/// Drops what `make` makes after each number of polls until it ends by itself. After each the lab must be well soon,
/// and `after` looks at what is stored.
async fn sweep<T, F>(
    lab: &Lab,
    mut make: impl FnMut() -> F,
    mut after: impl AsyncFnMut(Option<Result<T>>) -> Result<()>,
) -> Result<()>
where
    F: IntoFuture<Output = Result<T>>,
{
    // Polls in a row, before an answer can have come; then each when there is something new, to the end.
    for (in_a_row, most) in [(true, 20), (false, 1_000)] {
        for polls in 0..most {
            let mut ended = None;
            {
                let mut future = pin!(make().into_future());
                for _ in 0..if in_a_row { polls } else { 0 } {
                    ended = poll_immediate(future.as_mut()).await;
                    if ended.is_some() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
                if !in_a_row {
                    ended = poll_times(future.as_mut(), polls).await;
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
            let started = Instant::now();
            lab.is_well().await;
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "after {polls} polls: {:?}",
                started.elapsed()
            );
            let last = ended.is_some();
            after(ended).await?;
            if last {
                break;
            }
            assert!(in_a_row || polls + 1 < most, "it never ends");
        }
    }
    Ok(())
}

in_a_lab! {
    async fn a_dropped_create_made_the_row_or_did_not(lab) {
        let mut n = 0;
        let make = || { n += 1; Tag::objects().create().slug(format!("{n}")).name(format!("{n}")) };
        sweep(lab, make, async |ended| {
            if let Some(tag) = ended.transpose()? {
                assert_eq!(Tag::objects().get(&tag).await?, tag);
            }
            Ok(())
        }).await?;
        let tags = Tag::objects().all().await?;
        assert!(tags.iter().all(|tag| tag.slug == tag.name) && !tags.is_empty());
    }

    async fn a_dropped_read_changes_nothing(lab) {
        Tag::objects().bulk_create((0..500).map(|i| Tag::draft().slug(format!("{i}")).name(format!("{i}")).build())).await?;
        sweep(lab, || Tag::objects().all(), async |ended| {
            assert!(ended.transpose()?.is_none_or(|rows| rows.len() == 500));
            Ok(())
        }).await?;
        sweep(lab, || Tag::objects().count(), async |ended| {
            assert!(ended.transpose()?.is_none_or(|n| n == 500));
            Ok(())
        }).await?;
        sweep(lab, || Tag::objects().get("7"), async |ended| ended.transpose().map(drop)).await?;
    }

    async fn a_dropped_bulk_create_made_all_rows_or_none(lab) {
        sweep(lab, || User::objects().bulk_create((0..100).map(|i| User::draft().username(format!("{i}")).build())), async |ended| {
            ended.transpose()?;
            let n = User::objects().delete().await?;
            assert!(n == 0 || n == 100, "{n} rows");
            Ok(())
        }).await?;
        // more than one statement
        let large = || (0..40).map(|i| User::draft().username(format!("{i}")).email("x".repeat(60_000)).build());
        sweep(lab, || User::objects().bulk_create(large()), async |ended| {
            ended.transpose()?;
            let n = User::objects().delete().await?;
            assert!(n == 0 || n == 40, "{n} rows");
            Ok(())
        }).await?;
    }

    async fn a_dropped_get_or_create_made_one_row_or_none(lab) {
        sweep(lab, || Tag::objects().get_or_create(|t| t.slug.eq("a"), |new| new.slug("a").name("a")), async |ended| {
            assert!(ended.transpose()?.is_none_or(|(tag, _)| tag.name == "a"));
            assert!(Tag::objects().delete().await? < 2);
            Ok(())
        }).await?;
        Tag::objects().create().slug("a").name("0").await?;
        let mut n = 0;
        let change = || {
            n += 1;
            let name = format!("{n}");
            Tag::objects().update_or_create(|t| t.slug.eq("a"), move |t| t.name.set(name), |new| new.slug("a").name("0"))
        };
        sweep(lab, change, async |ended| {
            let stored = Tag::objects().one().await?.name;
            assert!(ended.transpose()?.is_none_or(|(tag, created)| tag.name == stored && !created));
            Ok(())
        }).await?;
    }

    async fn a_dropped_save_update_or_delete_was_done_or_was_not(lab) {
        User::objects().bulk_create((0..20).map(|i| User::draft().username(format!("{i}")).age(0).build())).await?;
        sweep(lab, || User::objects().update(|u| u.age.set(u.age + 1)), async |ended| {
            ended.transpose()?;
            let ages = User::objects().values(|u| u.age).distinct().await?;
            assert_eq!(ages.len(), 1, "all rows or none: {ages:?}");
            Ok(())
        }).await?;
        let first = User::objects().first().await?.unwrap();
        let mut names = 0..;
        let save = || {
            let (mut user, name) = (first.clone(), names.next().unwrap());
            user.email = Some(format!("{name}"));
            user.company = None;
            async move { user.save().await }
        };
        sweep(lab, save, async |ended| {
            ended.transpose()?;
            assert_eq!(User::objects().count().await?, 20);
            Ok(())
        }).await?;
        sweep(lab, || User::objects().filter(|u| u.age.gte(0)).delete(), async |ended| {
            ended.transpose()?;
            let n = User::objects().count().await?;
            assert!(n == 0 || n == 20, "{n} rows");
            if n == 0 {
                User::objects().bulk_create((0..20).map(|i| User::draft().username(format!("{i}")).age(0).build())).await?;
            }
            Ok(())
        }).await?;
    }

    async fn a_dropped_stream_gives_its_connection_back(lab) {
        User::objects().bulk_create((0..3_000).map(|i| User::draft().username(format!("{i}")).email("x".repeat(100)).build())).await?;
        let read = async |rows: usize| User::objects().stream().take(rows).try_collect::<Vec<_>>().await;
        for rows in [0, 1, 2, 100, 2_999, 3_000, 4_000] {
            assert_eq!(read(rows).await?.len(), rows.min(3_000));
            lab.is_well().await;
            let inside = atomic(async {
                let rows = read(rows).await?.len();
                User::objects().count().await.map(|n| (rows, n))
            });
            assert_eq!(inside.await?, (rows.min(3_000), 3_000));
        }
        sweep(lab, || read(5), async |ended| ended.transpose().map(drop)).await?;
    }
}
