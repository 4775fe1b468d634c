//! Values and conditions.

use super::{Renderer, writer::param};
use crate::ident::TypeName;
use orm_core::ast::{Aggregate, BinaryOp, Expr, Function, Match, UnaryOp};
use sea_query::{
    Asterisk, BinOper, Expr as Sql, ExprTrait, Func, Keyword, SubQueryStatement, UnOper,
    extension::postgres::PgBinOper,
};

impl Renderer {
    pub(super) fn expr(&mut self, expr: &Expr) -> Sql {
        match expr {
            Expr::Column(alias, column) => self.names.column(*alias, *column),
            Expr::Param { place, ty, array } => {
                let unknown = if *array { ty.array_oid() } else { ty.oid() } == 0;
                let param = param(u64::from(*place));
                if unknown { cast(param, TypeName { ty: *ty, array: *array }) } else { param }
            }
            Expr::Bool(value) => constant(*value),
            Expr::All(parts) => self.chain(BinOper::And, parts, true),
            Expr::Any(parts) => self.chain(BinOper::Or, parts, false),
            Expr::Binary(left, op, right) => self.expr(left).binary(operator(*op), self.expr(right)),
            Expr::Unary(op, operand) => unary(*op, self.expr(operand)),
            Expr::Between(value, low, high) => {
                let (value, low, high) = (self.expr(value), self.closed(low), self.closed(high));
                value.between(low, high)
            }
            Expr::InArray(value, array) => self.expr(value).eq(call("ANY", [self.expr(array)])),
            Expr::InQuery(value, select) => self.expr(value).in_subquery(self.select(select)),
            Expr::Exists(select) => Sql::exists(self.select(select)),
            Expr::Subquery(select) => {
                Sql::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(self.select(select))))
            }
            Expr::Match(text, how, pattern) => self.matches(text, *how, pattern),
            Expr::Call(function, arguments) => {
                let name = match function {
                    Function::Coalesce => "COALESCE",
                    Function::Upper => "UPPER",
                };
                let arguments: Vec<Sql> = arguments.iter().map(|argument| self.expr(argument)).collect();
                call(name, arguments)
            }
            Expr::Cast(value, ty) => cast(self.expr(value), TypeName::new(*ty)),
            Expr::Aggregate(aggregate, value) => {
                let name = match aggregate {
                    Aggregate::Count => "COUNT",
                    Aggregate::Sum => "SUM",
                    Aggregate::Avg => "AVG",
                    Aggregate::Min => "MIN",
                    Aggregate::Max => "MAX",
                };
                call(name, [self.expr(value)])
            }
            Expr::CountRows => call("COUNT", [Sql::col(Asterisk)]),
        }
    }

    /// A chain of conditions, which sea-query has as a tree. A long one is halved, so that no tree is deep: trees are
    /// written and dropped by recursion.
    fn chain(&mut self, op: BinOper, parts: &[Expr], of_none: bool) -> Sql {
        const LONG: usize = 8;
        if parts.len() > LONG {
            let (left, right) = parts.split_at(parts.len() / 2);
            return self.chain(op, left, of_none).binary(op, self.chain(op, right, of_none));
        }
        let parts = parts.iter().map(|part| self.expr(part));
        parts.reduce(|left, right| left.binary(op, right)).unwrap_or_else(|| constant(of_none))
    }

    /// An end of a `BETWEEN`, which sea-query takes for an operand of its `AND`: a condition there needs parentheses.
    fn closed(&mut self, expr: &Expr) -> Sql {
        match self.expr(expr) {
            condition @ Sql::Binary(..) => Sql::tuple([condition]),
            value => value,
        }
    }

    fn matches(&mut self, text: &Expr, how: Match, pattern: &Expr) -> Sql {
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

fn unary(op: UnaryOp, operand: Sql) -> Sql {
    match op {
        UnaryOp::IsNull => operand.is_null(),
        UnaryOp::IsNotNull => operand.is_not_null(),
        UnaryOp::Not => operand.unary(UnOper::Not),
        UnaryOp::IsNotTrue => operand.binary(BinOper::IsNot, Sql::Keyword(Keyword::Custom("TRUE".into()))),
        // As a call it always has parentheses: `-(a - b)`, never `--a`, which would begin a comment.
        UnaryOp::Neg => call("-", [operand]),
    }
}

fn operator(op: BinaryOp) -> BinOper {
    match op {
        BinaryOp::Eq => BinOper::Equal,
        BinaryOp::Ne => BinOper::NotEqual,
        BinaryOp::Lt => BinOper::SmallerThan,
        BinaryOp::Lte => BinOper::SmallerThanOrEqual,
        BinaryOp::Gt => BinOper::GreaterThan,
        BinaryOp::Gte => BinOper::GreaterThanOrEqual,
        BinaryOp::Distinct => BinOper::Custom("IS DISTINCT FROM"),
        BinaryOp::Add => BinOper::Add,
        BinaryOp::Sub => BinOper::Sub,
        BinaryOp::Mul => BinOper::Mul,
        BinaryOp::Div => BinOper::Div,
        BinaryOp::Rem => BinOper::Mod,
    }
}

/// A function, or what is written as one.
fn call(name: &'static str, arguments: impl IntoIterator<Item = Sql>) -> Sql {
    Func::cust(name).args(arguments).into()
}

fn cast(value: Sql, ty: TypeName) -> Sql {
    Func::cast_as(value, ty.to_string()).into()
}

fn constant(value: impl Into<sea_query::Value>) -> Sql {
    Sql::Constant(value.into())
}
