//! Pages by number: Django's `Paginator`.

use super::{QuerySet, call::BoxFuture};
use crate::{Annotations, Error, ErrorKind, Model, Result, Row, Statement, ToStatement};
use serde::Serialize;
use std::fmt;

/// A page of a query's rows, and how many there are in all.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let names = (1..=45).map(|n| User::draft().username(format!("user{n:02}")).build());
/// User::objects().bulk_create(names).await?;
///
/// let page = User::objects().order_by(|u| u.username).page(2, 20).await?;
/// assert_eq!(page.items[0].username, "user21");
/// assert_eq!((page.number, page.pages, page.total), (2, 3, 45));
/// assert_eq!((page.previous(), page.next()), (Some(1), Some(3)));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Page<R> {
    /// Its rows.
    pub items: Vec<R>,
    /// Its number; the first one is 1.
    pub number: u64,
    /// How many rows a page has at most.
    pub per_page: u64,
    /// How many pages there are: at least one, which may be empty.
    pub pages: u64,
    /// How many rows there are in all.
    pub total: u64,
}

impl<R> Page<R> {
    /// The number of the next page, if there is one.
    pub fn next(&self) -> Option<u64> {
        (self.number < self.pages).then(|| self.number + 1)
    }

    /// The number of the page before, if there is one.
    pub fn previous(&self) -> Option<u64> {
        (self.number > 1).then(|| self.number - 1)
    }

    /// Whether there is a page after this one.
    pub fn has_next(&self) -> bool {
        self.next().is_some()
    }

    /// Whether there is a page before this one.
    pub fn has_previous(&self) -> bool {
        self.previous().is_some()
    }

    /// The numbers to show as links: so many at each end, and around this one; `None` stands for those left out.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let names = (0..30).map(|n| User::draft().username(n.to_string()).build());
    /// User::objects().bulk_create(names).await?;
    /// let page = User::objects().page(10, 1).await?;
    /// let numbers: Vec<_> = page.elided(1, 2).map(|n| n.map_or("…".into(), |n| n.to_string())).collect();
    /// assert_eq!(numbers.join(" "), "1 2 … 9 10 11 … 29 30");
    /// # Ok(())
    /// # });
    /// ```
    pub fn elided(&self, around: u64, at_ends: u64) -> impl Iterator<Item = Option<u64>> + use<R> {
        let (number, pages) = (self.number, self.pages);
        let from = number.saturating_sub(around).max(1);
        let to = number.saturating_add(around).min(pages);
        // A gap of a single page is that page.
        let from = if from <= at_ends.saturating_add(2) { 1 } else { from };
        let to = if to.saturating_add(at_ends).saturating_add(1) >= pages { pages } else { to };
        let before = (from > 1).then(|| (1..=at_ends).map(Some).chain([None]));
        let after = (to < pages).then(|| [None].into_iter().chain((pages - at_ends + 1..=pages).map(Some)));
        before.into_iter().flatten().chain((from..=to).map(Some)).chain(after.into_iter().flatten())
    }

    /// The page with something else made of each row.
    pub fn map<U>(self, f: impl FnMut(R) -> U) -> Page<U> {
        let Page { items, number, per_page, pages, total } = self;
        Page { items: items.into_iter().map(f).collect(), number, per_page, pages, total }
    }
}

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// The page of a number, counted from 1, with so many rows; a query without an order is put into that of its primary key.
    ///
    /// How many rows there are is asked only where the page does not tell, which the last one does. For lists that many rows are
    /// added to while they are read, or that are very long, there are conditions on what was seen last.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let page = Post::objects().filter(|p| p.views.gt(10)).page(1, 20).await?;
    /// assert_eq!((page.items.len(), page.pages), (0, 1));
    /// let error = Post::objects().page(7, 20).await.unwrap_err();
    /// assert!(error.is_invalid_input());
    /// assert_eq!(error.to_string(), "there is no page 7: the last one is 1");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_invalid_input`](Error::is_invalid_input) for page 0 and for those after the last one.
    pub fn page(self, number: u64, per_page: u64) -> GetPage<M, R> {
        GetPage { query: self.read_as(), number, per_page }
    }
}

/// What `page` returns, to be awaited.
#[must_use = "a query does nothing until it is awaited"]
pub struct GetPage<M, R> {
    query: QuerySet<M, R>,
    number: u64,
    per_page: u64,
}

impl<M: Model, R: Row> GetPage<M, R> {
    /// How many rows are before the page.
    fn before(&self) -> u64 {
        self.number.saturating_sub(1).saturating_mul(self.per_page)
    }

    fn rows(&self) -> QuerySet<M, R> {
        let mut rows = self.query.clone();
        rows.query = rows.query.ordered().part_of(self.before(), self.per_page);
        rows
    }
}

impl<M: Model, R: Row> ToStatement for GetPage<M, R> {
    /// The rows' statement.
    fn to_statement(&self) -> Result<Statement> {
        self.rows().to_statement()
    }
}

impl<M: Model, R: Row> IntoFuture for GetPage<M, R> {
    type Output = Result<Page<R>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let (before, rows) = (self.before(), self.rows().into_future());
        let GetPage { query, number, per_page } = self;
        let count = query.count().into_future();
        Box::pin(async move {
            if number == 0 || per_page == 0 {
                let message = "pages are counted from 1, and have at least one row";
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
            let items = rows.await?;
            let seen = u64::try_from(items.len()).unwrap_or(u64::MAX);
            let is_last = seen < per_page && (seen > 0 || number == 1);
            let total = if is_last { before + seen } else { u64::try_from(count.await?).unwrap_or_default() };
            let pages = total.div_ceil(per_page).max(1);
            if number > pages && seen == 0 {
                let message = format!("there is no page {number}: the last one is {pages}");
                return Err(Error::new(ErrorKind::InvalidInput, message));
            }
            // Rows may have gone between the two answers.
            Ok(Page { items, number, per_page, pages: pages.max(number), total: total.max(before + seen) })
        })
    }
}

impl<M, R> fmt::Debug for GetPage<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page {} of {} rows each of {:?}", self.number, self.per_page, self.query)
    }
}
