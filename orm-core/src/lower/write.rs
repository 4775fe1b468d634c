//! `INSERT`, `UPDATE` and `DELETE`.

use super::{
    condition::conjunction,
    scope::Lower,
    select::Want,
    value::check,
    version::{counted, not_counted, unchanged},
};
use crate::{
    Assign, Column, Error, ErrorKind, FieldMeta, Model, ModelMeta, Node, Param, Path, Result, SqlType, Table,
    ast::{
        Alias, BinaryOp, Delete, Expr, Insert, LockWait, Named, Output, Params, Rows, Shape, Statement,
        Update, WithRows,
    },
    model::position,
    node::{self, Change, Query},
};
use std::borrow::Cow;

/// The most bytes of values that one statement of `bulk_create` carries.
pub(super) const CHUNK: usize = 1 << 20;

/// Changes the rows of a query, and reads some of each, by closures that ran at a depth.
pub(crate) fn changed(query: &Query, how: &Change, returning: &[(u8, node::Output)]) -> Result<Statement> {
    let mut lower = Lower::on(query.db.clone());
    let shape = match lower.change(query, how, returning)? {
        WithRows::Update(update) => Shape::Update(*update),
        WithRows::Delete(delete) => Shape::Delete(*delete),
        WithRows::Selects(selects) => Shape::Select(selects.first),
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
    ) -> Result<WithRows> {
        let model = query.model;
        Ok(match (how, &model.soft_delete, model.deleted_at()) {
            (Change::Update(depth, set), ..) => {
                WithRows::Update(Box::new(self.update(query, *depth, set, returning)?))
            }
            (Change::Delete, Some(deleted), Some(column)) => {
                let hide = Assign { path: Path::root(model, 0), column, value: Node::Param((deleted.now)()) };
                WithRows::Update(Box::new(self.update(query, 0, &[hide], returning)?))
            }
            (Change::Delete | Change::HardDelete, ..) => {
                WithRows::Delete(Box::new(self.delete(query, returning)?))
            }
        })
    }

    fn update(
        &mut self,
        query: &Query,
        depth: u8,
        set: &[Assign],
        returning: &[(u8, node::Output)],
    ) -> Result<Update> {
        let lower = self;
        let alias = lower.alias()?;
        let model = query.model;
        if set.is_empty() {
            return Err(Error::usage(format!("an `update` of `{}` that sets nothing", model.name)));
        }
        let (set, joins) = lower.level(false, |lower| {
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
                let mut set = |lower: &mut Lower, column: Column, value: &Node| {
                    let value = lower.clause(depth, model, alias, |lower| lower.value(value))?.0;
                    if out.iter().any(|(other, _)| *other == column) {
                        return Err(Error::usage(format!("`{}.{}` is set twice", model.name, column.name)));
                    }
                    out.push((column, value));
                    Ok(())
                };
                if column.parts.is_empty() {
                    set(lower, *column, value)?;
                    continue;
                }
                let values: Vec<Node> = match value {
                    Node::Param(param) => split(column.0, param).into_iter().map(Node::Param).collect(),
                    Node::Row(columns) => columns.clone(),
                    _ => return Err(Error::usage("a key of several columns is set to another one")),
                };
                for (column, value) in column.parts.iter().zip(&values) {
                    set(lower, Column(column), value)?;
                }
            }
            out.extend(counted(model, alias, &mut lower.params)?);
            Ok(out)
        })?;
        if let Some(join) = joins.first() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "`update` of `{}` with a value from `{}`; take it by a query: `set({}::objects().filter(…).values(…).first())`",
                    model.name, join.table.name, join.table.name
                ),
            ));
        }
        let filter = matched(lower, query, alias)?;
        let returning = lower.returned(query, returning, alias)?;
        Ok(Update { table: Table(model), alias, set, filter, returning, named: Named::No })
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
    lower.slice(query, alias, Some(query.lock.unwrap_or(LockWait::Wait))).map(Some)
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
    let update = Update { table, alias, set, filter, returning, named: Named::No };
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

