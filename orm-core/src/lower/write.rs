//! `UPDATE` and `DELETE`.

use super::{
    condition::conjunction,
    scope::Lower,
    select::Want,
    value::check,
    version::{counted, not_counted, unchanged},
};
use crate::{
    Assign, Column, Error, ErrorKind, FieldMeta, Model, ModelMeta, Node, Param, Path, Result, Table,
    ast::{Alias, BinaryOp, Changed, Delete, Expr, Named, Output, Params, Shape, Statement, Update},
    model::position,
    node::{self, Change, Query},
};
use std::borrow::Cow;

/// Changes the rows of a query, and reads some of each, by closures that ran at a depth.
pub(crate) fn changed(query: &Query, how: &Change, returning: &[(u8, node::Output)]) -> Result<Statement> {
    let mut lower = Lower::on(query.db.clone());
    let mut returning = Cow::Borrowed(returning);
    let is_whole =
        |output: &(u8, node::Output)| matches!(&output.1, node::Output::Model(path) if path.hop.is_none());
    // The rows that hooks are told of come last.
    if query.model.hooks.is_some() && !returning.last().is_some_and(is_whole) {
        returning.to_mut().push((0, node::Output::Model(Path::root(query.model, 0))));
    }
    let shape = match lower.change(query, how, &returning)? {
        Changed::Update(update) => Shape::Update(update),
        Changed::Delete(delete) => Shape::Delete(delete),
    };
    Ok(Statement { shape, params: lower.params })
}

impl Lower {
    /// A change of a query's rows; where the model says so, they are hidden instead of deleted.
    pub(super) fn change(
        &mut self,
        query: &Query,
        how: &Change,
        returning: &[(u8, node::Output)],
    ) -> Result<Changed> {
        let model = query.model;
        Ok(match (how, &model.soft_delete, model.deleted_at()) {
            (Change::Update(depth, set), ..) => Changed::Update(self.update(query, *depth, set, returning)?),
            (Change::Delete, Some(deleted), Some(column)) => {
                let hide = Assign { path: Path::root(model, 0), column, value: Node::Param((deleted.now)()) };
                Changed::Update(Update { hides: true, ..self.update(query, 0, &[hide], returning)? })
            }
            (Change::Delete | Change::HardDelete, ..) => Changed::Delete(self.delete(query, returning)?),
        })
    }

    fn update(
        &mut self,
        query: &Query,
        depth: u8,
        set: &[Assign],
        returning: &[(u8, node::Output)],
    ) -> Result<Update> {
        let alias = self.alias()?;
        let model = query.model;
        let set = self.assigned(model, alias, set, |lower, value| {
            Ok(lower.clause(depth, model, alias, |lower| lower.value(value))?.0)
        })?;
        let filter = matched(self, query, alias)?;
        let returning = self.returned(query, returning, alias)?;
        Ok(Update { table: Table(model), alias, set, hides: false, filter, returning, named: Named::No })
    }

