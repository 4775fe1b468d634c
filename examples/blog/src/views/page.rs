//! Pages of a list: `?limit=20&offset=40&ordering=-title`.

use super::Params;
use crate::problem::Problem;
use orm::{prelude::*, types::Row};
use serde::Serialize;

/// So many rows unless the client says otherwise, and at most so many.
const LIMIT: u32 = 20;
const MOST: u32 = 100;

/// A page, and how many rows there are in all.
#[derive(Serialize, Debug)]
pub struct Page<T> {
    count: i64,
    results: Vec<T>,
}

impl<T> Page<T> {
    /// The page with something else made of each row.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { count: self.count, results: self.results.into_iter().map(f).collect() }
    }
}

/// The page of a list that a request asks for: its rows and their number, asked at the same time.
///
/// # Errors
/// If `limit` or `offset` is no number; whatever the database says.
pub async fn page<M: Model, R: Row>(rows: QuerySet<M, R>, params: &Params) -> Result<Page<R>, Problem> {
    let limit = params.get("limit")?.unwrap_or(LIMIT).min(MOST);
    let offset = params.get::<u32>("offset")?.unwrap_or(0);
    let part = rows.clone().limit(limit.into()).offset(offset.into());
    let (count, results) = tokio::try_join!(rows.count(), part)?;
    Ok(Page { count, results })
}

/// An order that clients may ask for: its name, and what it does to a query.
pub type Ordering<M> = (&'static str, fn(QuerySet<M>) -> QuerySet<M>);

/// Puts rows into the order that a request asks for, if it asks for one; `-` turns it round.
///
/// # Errors
/// If it is none of those that are offered.
pub fn order<M: Model>(
    rows: QuerySet<M>,
    params: &Params,
    offered: &[Ordering<M>],
) -> Result<QuerySet<M>, Problem> {
    let Some(asked) = params.text("ordering") else { return Ok(rows) };
    let name = asked.strip_prefix('-').unwrap_or(asked);
    let Some((_, apply)) = offered.iter().find(|(known, _)| *known == name) else {
        let known: Vec<_> = offered.iter().map(|(name, _)| *name).collect();
        return Err(Problem::field("ordering", format!("is one of: {}", known.join(", "))));
    };
    let rows = apply(rows);
    Ok(if name.len() < asked.len() { rows.reverse() } else { rows })
}
