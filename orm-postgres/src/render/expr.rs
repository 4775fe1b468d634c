//! Values and conditions.

use super::{Renderer, function, writer::param};
use crate::ident::TypeName;
use orm_core::{
    NamedKind, NamedType, SqlType,
    ast::{BinaryOp, Expr, Piece, UnaryOp},
};
use sea_query::{
    Asterisk, BinOper, CaseStatement, Expr as Sql, ExprTrait, Func, Keyword, Query, SubQueryStatement, UnOper,
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
            Expr::Item(alias) => self.names.item(*alias),
            Expr::Given(alias, place) => self.names.given(*alias, *place),
            Expr::Bool(value) => constant(*value),
            Expr::All(parts) => self.chain(BinOper::And, parts, true),
            Expr::Any(parts) => self.chain(BinOper::Or, parts, false),
            Expr::Binary(left, op, right) => self.expr(left).binary(operator(*op), self.expr(right)),
            // `IS NULL` of a composite value asks each of its fields.
            Expr::Unary(op, operand)
                if let Some(op) = nullness(*op)
                    && is_composite(operand) =>
            {
                let null = Sql::Keyword(Keyword::Null);
                self.expr(operand).binary(BinOper::Custom(op), null)
            }
            Expr::Unary(op, operand) => unary(*op, self.expr(operand)),
            Expr::Between(value, low, high) => {
                let (value, low, high) = (self.expr(value), self.closed(low), self.closed(high));
                value.between(low, high)
            }
            Expr::InArray(value, array) => self.expr(value).eq(call("ANY", [self.expr(array)])),
            Expr::Row(columns) => {
                Sql::tuple(columns.iter().map(|column| self.expr(column)).collect::<Vec<_>>())
            }
            Expr::InArrays(row, arrays) => {
                let arrays: Vec<Sql> = arrays.iter().map(|array| self.expr(array)).collect();
                let keys = Func::cust("unnest").args(arrays);
                let keys = Query::select().column(Asterisk).from_function(keys, "keys").take();
                self.expr(row).in_subquery(keys)
            }
            Expr::InQuery(value, select) => self.expr(value).in_subquery(self.select(select)),
            Expr::Exists(select) => Sql::exists(self.select(select)),
            Expr::Subquery(select) => {
                Sql::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(self.select(select))))
            }
            Expr::Match(text, how, pattern) => self.matches(text, *how, pattern),
            Expr::Call(function, arguments) => {
                let arguments = arguments.iter().map(|argument| self.expr(argument)).collect();
                function::call(*function, arguments)
            }
            Expr::Fragment(pieces) => {
                let pieces: Vec<Sql> = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Sql(sql) => Sql::Custom((*sql).into()),
                        Piece::Value(value) => self.expr(value),
                    })
                    .collect();
                function::fragment(pieces)
            }
            Expr::Case(arms, otherwise) => {
                let mut case = CaseStatement::new();
                for (condition, value) in arms {
                    case = case.case(self.expr(condition), self.expr(value));
                }
                match otherwise {
                    Some(otherwise) => case.finally(self.expr(otherwise)).into(),
                    None => case.into(),
                }
            }
            Expr::Cast(value, ty) => cast(self.expr(value), TypeName::new(*ty)),
            Expr::Aggregate(aggregate) => self.aggregate(aggregate),
            Expr::Window(window) => self.window(window),
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
}

/// The operator that asks whether a whole value is NULL.
fn nullness(op: UnaryOp) -> Option<&'static str> {
    match op {
        UnaryOp::IsNull => Some("IS NOT DISTINCT FROM"),
        UnaryOp::IsNotNull => Some("IS DISTINCT FROM"),
        _ => None,
    }
}

fn is_composite(expr: &Expr) -> bool {
    let Expr::Column(_, column) = expr else { return false };
    matches!(column.ty.base(), SqlType::Named(NamedType { kind: NamedKind::Composite(_), .. }))
}

fn unary(op: UnaryOp, operand: Sql) -> Sql {
    match op {
        UnaryOp::IsNull => operand.is_null(),
        UnaryOp::IsNotNull => operand.is_not_null(),
        UnaryOp::Not => operand.unary(UnOper::Not),
        UnaryOp::IsTrue => operand.binary(BinOper::Is, truth()),
        UnaryOp::IsNotTrue => operand.binary(BinOper::IsNot, truth()),
        // As a call it always has parentheses: `-(a - b)`, never `--a`, which would begin a comment.
        UnaryOp::Neg => call("-", [operand]),
    }
}

fn truth() -> Sql {
    Sql::Keyword(Keyword::Custom("TRUE".into()))
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
pub(super) fn call(name: &'static str, arguments: impl IntoIterator<Item = Sql>) -> Sql {
    Func::cust(name).args(arguments).into()
}

fn cast(value: Sql, ty: TypeName) -> Sql {
    Func::cast_as(value, ty.to_string()).into()
}

pub(super) fn constant(value: impl Into<sea_query::Value>) -> Sql {
    Sql::Constant(value.into())
}
