//! `INSERT`, and `UPDATE` from arrays: text of ours, because sea-query knows neither `unnest` nor `WITH ORDINALITY`. Nothing but
//! static names goes in, quoted; expressions are sea-query's.

use super::{Renderer, writer::Places};
use crate::ident::{Ident, TableName, list, parameter};
use orm_core::{
    Column, NamedKind, NamedType, SqlType,
    ast::{Conflict, ConflictUpdate, Expr as Value, Insert, Inserted, Rows, UpdateRows},
};
use sea_query::{PostgresQueryBuilder, QueryBuilder};

impl Renderer {
    /// Writes an `INSERT`; its first parameters are its columns, in order, unless its rows are those of a query.
    pub(super) fn insert(&mut self, insert: &Insert, sql: &mut Places) {
        let table = TableName::new(insert.into.table);
        let columns = list(insert.columns.iter().map(|column| Ident(column.column)));
        sql.push(&format!("INSERT INTO {table} "));
        match &insert.rows {
            Rows::One if insert.columns.is_empty() => sql.push("DEFAULT VALUES"),
            Rows::One => {
                let params = insert.columns.iter().enumerate();
                let params = list(params.map(|(place, column)| parameter(place, column.ty, false)));
                sql.push(&format!("({columns}) VALUES ({params})"));
            }
            // The default of the first column, and with it those of all others.
            Rows::Defaults(rows) => {
                sql.push(&format!("VALUES {}", list((0..*rows).map(|_| "(DEFAULT)"))));
            }
            Rows::Unnest => sql.push(&format!("({columns}) {}", unnest(&insert.columns))),
            Rows::Select(select) => {
                sql.push(&format!("({columns}) "));
                self.select(select).build_collect_into(PostgresQueryBuilder, sql);
            }
        }
        match &insert.conflict {
            Conflict::Fail => {}
            Conflict::Nothing => sql.push(" ON CONFLICT DO NOTHING"),
            Conflict::Update(update) => self.conflict(insert, update, sql),
        }
        if insert.returning != Inserted::Nothing {
            sql.push(" RETURNING ");
            sql.push(&list(insert.into.0.columns().map(|field| Ident(field.column))));
        }
        if insert.returning == Inserted::RowAndWhether {
            // A row that was there has been locked, or deleted and made anew, by this transaction.
            sql.push(", xmax = 0");
        }
    }

    fn conflict(&mut self, insert: &Insert, update: &ConflictUpdate, sql: &mut Places) {
        let ConflictUpdate { target, target_filter, alias, new, set, filter } = update;
        self.names.inserted(insert.into, *alias, *new);
        sql.push(&format!(" ON CONFLICT ({})", list(target.iter().map(|column| Ident(column.column)))));
        self.condition(target_filter.as_ref(), sql);
        sql.push(" DO UPDATE SET ");
        for (at, (column, value)) in set.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            sql.push(&format!("{comma}{} = ", Ident(column.column)));
            PostgresQueryBuilder.prepare_expr(&self.expr(value), sql);
        }
        self.condition(filter.as_ref(), sql);
    }

    fn condition(&mut self, condition: Option<&Value>, sql: &mut Places) {
        if let Some(condition) = condition {
            sql.push(" WHERE ");
            PostgresQueryBuilder.prepare_expr(&self.expr(condition), sql);
        }
    }
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
    let rows = unnest(&columns);
    let mut sql = format!("UPDATE {table} SET {set} FROM ({rows}) AS {new} ({names}) WHERE {key}");
    if update.returning {
        let own = update.table.0.columns();
        let own = list(own.map(|field| format!("{}.{}", Ident(table.table), Ident(field.column))));
        sql.push_str(" RETURNING ");
        sql.push_str(&own);
    }
    sql
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
