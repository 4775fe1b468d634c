//! What sea-query cannot write, as text of ours. Nothing but static names goes in, quoted.

use crate::ident::{Ident, TableName};
use orm_core::{Column, ast::Insert};

/// An `INSERT` whose rows come in one array parameter a column.
/// The rows are stored, and therefore returned, in the order of the arrays.
pub(super) fn insert_unnest(insert: &Insert) -> String {
    let table = TableName::new(insert.into.table);
    let columns = list(insert.columns.iter().map(|column| Ident(column.column)));
    let arrays = list((1..=insert.columns.len()).map(|n| format!("${n}")));
    let number = ordinality(&insert.columns);
    let number = Ident(&number);
    let conflict = if insert.or_nothing { " ON CONFLICT DO NOTHING" } else { "" };
    let returning = list(insert.into.0.columns().map(|field| Ident(field.column)));
    format!(
        "INSERT INTO {table} ({columns}) SELECT {columns} \
         FROM unnest({arrays}) WITH ORDINALITY AS \"rows\" ({columns}, {number}) \
         ORDER BY {number}{conflict} RETURNING {returning}"
    )
}

/// A name for the number of a row that no column has.
fn ordinality(columns: &[Column]) -> String {
    let mut name = "#".to_owned();
    while columns.iter().any(|column| column.column == name) {
        name.push('#');
    }
    name
}

fn list(items: impl Iterator<Item = impl ToString>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