/// What a new row gives a column: what was said, else the field's default, else nothing, if the database has one.
fn value_of<'a>(
    model: &'static ModelMeta,
    field: &'static FieldMeta,
    given: &'a Option<Param>,
) -> Result<Option<Cow<'a, Param>>> {
    if let Some(given) = given {
        return Ok(Some(Cow::Borrowed(given)));
    }
    if let Some(default) = field.default {
        return Ok(Some(Cow::Owned(default())));
    }
    if !field.is_required() {
        return Ok(None);
    }
    Err(Error::new(ErrorKind::InvalidValue, "it has no value and no default; give it one")
        .in_field(model, field))
}

/// Inserts one row.
pub(crate) fn insert(
    model: &'static ModelMeta,
    values: &[Option<Param>],
    or_nothing: bool,
) -> Result<Statement> {
    let mut params = Params::default();
    let mut columns = Vec::new();
    for (field, value) in model.fields.iter().zip(values).filter(|(field, _)| field.is_column()) {
        if let Some(value) = value_of(model, field, value)? {
            check(model, field, &value)?;
            for (column, value) in field.columns().iter().zip(value.parts()) {
                params.push(value)?;
                columns.push(Column(column));
            }
        }
    }
    let insert = Insert { into: Table(model), columns, rows: Rows::One, or_nothing };
    Ok(Statement { shape: Shape::Insert(insert), params })
}

/// Inserts the first rows of some that give the same columns, as many as fit one statement; says how many.
pub(crate) fn insert_many<'a>(
    model: &'static ModelMeta,
    rows: impl Iterator<Item = &'a [Option<Param>]>,
    or_nothing: bool,
) -> Result<(Statement, usize)> {
    let mut columns: Vec<Column> = Vec::new();
    let mut values: Vec<Vec<Cow<'a, Param>>> = Vec::new();
    let (mut taken, mut bytes) = (0, 0);
    for row in rows {
        let mut given = Vec::with_capacity(columns.len());
        for (field, value) in model.fields.iter().zip(row).filter(|(field, _)| field.is_column()) {
            if let Some(value) = value_of(model, field, value)? {
                check(model, field, &value)?;
                match field.parts {
                    [] => given.push((Column(field), value)),
                    parts => {
                        let values = split(field, &value).into_iter().map(Cow::Owned);
                        given.extend(parts.iter().map(Column).zip(values));
                    }
                }
            }
        }
        if taken == 0 {
            columns = given.iter().map(|(column, _)| *column).collect();
            values = vec![Vec::new(); columns.len()];
        } else if !columns.iter().eq(given.iter().map(|(column, _)| column)) {
            break;
        }
        for (column, (_, value)) in values.iter_mut().zip(given) {
            bytes += value.bytes()?.map_or(0, <[u8]>::len) + 4;
            column.push(value);
        }
        taken += 1;
        if bytes > CHUNK || taken == u32::MAX as usize {
            break;
        }
    }
    let mut params = Params::default();
    push_arrays(columns.iter(), values, &mut params)?;
    let rows = match u32::try_from(taken) {
        Ok(rows) if columns.is_empty() => Rows::Defaults(rows),
        _ => Rows::Unnest,
    };
    let insert = Insert { into: Table(model), columns, rows, or_nothing };
    Ok((Statement { shape: Shape::Insert(insert), params }, taken))
}

/// The values of columns for many rows, as arrays.
pub(super) fn push_arrays<'a>(
    columns: impl Iterator<Item = &'a Column>,
    values: Vec<Vec<Cow<'_, Param>>>,
    params: &mut Params,
) -> Result<()> {
    for (column, values) in columns.zip(values) {
        if let SqlType::Array(of) = column.ty.base() {
            for param in Param::arrays(*of, &values) {
                params.push(&param)?;
            }
        } else {
            params.push(&Param::array(column.ty, values.into_iter()))?;
        }
    }
    Ok(())
}