    /// The columns that assignments set, and to what.
    pub(super) fn assigned(
        &mut self,
        model: &'static ModelMeta,
        alias: Alias,
        set: &[Assign],
        value_of: impl Fn(&mut Self, &Node) -> Result<Expr>,
    ) -> Result<Vec<(Column, Expr)>> {
        if set.is_empty() {
            return Err(Error::usage(format!("an `update` of `{}` that sets nothing", model.name)));
        }
        let (set, joins) = self.level(false, |lower| {
            let mut out = Vec::with_capacity(set.len());
            for (column, value) in columns_set(model, set)? {
                if out.iter().any(|(other, _)| *other == column) {
                    return Err(Error::usage(format!("`{}.{}` is set twice", model.name, column.name)));
                }
                out.push((column, value_of(lower, &value)?));
            }
            out.extend(counted(model, alias, &mut lower.params)?);
            Ok(out)
        })?;
        match joins.first() {
            None => Ok(set),
            Some(join) => Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "`update` of `{}` with a value from `{}`; take it by a query: `set({}::objects().filter(…).values(…).first())`",
                    model.name, join.table.name, join.table.name
                ),
            )),
        }
    }

    fn delete(&mut self, query: &Query, returning: &[(u8, node::Output)]) -> Result<Delete> {
        let alias = self.alias()?;
        let filter = matched(self, query, alias)?;
        let returning = self.returned(query, returning, alias)?;
        Ok(Delete { from: Table(query.model), alias, filter, returning, named: Named::No })
    }

    /// What is read of each row that is changed: of its own columns, and by subqueries.
    fn returned(
        &mut self,
        query: &Query,
        returning: &[(u8, node::Output)],
        alias: Alias,
    ) -> Result<Vec<Output>> {
        let outputs = returning.iter().map(|(depth, output)| (*depth, output));
        let (outputs, joins) = self.level(false, |lower| lower.outputs(query, Want::Rows, alias, outputs))?;
        match joins.first() {
            None => Ok(outputs),
            Some(join) => Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "`returning` of a value from `{}`; take it by a query: `{}::objects().filter(…).values(…).first()`",
                    join.table.name, join.table.name
                ),
            )),
        }
    }
}

/// What assignments set, column by column.
pub(super) fn columns_set(model: &'static ModelMeta, set: &[Assign]) -> Result<Vec<(Column, Node)>> {
    let mut out = Vec::with_capacity(set.len());
    for Assign { path, column, value } in set {
        if path.hop.is_some() {
            return Err(Error::usage(format!(
                "`{path:?}.{}` is a column of another table; update its own model",
                column.name
            )));
        }
        has_column(model, column.0)?;
        not_counted(model, column.0)?;
        if let Node::Param(param) = value {
            check(model, column.0, param)?;
        }
        if column.parts.is_empty() {
            out.push((*column, value.clone()));
            continue;
        }
        let values: Vec<Node> = match value {
            Node::Param(param) => split(column.0, param).into_iter().map(Node::Param).collect(),
            Node::Row(columns) => columns.clone(),
            _ => return Err(Error::usage("a key of several columns is set to another one")),
        };
        out.extend(column.parts.iter().map(Column).zip(values));
    }
    Ok(out)
}

/// A far side of a relation is set over there.
pub(super) fn has_column(model: &'static ModelMeta, field: &'static FieldMeta) -> Result<()> {
    if field.is_column() {
        return Ok(());
    }
    Err(Error::usage(format!(
        "`{}.{}` has no column; set the key of `{}`, which leads here",
        model.name,
        field.name,
        field.target().name
    )))
}

/// The condition that a row of the changed table is among those of the query: its own conditions, or, where they need
/// joins or only some rows are taken, a subquery of keys.
fn matched(lower: &mut Lower, query: &Query, alias: Alias) -> Result<Option<Expr>> {
    if let Some(why) = &query.refused {
        return Err(Error::usage(why.clone()));
    }
    if !query.is_sliced() && query.is_of_table() {
        let before = lower.params.iter().len();
        let (filter, joins) = lower.level(false, |lower| lower.filter(query, alias))?;
        if joins.is_empty() {
            return Ok(filter);
        }
        lower.params.truncate(before);
    }
    // Locked, so that a row which another transaction has changed meanwhile is looked at again, as it would be without
    // a subquery.
    lower.slice(query, alias, Some(query.lock.clone().unwrap_or_default())).map(Some)
}

