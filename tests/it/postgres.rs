//! What PostgreSQL's own types can do in queries.

mod arrays;
mod extensions;
mod json;
mod net;
mod ordered;
mod own;
mod ranges;
mod search;

use orm::{QuerySet, prelude::*};

/// What stands after `WHERE` in a query.
fn condition<M: Model>(query: &QuerySet<M>) -> String {
    let sql = query.clone().count().to_sql();
    sql.split_once(" WHERE ").unwrap().1.to_owned()
}

/// What a query's condition becomes, and the keys of the rows that it finds.
async fn check<M: Model<Key = i64>>(query: QuerySet<M>, sql: expect_test::Expect, keys: &[i64]) {
    sql.assert_eq(&condition(&query));
    let mut found: Vec<_> = query.await.unwrap().iter().map(Model::key).collect();
    found.sort_unstable();
    assert_eq!(found, keys);
}
