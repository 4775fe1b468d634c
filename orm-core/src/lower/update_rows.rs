//! `UPDATE` of many rows, each with values of its own.

use super::{
    insert::{CHUNK, push_arrays},
    value::check,
    version::not_counted,
    write::{has_column, split},
};
use crate::{
    Column, Error, Model, Result, Table,
    ast::{Params, Shape, Statement, UpdateRows},
    model::position,
};
use std::borrow::Cow;

/// Writes columns of the first of some instances, as many as fit one statement; says how many.
pub(crate) fn update_rows<M: Model>(rows: &[M], columns: &[Column]) -> Result<(Statement, usize)> {
    let model = M::meta();
    if columns.is_empty() {
        return Err(Error::usage(format!("a `bulk_update` of `{}` that sets nothing", model.name)));
    }
    // What tells which row: its key, and the version that it must still have.
    let mut places: Vec<usize> = model.key.iter().copied().chain(model.version).collect();
    let told = places.len();
    for column in columns {
        let place = position(model, *column)?;
        has_column(model, column.0)?;
        not_counted(model, column.0)?;
        if places.contains(&place) {
            return Err(Error::usage(format!(
                "`bulk_update` of `{}.{}`, which is its primary key or is named twice",
                model.name, column.name
            )));
        }
        places.push(place);
    }
    let of = |places: &[usize]| -> Vec<Column> {
        places.iter().flat_map(|place| model.fields[*place].columns()).map(Column).collect()
    };
    let (key, set) = (of(&places[..told]), of(&places[told..]));
    let mut values = vec![Vec::new(); key.len() + set.len()];
    let (mut taken, mut bytes) = (0, 0);
    for row in rows {
        let mut at = values.iter_mut();
        for place in &places {
            let (field, value) = (&model.fields[*place], row.param(*place));
            check(model, field, &value)?;
            let parts = if field.parts.is_empty() { vec![value] } else { split(field, &value) };
            for (value, column) in parts.into_iter().zip(at.by_ref()) {
                bytes += value.bytes()?.map_or(0, <[u8]>::len) + 4;
                column.push(Cow::Owned(value));
            }
        }
        taken += 1;
        if bytes > CHUNK {
            break;
        }
    }
    let mut params = Params::default();
    push_arrays(key.iter().chain(&set), values, &mut params)?;
    let update = UpdateRows {
        table: Table(model),
        key,
        set,
        count: model.version().map(Column),
        returning: model.hooks.is_some(),
    };
    Ok((Statement { shape: Shape::UpdateRows(update), params }, taken))
}
