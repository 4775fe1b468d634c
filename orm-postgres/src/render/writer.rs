//! Parameters in sea-query's trees, and how they come out as `$n`.

use sea_query::{Expr, QueryBuilder, SqlWriter, Value};
use std::fmt::{self, Display, Write};

/// A parameter by its place, as sea-query's own kind of value, which it never puts in parentheses.
pub(super) fn param(place: u64) -> Expr {
    Expr::Value(Value::BigUnsigned(Some(place)))
}

/// SQL in the making. What sea-query takes for a value to bind is the place of a parameter of ours.
#[derive(Default)]
pub(super) struct Places(String);

impl Places {
    pub(super) fn into_sql(self) -> String {
        self.0
    }

    pub(super) fn push(&mut self, sql: &str) {
        self.0.push_str(sql);
    }
}

impl SqlWriter for Places {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, _: &T) {
        let Value::BigUnsigned(Some(place)) = value else {
            unreachable!("only places of parameters are given to sea-query as values");
        };
        self.0.push_str(&format!("${}", place + 1));
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        &mut self.0
    }
}

impl Write for Places {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        self.0.write_str(s)
    }
}

impl Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
