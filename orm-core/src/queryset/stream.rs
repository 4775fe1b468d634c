//! Rows one by one.

use super::{
    QuerySet,
    call::{BoxFuture, Call},
};
use crate::{
    Annotations, Cursor, Model, Result, Row, RowRef, RowSink,
    db::Target,
    load::{Load, Loads, load},
};
use futures_core::Stream;
use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// For how many rows related rows are loaded at once, unless it is said: as many as Django takes.
const CHUNK: usize = 2000;

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// The rows one by one, as they are asked for: for more of them than memory should hold. With
    /// [`prefetch_related`](QuerySet::prefetch_related), rows are gathered in [chunks](RowStream::chunk_size), for each of which the
    /// related rows are loaded at once.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut titles = Post::objects().order_by(|p| p.id).values(|p| p.title).stream();
    /// while let Some(title) = titles.try_next().await? {
    ///     println!("{title}");
    /// }
    /// let mut users = User::objects().prefetch_related(|u| u.posts).stream().chunk_size(500);
    /// while let Some(user) = users.try_next().await? {
    ///     println!("{} has written {} posts", user.username, user.posts.get()?.len());
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub fn stream(self) -> RowStream<R> {
        let query = self.query_ref();
        RowStream::new(Call::new(query.db.as_ref(), &self), query.loaded())
    }
}

/// The rows of a query, one by one: a `futures` stream of `Result<R>`.
///
/// Outside of a transaction it holds a connection until it is dropped; inside of one, other queries can be made between
/// rows.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// use futures_util::StreamExt;
///
/// let mut posts = Post::objects().stream();
/// while let Some(post) = posts.next().await {
///     println!("{}", post?.title);
/// }
/// # Ok(())
/// # });
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct RowStream<R> {
    state: State<R>,
    loads: Option<Arc<Loads>>,
    chunk: usize,
    /// Rows that related rows are not loaded into yet.
    gathered: Vec<R>,
    /// Rows to be given.
    loaded: VecDeque<R>,
}

enum State<R> {
    Opening(BoxFuture<'static, Result<Reading>>),
    Reading(Reading),
    /// Related rows are on their way; then it goes on, or there were no more rows.
    Loading(BoxFuture<'static, Result<(Arc<Target>, Vec<R>)>>, Option<Box<dyn Cursor>>),
    Ended,
}

struct Reading {
    target: Arc<Target>,
    cursor: Box<dyn Cursor>,
}

// No row is pinned: they are only moved.
impl<R> Unpin for RowStream<R> {}

impl<R> RowStream<R> {
    pub(crate) fn new(call: Call, loads: Option<Arc<Loads>>) -> Self {
        let opening = Box::pin(async move {
            let (target, statement) = call.into_parts()?;
            let cursor = target.executor().cursor(statement).await?;
            Ok(Reading { target: Arc::new(target), cursor })
        });
        let state = State::Opening(opening);
        RowStream { state, loads, chunk: CHUNK, gathered: Vec::new(), loaded: VecDeque::new() }
    }

    /// For how many rows related rows are loaded at once: 2,000, unless it is said; at least one. Without
    /// [`prefetch_related`](QuerySet::prefetch_related) rows come as they arrive.
    pub fn chunk_size(mut self, rows: usize) -> Self {
        self.chunk = rows.max(1);
        self
    }
}

/// Takes one row.
struct OneRow<'a, R>(Option<R>, &'a [Load]);

impl<R: Row> RowSink for OneRow<'_, R> {
    fn row(&mut self, row: RowRef<'_>) -> Result<()> {
        self.0 = Some(R::read_row(&mut row.with(self.1))?);
        Ok(())
    }
}

/// Loads what is asked for into rows.
async fn filled<R: Row>(
    target: Arc<Target>,
    mut rows: Vec<R>,
    loads: Option<Arc<Loads>>,
) -> Result<(Arc<Target>, Vec<R>)> {
    if let Some(loads) = loads {
        let instances = rows.iter_mut().filter_map(Row::instance).collect();
        load(&target, instances, &loads.tree, loads.mode).await?;
    }
    Ok((target, rows))
}

impl<R: Row> Stream for RowStream<R> {
    type Item = Result<R>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let stream = &mut *self;
        loop {
            if let Some(row) = stream.loaded.pop_front() {
                return Poll::Ready(Some(Ok(row)));
            }
            // What is an error ends the stream.
            let next = match std::mem::replace(&mut stream.state, State::Ended) {
                State::Opening(mut opening) => match opening.as_mut().poll(cx) {
                    Poll::Pending => {
                        stream.state = State::Opening(opening);
                        return Poll::Pending;
                    }
                    Poll::Ready(reading) => reading.map(State::Reading),
                },
                State::Reading(reading) => match ready!(stream.poll_reading(reading, cx)) {
                    Ok((state, None)) => Ok(state),
                    Ok((state, Some(row))) => {
                        stream.state = state;
                        return Poll::Ready(Some(Ok(row)));
                    }
                    Err(error) => Err(error),
                },
                State::Loading(mut loading, cursor) => match loading.as_mut().poll(cx) {
                    Poll::Pending => {
                        stream.state = State::Loading(loading, cursor);
                        return Poll::Pending;
                    }
                    Poll::Ready(filled) => filled.map(|(target, rows)| {
                        stream.loaded = rows.into();
                        cursor.map_or(State::Ended, |cursor| State::Reading(Reading { target, cursor }))
                    }),
                },
                State::Ended => return Poll::Ready(None),
            };
            match next {
                Ok(state) => stream.state = state,
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<R: Row> RowStream<R> {
    /// The next row, or what comes next.
    fn poll_reading(
        &mut self,
        mut reading: Reading,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(State<R>, Option<R>)>> {
        let tree = Loads::tree(self.loads.as_deref());
        let mut row = OneRow(None, tree);
        let Poll::Ready(read) = reading.cursor.poll_row(cx, &mut row) else {
            self.state = State::Reading(reading);
            return Poll::Pending;
        };
        read?;
        let Reading { target, cursor } = reading;
        let cursor = match row.0 {
            Some(row) if !Loads::asks(tree) => {
                return Poll::Ready(Ok((State::Reading(Reading { target, cursor }), Some(row))));
            }
            Some(row) => {
                self.gathered.push(row);
                if self.gathered.len() < self.chunk {
                    return Poll::Ready(Ok((State::Reading(Reading { target, cursor }), None)));
                }
                Some(cursor)
            }
            None if self.gathered.is_empty() => return Poll::Ready(Ok((State::Ended, None))),
            None => None,
        };
        let rows = std::mem::take(&mut self.gathered);
        let loading = Box::pin(filled(target, rows, self.loads.clone()));
        Poll::Ready(Ok((State::Loading(loading, cursor), None)))
    }
}

impl<R> fmt::Debug for RowStream<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowStream")
    }
}