/// Writes an instance's columns, and returns all.
pub(crate) fn save<M: Model>(row: &M, columns: Option<&[Column]>) -> Result<Statement> {
    let model = M::meta();
    for column in columns.unwrap_or_default() {
        let place = position(model, *column)?;
        has_column(model, column.0)?;
        not_counted(model, column.0)?;
        if column.generated.is_some() {
            check(model, column.0, &row.param(place))?;
        }
        if model.key.contains(&place) {
            return Err(Error::usage(format!(
                "`save_fields` of the primary key of `{}`; it tells which row",
                model.name
            )));
        }
    }
    let is_written =
        |field: &'static FieldMeta| columns.is_none_or(|columns| columns.contains(&Column(field)));
    write(row, |place, field| {
        let is_ours = model.key.contains(&place) || model.version == Some(place) || field.generated.is_some();
        match !is_ours && is_written(field) {
            true => Some(field.on_save.map_or_else(|| row.param(place), |now| now())),
            false => None,
        }
    })
}

/// Writes other values to an instance's row, and `auto_now` fields, and returns all columns.
pub(crate) fn change<'a, M: Model>(
    row: &M,
    changes: impl Iterator<Item = (Column, &'a Param)>,
) -> Result<Statement> {
    let changes: Vec<_> = changes.collect();
    for (column, _) in &changes {
        not_counted(M::meta(), column.0)?;
    }
    write(row, |_, field| {
        let change = changes.iter().find(|(column, _)| *column == Column(field));
        match (change, field.on_save) {
            (Some((_, value)), _) => Some((*value).clone()),
            (None, Some(now)) if !changes.is_empty() => Some(now()),
            (None, _) => None,
        }
    })
}

/// Writes what `value` gives for each column to an instance's row.
fn write<M: Model>(row: &M, value: impl Fn(usize, &'static FieldMeta) -> Option<Param>) -> Result<Statement> {
    let model = M::meta();
    let mut params = Params::default();
    let mut set = Vec::new();
    for (place, field) in model.fields.iter().enumerate().filter(|(_, field)| field.is_column()) {
        if let Some(value) = value(place, field) {
            give(model, field, &value, &mut params, &mut set)?;
        }
    }
    let key = |params: &mut Params| {
        let mut key = Vec::with_capacity(model.key.len());
        for place in model.key {
            give(model, &model.fields[*place], &row.param(*place), params, &mut key)?;
        }
        Ok::<_, Error>(key)
    };
    let alias = Alias(0);
    match set.is_empty() {
        true => set = key(&mut params)?,
        false => set.extend(counted(model, alias, &mut params)?),
    }
    let is_it = key(&mut params)?.into_iter().map(|(column, value)| is_equal(alias, column, value));
    let mut is_it: Vec<_> = is_it.collect();
    is_it.extend(unchanged(row, alias, &mut params)?);
    let returning = vec![Output::Model(Table(model), alias)];
    let (table, filter) = (Table(model), Some(conjunction(is_it)));
    let update = Update { table, alias, set, hides: false, filter, returning, named: Named::No };
    Ok(Statement { shape: Shape::Update(update), params })
}

/// That a column has a value.
pub(super) fn is_equal(alias: Alias, column: Column, value: Expr) -> Expr {
    Expr::Binary(Box::new(Expr::Column(alias, column)), BinaryOp::Eq, Box::new(value))
}

/// The values of a field's columns.
pub(super) fn split(field: &'static FieldMeta, value: &Param) -> Vec<Param> {
    match field.parts {
        parts if parts.len() > 1 && value.is_null() => {
            parts.iter().map(|part| Param::null(part.ty)).collect()
        }
        _ => value.parts().to_vec(),
    }
}

/// Gives a field's columns their values.
fn give(
    model: &'static ModelMeta,
    field: &'static FieldMeta,
    value: &Param,
    params: &mut Params,
    out: &mut Vec<(Column, Expr)>,
) -> Result<()> {
    check(model, field, value)?;
    let mut give = |column, value: &Param| {
        let place = params.push(value)?;
        out.push((Column(column), Expr::Param { place, ty: value.sql_type(), array: value.is_array() }));
        Ok(())
    };
    match field.parts {
        [] => give(field, value),
        parts => parts.iter().zip(split(field, value)).try_for_each(|(part, value)| give(part, &value)),
    }
}
