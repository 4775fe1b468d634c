//! Lists: `?search=rust&ordering=-title&limit=20&offset=40`.

use super::Params;
use crate::problem::Problem;
use orm::{Allow, prelude::*, types::Row};
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

/// The rows that a request asks for, in the order that it asks for: all its parameters but those of the page.
///
/// # Errors
/// If one is not allowed, or its text is no value.
pub fn refine<M: Model>(
    rows: QuerySet<M>,
    params: &Params,
    allow: &Allow<M>,
) -> Result<QuerySet<M>, Problem> {
    params.iter().try_fold(rows.allow(allow), |rows, (name, value)| {
        let rows = match name {
            "limit" | "offset" => Ok(rows),
            "ordering" => rows.order_by_str(value),
            _ => rows.filter_str(name, value),
        };
        rows.map_err(|error| Problem::field(name, error.to_string()))
    })
}
