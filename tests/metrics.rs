//! The figures that the `metrics` facade gets: `cargo test --features metrics-024 --test metrics`.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use orm::{Config, prelude::*, testing::TestDb};
use std::{cell::RefCell, collections::HashMap, time::Duration};
use tokio::sync::oneshot;

#[derive(Model, Debug)]
struct Tag {
    id: i64,
    #[orm(unique)]
    name: String,
}

/// A database with a pool of one connection, and what was recorded of it.
struct Lab {
    test: TestDb,
    db: Db,
    seen: Snapshotter,
    /// What gauges show: a look at them sets them to zero.
    gauges: RefCell<HashMap<metrics::Key, f64>>,
}

impl Lab {
    async fn new(seen: Snapshotter) -> Self {
        let test = TestDb::create().await.unwrap();
        test.db().create_tables(orm::models![Tag]).await.unwrap();
        // Its pool has the name of ours.
        test.db().close(Duration::from_secs(5)).await.unwrap();
        seen.snapshot();
        let config = Config::from_url(test.url()).unwrap().pool_size(1);
        let db = Db::connect(config.acquire_timeout(Duration::from_secs(1))).await.unwrap();
        Lab { test, db, seen, gauges: RefCell::default() }
    }

    /// The figures of each name that have all these labels, or parts of them: the values of histograms since the last
    /// look, what gauges show, what was counted.
    fn look<const N: usize>(&self, wanted: [(&str, &[&str]); N]) -> [Vec<f64>; N] {
        let all = self.seen.snapshot().into_vec();
        let mut gauges = self.gauges.borrow_mut();
        for (key, .., value) in &all {
            if let DebugValue::Gauge(value) = value {
                *gauges.entry(key.key().clone()).or_default() += value.into_inner();
            }
        }
        wanted.map(|(name, labels)| {
            let ours = all.iter().filter(|(key, ..)| {
                let mut given = labels.iter().copied().chain([self.test.name()]);
                let has = |label: &str| key.key().labels().any(|had| had.value().contains(label));
                key.key().name() == name && given.all(has)
            });
            let values = ours.map(|(key, .., value)| match value {
                DebugValue::Histogram(values) => values.iter().map(|value| value.into_inner()).collect(),
                DebugValue::Gauge(_) => vec![gauges[key.key()]],
                DebugValue::Counter(value) => vec![*value as f64],
            });
            values.collect::<Vec<Vec<f64>>>().concat()
        })
    }

    /// The numbers of idle and used connections, and of tasks that wait for one.
    fn pool(&self) -> [f64; 3] {
        let count = "db.client.connection.count";
        let pending = "db.client.connection.pending_requests";
        self.look([(count, &["idle"]), (count, &["used"]), (pending, &[])]).map(|values| values.iter().sum())
    }
}

/// Runs a test's body with a recorder of its own.
fn in_a_lab(body: impl AsyncFnOnce(&Lab)) {
    let recorder = DebuggingRecorder::new();
    let seen = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async { body(&Lab::new(seen).await).await });
    });
}

#[test]
fn a_statement_is_measured_by_operation_table_and_error() {
    in_a_lab(async |lab| {
        for name in ["a", "b"] {
            Tag::objects().using(&lab.db).create().name(name).await.unwrap();
        }
        Tag::objects().using(&lab.db).create().name("a").await.unwrap_err();
        assert_eq!(Tag::objects().using(&lab.db).await.unwrap().len(), 2);
        let duration = "db.client.operation.duration";
        let [inserts, failed, selects, rows] = lab.look([
            (duration, &["postgresql", "INSERT", "tag"]),
            (duration, &["INSERT", "tag", "23505"]),
            (duration, &["SELECT", "tag"]),
            ("db.client.response.returned_rows", &["SELECT", "tag"]),
        ]);
        assert_eq!((inserts.len(), failed.len()), (3, 1));
        assert!(selects.len() == 1 && selects[0] > 0.0 && selects[0] < 5.0, "in seconds: {selects:?}");
        assert_eq!(rows, [2.0]);
    });
}

#[test]
fn connections_are_idle_or_used_and_tasks_wait_until_they_are_served_or_give_up() {
    in_a_lab(async |lab| {
        assert_eq!(lab.pool(), [1.0, 0.0, 0.0]);
        let ((taken, is_taken), (late, is_late)) = (oneshot::channel(), oneshot::channel());
        let holds = lab.db.scope(atomic(async {
            Tag::objects().count().await?;
            taken.send(()).unwrap();
            is_late.await.unwrap();
            Ok(())
        }));
        let gives_up = async {
            is_taken.await.unwrap();
            let asked = Tag::objects().using(&lab.db).count().await;
            late.send(()).unwrap();
            asked
        };
        let looks = async {
            while lab.db.pool_status().waiting == 0 {
                tokio::task::yield_now().await;
            }
            (lab.pool(), lab.db.pool_status())
        };
        let (held, late, (during, status)) = tokio::join!(holds, gives_up, looks);
        held.unwrap();
        assert!(late.unwrap_err().is_timeout());
        assert_eq!(during, [0.0, 1.0, 1.0]);
        assert_eq!((status.max, status.idle, status.used, status.waiting), (1, 0, 1, 1));
        assert_eq!(lab.pool(), [1.0, 0.0, 0.0]);
    });
}

#[test]
fn making_a_connection_and_waiting_for_one_are_measured() {
    in_a_lab(async |lab| {
        Tag::objects().using(&lab.db).count().await.unwrap();
        let (wait, create) = ("db.client.connection.wait_time", "db.client.connection.create_time");
        let [waits, made, late] =
            lab.look([(wait, &[]), (create, &[]), ("db.client.connection.timeouts", &[])]);
        assert_eq!((waits.len(), made.len(), late), (2, 1, vec![0.0]), "connecting, and a query");
        assert!(waits[1] < made[0] && made[0] < 5.0, "in seconds: {waits:?}, {made:?}");
        let ((taken, is_taken), (late, is_late)) = (oneshot::channel(), oneshot::channel());
        let holds = lab.db.scope(atomic(async {
            Tag::objects().count().await?;
            Tag::objects().using(&lab.db).count().await?;
            taken.send(()).unwrap();
            is_late.await.unwrap();
            Ok(())
        }));
        let gives_up = async {
            is_taken.await.unwrap();
            let asked = Tag::objects().using(&lab.db).count().await;
            late.send(()).unwrap();
            asked
        };
        let (held, late) = tokio::join!(holds, gives_up);
        held.unwrap();
        assert!(late.unwrap_err().is_timeout());
        let [waits, late] = lab.look([(wait, &[]), ("db.client.connection.timeouts", &[])]);
        assert_eq!((waits.len(), late), (1, vec![1.0]), "one was served, one gave up");
    });
}

#[test]
fn a_connection_that_is_lost_is_counted_no_more() {
    in_a_lab(async |lab| {
        let (client, connection) =
            tokio_postgres::connect(lab.test.url(), tokio_postgres::NoTls).await.unwrap();
        let driving = tokio::spawn(connection);
        assert_eq!(lab.pool(), [1.0, 0.0, 0.0]);
        const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                           WHERE datname = current_database() AND pid <> pg_backend_pid()";
        client.execute(CUT, &[]).await.unwrap();
        let asked = Tag::objects().using(&lab.db).count().await;
        assert_eq!(asked.unwrap(), 0, "on another connection");
        assert_eq!(lab.pool(), [1.0, 0.0, 0.0]);
        lab.db.close(Duration::from_secs(5)).await.unwrap();
        assert_eq!(lab.pool(), [0.0, 0.0, 0.0]);
        driving.abort();
    });
}
