//! Which queries a part of a test sends.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

tokio::task_local! {
    static LOG: Arc<Log>;
}

/// The queries of one `count_queries`, and the one around it.
struct Log {
    sql: Mutex<Vec<String>>,
    outer: Option<Arc<Log>>,
}

/// Runs a future, and says which queries were sent by it: on whatever database, but by this task only, so not by the
/// tests beside it, and not by tasks that it spawns.
///
/// [`Queries`] compares with a number, and shows the SQL where it differs. `BEGIN`, `COMMIT`, savepoints and the
/// creating of tables are no queries: a part of a program has the same number inside a transaction and outside.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// use orm::testing::count_queries;
///
/// let (post, queries) = count_queries(atomic(async {
///     let author = User::objects().create().username("alice").await?;
///     Post::objects().create().title("Hi").author(&author).await
/// }))
/// .await;
/// assert_eq!(queries, 2);
/// assert!(queries.sql()[1].starts_with(r#"INSERT INTO "post""#));
/// # post?;
/// # Ok(())
/// # });
/// ```
pub async fn count_queries<F: IntoFuture>(future: F) -> (F::Output, Queries) {
    let log = Arc::new(Log { sql: Mutex::default(), outer: LOG.try_with(Clone::clone).ok() });
    let output = LOG.scope(Arc::clone(&log), async move { future.into_future().await }).await;
    let sql = std::mem::take(&mut *log.sql.lock().unwrap_or_else(PoisonError::into_inner));
    (output, Queries(sql))
}

/// A query is sent.
pub(crate) fn sent(sql: &str) {
    // An error means that nobody counts.
    let _ = LOG.try_with(|log| {
        let mut log = Some(log);
        while let Some(Log { sql: queries, outer }) = log.map(|log| &**log) {
            queries.lock().unwrap_or_else(PoisonError::into_inner).push(sql.to_owned());
            log = outer.as_ref();
        }
    });
}

/// What [`count_queries`] has seen: `assert_eq!(queries, 2)`.
#[derive(Clone, PartialEq, Eq)]
pub struct Queries(Vec<String>);

impl Queries {
    /// The SQL of each in order, without its values.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let (_, queries) = orm::testing::count_queries(Post::objects().count()).await;
    /// assert_eq!(queries.sql(), [r#"SELECT COUNT(*) FROM "post""#]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn sql(&self) -> &[String] {
        &self.0
    }
}

impl PartialEq<usize> for Queries {
    fn eq(&self, number: &usize) -> bool {
        self.0.len() == *number
    }
}

/// As a failed assertion shows it.
impl fmt::Debug for Queries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Queries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("1 query")?,
            many => write!(f, "{many} queries")?,
        }
        for (place, sql) in self.0.iter().enumerate() {
            write!(f, "\n  {}. {sql}", place + 1)?;
        }
        Ok(())
    }
}
