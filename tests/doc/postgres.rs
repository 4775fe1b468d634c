// A model of PostgreSQL's own types, for the examples in the documentation; included by them.
#[allow(unused_imports)]
pub use orm::{Hstore, Json, Range, TsVector, prelude::*};

#[derive(Model, Debug, Clone)]
pub struct Talk {
    pub id: i64,
    pub name: String,
    #[orm(default = "")]
    pub about: String,
    pub tags: Vec<String>,
    pub meta: serde_json::Value,
    pub ages: Option<Range<i32>>,
    pub during: Range<DateTime<Utc>>,
    #[orm(db_default = "''")]
    pub words: TsVector,
}

/// The SQL of a condition on talks: what stands after `WHERE`.
#[allow(dead_code)]
pub fn condition<C: orm::IntoCond>(of: impl FnOnce(&'static TalkFields) -> C) -> String {
    let sql = Talk::objects().filter(of).count().to_sql();
    sql.split_once(" WHERE ").map_or(String::new(), |(_, condition)| condition.to_owned())
}

/// The SQL of a value of a talk: what stands between `SELECT` and `FROM`.
#[allow(dead_code)]
pub fn value<V: orm::types::Select>(of: impl FnOnce(&'static TalkFields) -> V) -> String {
    let sql = Talk::objects().values(of).to_sql();
    let value = sql.strip_prefix("SELECT ").and_then(|sql| sql.strip_suffix(r#" FROM "talk""#));
    value.map_or(String::new(), str::to_owned)
}
