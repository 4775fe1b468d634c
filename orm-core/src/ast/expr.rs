//! Expressions of a statement.

use super::{Alias, Select};
use crate::{Column, SqlType};

/// A value or a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A column of a table of the statement.
    Column(Alias, Column),
    /// A parameter by its place; `array` if it holds many of the type.
    Param {
        /// The place in [`Params`](super::Params).
        place: u16,
        /// The type, or that of the elements.
        ty: SqlType,
        /// Whether it is an array.
        array: bool,
    },
    /// `TRUE` or `FALSE`.
    Bool(bool),
    /// All of them (`AND`); of none, true.
    All(Vec<Expr>),
    /// Any of them (`OR`); of none, false.
    Any(Vec<Expr>),
    /// An operator with two operands.
    Binary(Box<Expr>, BinaryOp, Box<Expr>),
    /// An operator with one.
    Unary(UnaryOp, Box<Expr>),
    /// `BETWEEN`, both ends included.
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `= ANY` of an array parameter.
    InArray(Box<Expr>, Box<Expr>),
    /// `IN` a subquery of one column.
    InQuery(Box<Expr>, Box<Select>),
    /// `EXISTS`.
    Exists(Box<Select>),
    /// A subquery of one column and at most one row, as a value.
    Subquery(Box<Select>),
    /// `LIKE` and its relatives.
    Match(Box<Expr>, Match, Box<Expr>),
    /// A function.
    Call(Function, Vec<Expr>),
    /// `CAST`.
    Cast(Box<Expr>, SqlType),
    /// An aggregate.
    Aggregate(Aggregate, Box<Expr>),
    /// `count(*)`.
    CountRows,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what it says")]
pub enum BinaryOp {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
    /// `IS DISTINCT FROM`: NULL is a value as any other.
    Distinct,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}

impl BinaryOp {
    /// Whether its result is true or false.
    pub fn is_comparison(self) -> bool {
        use BinaryOp::*;
        matches!(self, Eq | Ne | Lt | Lte | Gt | Gte | Distinct)
    }
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what it says")]
pub enum UnaryOp {
    IsNull,
    IsNotNull,
    /// `NOT`, of what is never NULL.
    Not,
    /// `IS NOT TRUE`: what `!` means, so that NULL counts as false.
    IsNotTrue,
    Neg,
}

/// How a text is matched. The pattern of the first three is a literal: its `%`, `_` and `\` are ordinary
/// characters. A parameter comes escaped and complete; an expression is escaped by the SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Match {
    /// It contains the pattern.
    Contains {
        /// Upper and lower case are the same.
        ignore_case: bool,
    },
    /// It begins with the pattern.
    StartsWith {
        /// Upper and lower case are the same.
        ignore_case: bool,
    },
    /// It ends with the pattern.
    EndsWith {
        /// Upper and lower case are the same.
        ignore_case: bool,
    },
    /// It matches the regular expression, as PostgreSQL understands them.
    Regex {
        /// Upper and lower case are the same.
        ignore_case: bool,
    },
}

/// Functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the function of its name")]
pub enum Function {
    Coalesce,
    Upper,
}

/// Aggregates over the rows of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the function of its name")]
pub enum Aggregate {
    Count,
    Sum,
    Avg,
    Min,
    Max,
}
