//! A row's version: each change counts it, and a change of an instance is made only where it is what it was.

use super::write::is_equal;
use crate::{
    Column, Error, FieldMeta, Model, ModelMeta, Param, Result, SqlType,
    ast::{Alias, BinaryOp, Expr, Params},
};

/// The version, one more than it was.
pub(super) fn counted(
    model: &'static ModelMeta,
    alias: Alias,
    params: &mut Params,
) -> Result<Option<(Column, Expr)>> {
    let Some(version) = model.version() else { return Ok(None) };
    let one = match version.ty {
        SqlType::Int2 => Param::new(Some(&1_i16)),
        SqlType::Int4 => Param::new(Some(&1_i32)),
        _ => Param::new(Some(&1_i64)),
    };
    let column = Column(version);
    let one = Expr::Param { place: params.push(&one)?, ty: one.sql_type(), array: false };
    Ok(Some((column, Expr::Binary(Box::new(Expr::Column(alias, column)), BinaryOp::Add, Box::new(one)))))
}

/// That a row has the version of an instance.
pub(super) fn unchanged<M: Model>(row: &M, alias: Alias, params: &mut Params) -> Result<Option<Expr>> {
    let Some(place) = M::meta().version else { return Ok(None) };
    let value = row.param(place);
    let value = Expr::Param { place: params.push(&value)?, ty: value.sql_type(), array: false };
    Ok(Some(is_equal(alias, Column(&M::meta().fields[place]), value)))
}

/// Refuses to set what is counted.
pub(super) fn not_counted(model: &'static ModelMeta, field: &'static FieldMeta) -> Result<()> {
    match model.version() {
        Some(version) if std::ptr::eq(version, field) => Err(Error::usage(format!(
            "`{}.{}` is counted by each change and not set; leave it out",
            model.name, field.name
        ))),
        _ => Ok(()),
    }
}
