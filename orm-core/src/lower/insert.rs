//! `INSERT`: of rows given and of rows of a query, and what happens where one is there already.

use super::{
    scope::Lower,
    select::Want,
    value::check,
    write::{columns_set, split},
};
use crate::{
    Column, Error, ErrorKind, FieldMeta, ModelMeta, Node, Param, Result, SqlType, Table, UnaryOp,
    ast::{Alias, Conflict, ConflictUpdate, Expr, Insert, Inserted, Params, Rows, Shape, Statement},
    node::{self, Output, Query},
};
use std::borrow::Cow;

/// The most bytes of values that one statement of `bulk_create` carries.
pub(super) const CHUNK: usize = 1 << 20;

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
    conflict: &node::Conflict,
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
    inserting(model, columns, Rows::One, params, conflict)
}

/// Inserts the first rows of some that give the same columns, as many as fit one statement; says how many.
pub(crate) fn insert_many<'a>(
    model: &'static ModelMeta,
    rows: impl Iterator<Item = &'a [Option<Param>]>,
    conflict: &node::Conflict,
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
    Ok((inserting(model, columns, rows, params, conflict)?, taken))
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

fn inserting(
    model: &'static ModelMeta,
    columns: Vec<Column>,
    rows: Rows,
    params: Params,
    conflict: &node::Conflict,
) -> Result<Statement> {
    let mut lower = Lower::on(None);
    lower.params = params;
    let conflict = lower.conflict(model, conflict)?;
    let returning = returned(model, &conflict, Inserted::Row);
    let insert = Insert { into: Table(model), columns, rows, conflict, returning };
    Ok(Statement { shape: Shape::Insert(insert), params: lower.params })
}

/// Inserts a row for each of a query, by assignments of a closure that ran at a depth. Columns that are not set have their
/// defaults.
pub(crate) fn insert_from(
    model: &'static ModelMeta,
    from: &Query,
    depth: u8,
    set: &[crate::Assign],
    conflict: &node::Conflict,
) -> Result<Statement> {
    if let Some(why) = &from.refused {
        return Err(Error::usage(why.clone()));
    }
    let set = columns_set(model, set)?;
    for (at, (column, _)) in set.iter().enumerate() {
        if set[..at].iter().any(|(other, _)| other == column) {
            return Err(Error::usage(format!("`{}.{}` is set twice", model.name, column.name)));
        }
    }
    let mut columns: Vec<_> = set.iter().map(|(column, _)| *column).collect();
    let mut output: Vec<_> =
        set.into_iter().map(|(column, value)| (depth, Output::Value(value, column.ty))).collect();
    for field in model.fields.iter().filter(|field| field.is_column()) {
        let given =
            field.columns().iter().any(|part| columns.iter().any(|column| std::ptr::eq(column.0, part)));
        if given || field.generated.is_some() {
            continue;
        }
        if let Some(value) = value_of(model, field, &None)? {
            for (column, value) in field.columns().iter().zip(split(field, &value)) {
                columns.push(Column(column));
                output.push((depth, Output::Value(Node::Param(value), column.ty)));
            }
        }
    }
    let mut lower = Lower::on(from.db.clone());
    let select = lower.select(&Query { output, loads: None, ..from.clone() }, Want::Rows)?;
    let conflict = lower.conflict(model, conflict)?;
    let returning = returned(model, &conflict, Inserted::Nothing);
    let rows = Rows::Select(Box::new(select));
    let insert = Insert { into: Table(model), columns, rows, conflict, returning };
    Ok(Statement { shape: Shape::Insert(insert), params: lower.params })
}

/// What is read of rows that were inserted: what is asked for, and what hooks need.
fn returned(model: &'static ModelMeta, conflict: &Conflict, asked: Inserted) -> Inserted {
    match (model.hooks, conflict) {
        (None, _) => asked,
        (Some(_), Conflict::Update(_)) => Inserted::RowAndWhether,
        (Some(_), _) => Inserted::Row,
    }
}

impl Lower {
    /// What happens to a row that is there already.
    fn conflict(&mut self, model: &'static ModelMeta, conflict: &node::Conflict) -> Result<Conflict> {
        let update = match conflict {
            node::Conflict::Fail => return Ok(Conflict::Fail),
            node::Conflict::Nothing => return Ok(Conflict::Nothing),
            node::Conflict::Update(update) => update,
        };
        let (alias, new) = (self.alias()?, self.alias()?);
        let set = self.assigned(model, alias, &update.set, |lower, value| {
            lower.of_both(model, update.depth, alias, new, |lower| Ok(lower.value(value)?.0))
        })?;
        let mut filter = |condition: &Option<(u8, Node)>| {
            let Some((depth, condition)) = condition else { return Ok(None) };
            let (condition, joins) = self.level(false, |lower| {
                lower.of_both(model, *depth, alias, new, |lower| Ok(lower.condition(condition)?.0))
            })?;
            match joins.first() {
                None => Ok(Some(condition)),
                Some(join) => Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("a condition on `{}` in an upsert of `{}`", join.table.name, model.name),
                )),
            }
        };
        let (filter, target_filter) = (filter(&update.filter)?, filter(&update.target_filter)?);
        // What is unique is so among the rows that are not deleted.
        let kept = |column| Expr::Unary(UnaryOp::IsNull, Box::new(Expr::Column(alias, column)));
        let target_filter = target_filter.or_else(|| model.deleted_at().map(kept));
        let target = update.target.iter().flat_map(|column| column.0.columns()).map(Column).collect();
        Ok(Conflict::Update(Box::new(ConflictUpdate { target, target_filter, alias, new, set, filter })))
    }

    /// Lowers what is said of the row that is there and of the new one.
    fn of_both<T>(
        &mut self,
        model: &'static ModelMeta,
        depth: u8,
        alias: Alias,
        new: Alias,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let inner = depth.saturating_add(1);
        self.clause(depth, model, alias, |lower| lower.clause(inner, model, new, f))
    }
}
