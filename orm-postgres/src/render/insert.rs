//! `INSERT`: text of ours, because sea-query knows neither `unnest` nor `WITH ORDINALITY`, and an `INSERT` has no
//! expressions to get right. Nothing but static names goes in, quoted.

use crate::ident::{Ident, TableName, list};
use orm_core::{
    Column,
    ast::{Insert, Rows},
};

/// Writes an `INSERT`; its parameters are its columns, in order.
pub(super) fn insert(insert: &Insert) -> String {
    let table = TableName::new(insert.into.table);
    let columns = list(insert.columns.iter().map(|column| Ident(column.column)));
    let params = list((1..=insert.columns.len()).map(|n| format!("${n}")));
    let rows = match insert.rows {
        Rows::One if insert.columns.is_empty() => "DEFAULT VALUES".to_owned(),
        Rows::One => format!("({columns}) VALUES ({params})"),
        // The default of the first column, and with it those of all others.
        Rows::Defaults(rows) => format!("VALUES {}", list((0..rows).map(|_| "(DEFAULT)"))),
        // Rows are stored, and therefore returned, in the order of the arrays.
        Rows::Unnest => {
            let number = ordinality(&insert.columns);
            let number = Ident(&number);
            format!(
                "({columns}) SELECT {columns} FROM unnest({params}) WITH ORDINALITY \
                 AS \"rows\" ({columns}, {number}) ORDER BY {number}"
            )
        }
    };
    let conflict = if insert.or_nothing { " ON CONFLICT DO NOTHING" } else { "" };
    let returning = list(insert.into.0.columns().map(|field| Ident(field.column)));
    format!("INSERT INTO {table} {rows}{conflict} RETURNING {returning}")
}

/// A name for the number of a row that no column has.
fn ordinality(columns: &[Column]) -> String {
    let mut name = "#".to_owned();
    while columns.iter().any(|column| column.column == name) {
        name.push('#');
    }
    name
}
