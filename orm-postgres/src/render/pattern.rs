//! Texts that match a pattern.

use super::{
    Renderer,
    expr::{call, constant},
};
use orm_core::ast::{Expr, Match};
use sea_query::{BinOper, Expr as Sql, ExprTrait, extension::postgres::PgBinOper};

impl Renderer {
    pub(super) fn matches(&mut self, text: &Expr, how: Match, pattern: &Expr) -> Sql {
        let is_param = matches!(pattern, Expr::Param { .. });
        let (text, pattern) = (self.expr(text), self.expr(pattern));
        let (before, after, ignore_case) = match how {
            Match::Contains { ignore_case } => ("%", "%", ignore_case),
            Match::StartsWith { ignore_case } => ("", "%", ignore_case),
            Match::EndsWith { ignore_case } => ("%", "", ignore_case),
            Match::Regex { ignore_case: false } => return text.binary(PgBinOper::Regex, pattern),
            Match::Regex { ignore_case: true } => {
                return text.binary(PgBinOper::RegexCaseInsensitive, pattern);
            }
        };
        let pattern = if is_param { pattern } else { literal(before, pattern, after) };
        if ignore_case { text.binary(PgBinOper::ILike, pattern) } else { text.binary(BinOper::Like, pattern) }
    }
}

/// A pattern that matches a text of the database literally, with a wildcard before or after it.
fn literal(before: &str, text: Sql, after: &str) -> Sql {
    let escaped = [("\\", "\\\\"), ("%", "\\%"), ("_", "\\_")]
        .into_iter()
        .fold(text, |text, (from, to)| call("REPLACE", [text, constant(from), constant(to)]));
    let parts = [constant(before), escaped, constant(after)];
    let parts = parts.into_iter().filter(|part| *part != constant(""));
    parts.reduce(|left, right| left.binary(PgBinOper::Concatenate, right)).unwrap_or_else(|| constant(""))
}
