//! The rows that a relation leads to from many rows at once.

use super::{Lower, condition::conjunction, select::Want};
use crate::{
    BinaryOp, Column, Error, ErrorKind, KeyColumns, Param, Result,
    ast::{Expr, Join, Output, Select, Shape, Source, Statement},
    node::{Deleted, Query},
    relation::Link,
};

/// The rows of a query that a relation leads to from some keys; where it passes a table of pairs, each with the key in
/// that. If the query has a limit, each key has it: its rows are a subquery of their own.
pub(crate) fn prefetch(query: &Query, link: Link, keys: &Param) -> Result<Statement> {
    // Who holds a key sees the row, deleted or not.
    let holds = link.between.is_none() && matches!(link.to, KeyColumns::Primary(_));
    let mut lower = Lower::on(None);
    let (list, _) = lower.param(keys)?;
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
    let key = match link.between {
        None => Expr::Column(alias, only(link.to)?),
        Some(between) => {
            let pairs = lower.alias()?;
            let columns = KeyColumns::Field(between.far);
            let (table, to_columns, null) = (between.table, link.to, between.table.0.deleted_at());
            select.joins.push(Join {
                left: false,
                table,
                alias: pairs,
                columns,
                to: alias,
                to_columns,
                null,
            });
            let key = Expr::Column(pairs, between.near);
            select.output.push(Output::Value(key.clone(), between.near.ty));
            key
        }
    };
    let tie = match each {
        None => Expr::InArray(Box::new(key), Box::new(list.clone())),
        Some((item, _)) => Expr::Binary(Box::new(key), BinaryOp::Eq, Box::new(Expr::Item(item))),
    };
    select.filter = Some(conjunction([Some(tie), select.filter].into_iter().flatten().collect()));
    if let Some((item, alias)) = each {
        let from = Source::Each { list: Box::new(list), item, rows: Box::new(select), alias };
        select = Select::plain(from, Output::All(alias));
    }
    Ok(lower.statement(select, Shape::Select))
}

/// The column of a key.
pub(crate) fn only(key: KeyColumns) -> Result<Column> {
    let mut columns = key.iter();
    match (columns.next(), columns.next()) {
        (Some(column), None) => Ok(column),
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "`prefetch_related` by a key of several columns is not offered; ask by `query()`",
        )),
    }
}
