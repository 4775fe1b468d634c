//! The rows that a relation leads to from many rows at once.

use super::{Lower, condition::conjunction, select::Want};
use crate::{
    BinaryOp, Error, ErrorKind, KeyColumns, Param, Result,
    ast::{Expr, Function, Join, Nulls, Output, Select, Shape, Source, Statement, Written},
    node::{Deleted, Query},
    relation::Link,
};

/// An element of an array by its subscript.
const ELEMENT: Function = Function { written: Written::Template("($1)[$2]"), nulls: Nulls::Never };

/// The rows of a query that a relation leads to from some keys; where it passes a table of pairs, each with the key in
/// that. If the query has a limit, each key has it: its rows are a subquery of their own. The keys are an array for each of their
/// columns.
pub(crate) fn prefetch(query: &Query, link: Link, keys: &[Param]) -> Result<Statement> {
    // Who holds a key sees the row, deleted or not.
    let holds = link.between.is_none() && matches!(link.to, KeyColumns::Primary(_));
    let mut lower = Lower::on(None);
    let lists = keys.iter().map(|keys| Ok(lower.param(keys)?.0)).collect::<Result<Vec<_>>>()?;
    let each = if query.is_chosen_by_order() { Some((lower.alias()?, lower.alias()?)) } else { None };
    let mut select = match query.deleted {
        Deleted::Hidden if holds => {
            lower.select(&Query { deleted: Deleted::Shown, ..query.clone() }, Want::Rows)?
        }
        _ => lower.select(query, Want::Rows)?,
    };
    let (Source::Table(_, alias) | Source::Query(_, alias) | Source::With(_, alias, _)) = select.from else {
        return Err(Error::new(ErrorKind::Usage, "the rows of a relation are not those of a table"));
    };
    let columns = |alias, key: KeyColumns| key.iter().map(|column| Expr::Column(alias, column)).collect();
    let key: Vec<Expr> = match link.between {
        None => columns(alias, link.to),
        Some(between) => {
            let pairs = lower.alias()?;
            let (far, near) = (KeyColumns::Field(between.far), KeyColumns::Field(between.near));
            let (table, to_columns, null) = (between.table, link.to, between.table.0.deleted_at());
            select.joins.push(Join {
                left: false,
                table,
                alias: pairs,
                columns: far,
                to: alias,
                to_columns,
                null,
            });
            let output = near.iter().map(|column| Output::Value(Expr::Column(pairs, column), column.ty));
            select.output.extend(output);
            columns(pairs, near)
        }
    };
    let tie = match (each, &lists[..]) {
        (None, [list]) => Expr::InArray(Box::new(Expr::row(key)), Box::new(list.clone())),
        (None, lists) => Expr::InArrays(Box::new(Expr::row(key)), lists.to_vec()),
        (Some((item, _)), [_]) => {
            Expr::Binary(Box::new(Expr::row(key)), BinaryOp::Eq, Box::new(Expr::Item(item)))
        }
        (Some((item, _)), lists) => {
            let element = |list: &Expr| Expr::Call(ELEMENT, vec![list.clone(), Expr::Item(item)]);
            let equal =
                |(column, list)| Expr::Binary(Box::new(column), BinaryOp::Eq, Box::new(element(list)));
            conjunction(key.into_iter().zip(lists).map(equal).collect())
        }
    };
    select.filter = Some(conjunction([Some(tie), select.filter].into_iter().flatten().collect()));
    if let Some((item, alias)) = each {
        let (subscripts, list) = (lists.len() > 1, lists.into_iter().next());
        let list = Box::new(list.ok_or_else(|| Error::usage("the rows of a relation, without keys"))?);
        let from = Source::Each { list, subscripts, item, rows: Box::new(select), alias };
        select = Select::plain(from, Output::All(alias));
    }
    Ok(lower.statement(select, Shape::Select))
}
