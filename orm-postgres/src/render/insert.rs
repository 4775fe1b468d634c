//! `INSERT`, and `UPDATE` from arrays: text of ours, because sea-query knows neither `unnest` nor `WITH ORDINALITY`, and an `INSERT` has no
//! expressions to get right. Nothing but static names goes in, quoted.

use crate::ident::{Ident, TableName, list, parameter};
use orm_core::{
    Column, NamedKind, NamedType, SqlType,
    ast::{Insert, Rows, UpdateRows},
};

/// Writes an `INSERT`; its parameters are its columns, in order.
pub(super) fn insert(insert: &Insert) -> String {
    let table = TableName::new(insert.into.table);
    let columns = list(insert.columns.iter().map(|column| Ident(column.column)));
    let rows = match insert.rows {
        Rows::One if insert.columns.is_empty() => "DEFAULT VALUES".to_owned(),
        Rows::One => {
            let params = insert.columns.iter().enumerate();
            let params = list(params.map(|(place, column)| parameter(place, column.ty, false)));
            format!("({columns}) VALUES ({params})")
        }
        // The default of the first column, and with it those of all others.
        Rows::Defaults(rows) => format!("VALUES {}", list((0..rows).map(|_| "(DEFAULT)"))),
        Rows::Unnest => format!("({columns}) {}", unnest(&insert.columns)),
    };
    let conflict = if insert.or_nothing { " ON CONFLICT DO NOTHING" } else { "" };
    let returning = list(insert.into.0.columns().map(|field| Ident(field.column)));
    format!("INSERT INTO {table} {rows}{conflict} RETURNING {returning}")
}

/// Writes an `UPDATE` of many rows; its parameters are arrays of its columns, in order.
pub(super) fn update(update: &UpdateRows) -> String {
    let table = TableName::new(update.table.table);
    let new = Ident(if table.table == "new" { "new_2" } else { "new" });
    let columns: Vec<Column> = update.key.iter().chain(&update.set).copied().collect();
    let named = |column: &Column| format!("{new}.{}", Ident(column.column));
    let set = update.set.iter().map(|column| format!("{} = {}", Ident(column.column), named(column)));
    let count = update.count.iter().map(|column| format!("{} = {} + 1", Ident(column.column), named(column)));
    let set = list(set.chain(count));
    let key = update
        .key
        .iter()
        .map(|column| format!("{}.{} = {}", Ident(table.table), Ident(column.column), named(column)));
    let key = key.collect::<Vec<_>>().join(" AND ");
    let names = list(columns.iter().map(|column| Ident(column.column)));
    format!("UPDATE {table} SET {set} FROM ({}) AS {new} ({names}) WHERE {key}", unnest(&columns))
}

/// The rows of some arrays, which are stored, and therefore returned, in the order of the arrays.
fn unnest(columns: &[Column]) -> String {
    let prefix = unused(columns);
    let number = Ident(&prefix);
    let (mut arrays, mut names, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut place = 0;
    for column in columns {
        match column.ty.base() {
            SqlType::Array(of) => {
                let [from, to] = [1, 2].map(|end| format!("\"{prefix}{}\"", place + end));
                values.push(format!("({})[{from}:{to}]", parameter(place, *of, true)));
                arrays.extend([format!("${}", place + 2), format!("${}", place + 3)]);
                names.extend([from, to]);
                place += 2;
            }
            // `unnest` would take its fields apart.
            SqlType::Named(NamedType { kind: NamedKind::Composite(_), .. }) => {
                values.push(format!("({})[{number}]", parameter(place, column.ty, true)));
            }
            _ => {
                arrays.push(parameter(place, column.ty, true));
                names.push(Ident(column.column).to_string());
                values.push(Ident(column.column).to_string());
            }
        }
        place += 1;
    }
    let (values, arrays, names) = (values.join(", "), arrays.join(", "), names.join(", "));
    let rows = match arrays.is_empty() {
        false => format!("unnest({arrays}) WITH ORDINALITY AS \"rows\" ({names}, {number})"),
        true => {
            let first = parameter(0, columns[0].ty, true);
            format!("generate_subscripts({first}, 1) AS \"rows\" ({number})")
        }
    };
    format!("SELECT {values} FROM {rows} ORDER BY {number}")
}

/// What no column's name begins with: the name of a row's number, and of other values that are no column's.
fn unused(columns: &[Column]) -> String {
    let mut name = "#".to_owned();
    while columns.iter().any(|column| column.column.starts_with(&name)) {
        name.push('#');
    }
    name
}
