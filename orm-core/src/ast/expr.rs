//! Expressions of a statement.

use super::{Alias, OrderBy, Select, Window};
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
    /// A value of a row of a derived table, by its place.
    Given(Alias, u16),
    /// The element of a [`Source::Each`](super::Source::Each), or its subscript.
    Item(Alias),
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
    /// Values of several columns: `(a, b)`.
    Row(Vec<Expr>),
    /// A row `IN` those of array parameters, one for each column.
    InArrays(Box<Expr>, Vec<Expr>),
    /// `IN` a subquery of as many columns.
    InQuery(Box<Expr>, Box<Select>),
    /// `EXISTS`.
    Exists(Box<Select>),
    /// A subquery of one column and at most one row, as a value.
    Subquery(Box<Select>),
    /// `LIKE` and its relatives.
    Match(Box<Expr>, Match, Box<Expr>),
    /// A function.
    Call(Function, Vec<Expr>),
    /// SQL of the user's.
    Fragment(Vec<Piece>),
    /// `CASE`: conditions and their values, and the value if none is true.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// `CAST`.
    Cast(Box<Expr>, SqlType),
    /// An aggregate.
    Aggregate(Aggregate),
    /// A window function.
    Window(Box<Window>),
    /// `count(*)`.
    CountRows,
}

/// A piece of the user's SQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// As it stands in the program.
    Sql(&'static str),
    /// A value in it.
    Value(Expr),
}

impl Expr {
    /// The values of a key's columns: of most keys one, itself.
    pub(crate) fn row(mut columns: Vec<Expr>) -> Self {
        if columns.len() == 1 { columns.swap_remove(0) } else { Expr::Row(columns) }
    }
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
    /// `IS TRUE`: a condition as a value, in which NULL counts as false.
    IsTrue,
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

/// A function of PostgreSQL: how it is written, and when it gives NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// How it is written.
    pub written: Written,
    /// When it gives NULL.
    pub nulls: Nulls,
}

/// How a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Written {
    /// A name of ours, as it is, and its arguments in parentheses.
    Name(&'static str),
    /// A name of the user's, in quotes, with its schema if there is a dot; and its arguments in parentheses.
    Quoted(&'static str),
    /// SQL of ours that stands in parentheses or needs none, with `$1`, `$2` where the arguments stand.
    Template(&'static str),
    /// `COLLATE` a collation, by its name.
    Collate(&'static str),
    /// A text search configuration, by its name.
    Config(&'static str),
}

/// When a function gives NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Nulls {
    /// If one of its arguments is.
    Any,
    /// If all of its arguments are.
    All,
    /// Perhaps, whatever its arguments are.
    Maybe,
    /// Never.
    Never,
}

impl Function {
    pub(crate) const COALESCE: Self = Function::named("COALESCE", Nulls::All);
    pub(crate) const UPPER: Self = Function::named("UPPER", Nulls::Any);
    pub(crate) const COUNT: Self = Function::named("COUNT", Nulls::Never);
    pub(crate) const SUM: Self = Function::named("SUM", Nulls::Maybe);
    pub(crate) const AVG: Self = Function::named("AVG", Nulls::Maybe);
    pub(crate) const MIN: Self = Function::named("MIN", Nulls::Maybe);
    pub(crate) const MAX: Self = Function::named("MAX", Nulls::Maybe);

    /// A function by its name in SQL.
    pub const fn named(name: &'static str, nulls: Nulls) -> Self {
        Function { written: Written::Name(name), nulls }
    }

    /// A function of the user's, of which nothing is known.
    pub(crate) const fn quoted(name: &'static str) -> Self {
        Function { written: Written::Quoted(name), nulls: Nulls::Maybe }
    }

    /// Whether nothing is known of what it does.
    pub(crate) const fn is_foreign(self) -> bool {
        matches!(self.written, Written::Quoted(_))
    }

    /// `COLLATE` a collation.
    pub(crate) const fn collate(name: &'static str) -> Self {
        Function { written: Written::Collate(name), nulls: Nulls::Any }
    }

    /// A text search configuration.
    pub(crate) const fn config(name: &'static str) -> Self {
        Function { written: Written::Config(name), nulls: Nulls::Never }
    }

    /// What is not written as a function, as SQL with places for its arguments.
    pub const fn template(sql: &'static str, nulls: Nulls) -> Self {
        Function { written: Written::Template(sql), nulls }
    }
}

/// An aggregate function with all that can be said of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// The function.
    pub function: Function,
    /// What it is of.
    pub arguments: Vec<Expr>,
    /// Each value once.
    pub distinct: bool,
    /// Which rows it is of.
    pub filter: Option<Box<Expr>>,
    /// In which order it takes them.
    pub order: Vec<OrderBy>,
}
