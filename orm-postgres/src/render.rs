//! From a statement's shape to its SQL. Pure; with its submodules the only user of sea-query.
//!
//! sea-query does the skeletons, the quoting and the parentheses of all but `INSERT`. Every value it is given is
//! the place of one of our parameters, which [`Places`] writes as `$n`: it binds nothing.

mod expr;
mod function;
mod insert;
mod names;
mod pattern;
mod writer;

use crate::ident::{TableName, list};
use names::Names;
use orm_core::{
    SqlType, Table,
    ast::{
        Changed, Combine, Delete, ExplainOption, Expr as Value, Inserted, LockStrength, LockWait, Named,
        Output, RawOutput, Select, Selects, Shape, Source, Update, WithRows,
    },
};
use sea_query::{
    Asterisk, CommonTableExpression, Condition, DeleteStatement, Expr, ExprTrait, Func, JoinType,
    LockBehavior, LockType, NullOrdering, Order, PostgresQueryBuilder, Query, ReturningClause,
    SelectStatement, TableRef, UnionType, UpdateStatement, WithClause,
};
use writer::Places;

/// SQL, and what each of its columns must be.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// The statement.
    pub(crate) sql: String,
    /// The columns of its rows, in order; a name is for error messages.
    pub(crate) output: Vec<(String, SqlType)>,
}

/// Writes a statement as SQL.
pub(crate) fn render(shape: &Shape) -> Rendered {
    let mut sql = Places::default();
    let output = write(shape, &mut sql);
    Rendered { sql: sql.into_sql(), output }
}

/// Writes a statement; gives what each of its columns must be.
fn write(shape: &Shape, sql: &mut Places) -> Vec<(String, SqlType)> {
    let mut renderer = Renderer::default();
    match shape {
        Shape::Raw(raw) => {
            sql.push(&raw.sql);
            raw_output(&raw.output)
        }
        Shape::Select(select) => {
            renderer.select(select).build_collect_into(PostgresQueryBuilder, sql);
            renderer.output(select)
        }
        Shape::Explain { options, of } => {
            sql.push("EXPLAIN ");
            if !options.is_empty() {
                sql.push(&format!("({}) ", list(options.iter().map(explain_option))));
            }
            write(of, sql);
            let json = options.contains(&ExplainOption::Json);
            vec![("QUERY PLAN".to_owned(), if json { SqlType::Json } else { SqlType::Text })]
        }
        Shape::Insert(statement) => {
            renderer.insert(statement, sql);
            match statement.returning {
                Inserted::Nothing => Vec::new(),
                Inserted::Row => columns(statement.into),
                Inserted::RowAndWhether => {
                    let mut columns = columns(statement.into);
                    columns.push(("inserted".to_owned(), SqlType::Bool));
                    columns
                }
            }
        }
        Shape::Update(update) => {
            renderer.update(update).build_collect_into(PostgresQueryBuilder, sql);
            renderer.described(&update.returning)
        }
        Shape::UpdateRows(update) => {
            sql.push(&insert::update(update));
            if update.returning { columns(update.table) } else { Vec::new() }
        }
        Shape::Refresh { view, concurrently } => {
            let how = if *concurrently { "CONCURRENTLY " } else { "" };
            sql.push(&format!("REFRESH MATERIALIZED VIEW {how}{}", TableName::new(view.table)));
            Vec::new()
        }
        Shape::Delete(delete) => {
            renderer.delete(delete).build_collect_into(PostgresQueryBuilder, sql);
            renderer.described(&delete.returning)
        }
    }
}

fn explain_option(option: &ExplainOption) -> &'static str {
    match option {
        ExplainOption::Analyze => "ANALYZE",
        ExplainOption::Verbose => "VERBOSE",
        ExplainOption::NoCosts => "COSTS OFF",
        ExplainOption::Settings => "SETTINGS",
        ExplainOption::GenericPlan => "GENERIC_PLAN",
        ExplainOption::Buffers => "BUFFERS",
        ExplainOption::Wal => "WAL",
        ExplainOption::NoTiming => "TIMING OFF",
        ExplainOption::Memory => "MEMORY",
        ExplainOption::Json => "FORMAT JSON",
    }
}

/// Renders one statement; knows the names that its tables have got so far.
#[derive(Default)]
struct Renderer {
    names: Names,
}

impl Renderer {
    fn select(&mut self, select: &Select) -> SelectStatement {
        let mut query = Query::select();
        if !select.with.is_empty() {
            let mut clause = WithClause::new();
            clause.recursive(select.with.iter().any(|with| with.recursive));
            for with in &select.with {
                // Its name is known before its rows, which may speak of it.
                let name = self.names.with(with.name);
                let mut table = CommonTableExpression::new();
                match &with.rows {
                    WithRows::Selects(selects) => table.query(self.selects(selects)),
                    WithRows::Changed(changed) => match &**changed {
                        Changed::Update(update) => table.query(self.update(update)),
                        Changed::Delete(delete) => table.query(self.delete(delete)),
                    },
                };
                table.table_name(name);
                if with.materialized {
                    table.materialized(true);
                }
                clause.cte(table);
            }
            query.with_cte(clause);
        }
        if select.distinct {
            query.distinct();
        }
        // Tables get their names before the expressions that speak of them, outer ones before inner ones.
        match &select.from {
            Source::Table(table, alias) => {
                query.from(self.names.table(*table, *alias));
            }
            Source::Query(inner, alias) => {
                let name = self.names.query(*alias);
                query.from(TableRef::SubQuery(Box::new(self.selects(inner)), name));
            }
            Source::With(with, alias, _) => {
                let name = self.names.query(*alias);
                query.from_as(self.names.get(*with), name);
            }
            Source::Each { list, subscripts, item, rows, alias } => {
                let list = match subscripts {
                    false => Func::cust("unnest").arg(self.expr(list)),
                    true => {
                        Func::cust("generate_subscripts").args([self.expr(list), Expr::Constant(1.into())])
                    }
                };
                query.from(TableRef::FunctionCall(list, self.names.items(*item)));
                let name = self.names.query(*alias);
                let rows = self.select(rows);
                query.join_lateral(JoinType::InnerJoin, rows, name, Expr::Constant(true.into()));
            }
            Source::Nothing(_) => {}
        }
        for join in &select.joins {
            let table = self.names.table(join.table, join.alias);
            let mut on = Condition::all();
            for (column, to) in join.columns.iter().zip(join.to_columns.iter()) {
                on = on.add(self.names.column(join.alias, column).eq(self.names.column(join.to, to)));
            }
            if let Some(null) = join.null {
                on = on.add(self.names.column(join.alias, null).is_null());
            }
            query.join(if join.left { JoinType::LeftJoin } else { JoinType::InnerJoin }, table, on);
        }
        for (rows, alias) in &select.laterals {
            let name = self.names.query(*alias);
            let rows = self.select(rows);
            query.join_lateral(JoinType::InnerJoin, rows, name, Expr::Constant(true.into()));
        }
        let mut outputs = self.outputs(select.named, &select.output);
        if let (false, Some((first, _))) = (select.distinct_on.is_empty(), outputs.first_mut()) {
            // sea-query's own is of columns only.
            let on = select.distinct_on.iter().map(|value| self.expr(value)).collect();
            *first = function::distinct_on(on, first.clone());
        }
        for (value, name) in outputs {
            match name {
                None => query.expr(value),
                Some(place) => query.expr_as(value, names::of_place(place)),
            };
        }
        if let Some(filter) = &select.filter {
            query.and_where(self.expr(filter));
        }
        query.add_group_by(select.group.iter().map(|key| self.expr(key)).collect::<Vec<_>>());
        if let Some(having) = &select.having {
            query.and_having(self.expr(having));
        }
        for order in &select.order {
            let direction = if order.descending { Order::Desc } else { Order::Asc };
            let expr = self.expr(&order.expr);
            match order.nulls_first {
                None => query.order_by_expr(expr, direction),
                Some(true) => query.order_by_expr_with_nulls(expr, direction, NullOrdering::First),
                Some(false) => query.order_by_expr_with_nulls(expr, direction, NullOrdering::Last),
            };
        }
        if let Some(place) = select.limit {
            query.limit(place.into());
        }
        if let Some(place) = select.offset {
            query.offset(place.into());
        }
        if let Some(lock) = &select.lock {
            let of: Vec<_> = lock.of.iter().map(|table| self.names.get(*table)).collect();
            let strength = match lock.strength {
                LockStrength::Update => LockType::Update,
                LockStrength::NoKeyUpdate => LockType::NoKeyUpdate,
                LockStrength::Share => LockType::Share,
                LockStrength::KeyShare => LockType::KeyShare,
            };
            match lock.wait {
                LockWait::Wait => query.lock_with_tables(strength, of),
                LockWait::NoWait => query.lock_with_tables_behavior(strength, of, LockBehavior::Nowait),
                LockWait::SkipLocked => {
                    query.lock_with_tables_behavior(strength, of, LockBehavior::SkipLocked)
                }
            };
        }
        query
    }

    /// What a row holds, and the places of what is named by them.
    fn outputs(&mut self, named: Named, parts: &[Output]) -> Vec<(Expr, Option<u16>)> {
        let mut outputs = Vec::new();
        let mut place = 0;
        for output in parts {
            let first = place;
            place += width(output);
            let named = match (named, output) {
                (Named::No, _) => false,
                (Named::AfterModel, Output::Model(..)) => first > 0,
                _ => true,
            };
            let mut push = |value, place| outputs.push((value, named.then_some(place)));
            match output {
                Output::Model(table, alias) => {
                    for (place, field) in (first..).zip(table.0.columns()) {
                        push(Expr::col((self.names.get(*alias), field.column)), place);
                    }
                }
                Output::Given(_, alias, from) => {
                    for at in 0..width(output) {
                        push(self.names.given(*alias, from + at), first + at);
                    }
                }
                Output::Value(expr, _) => push(self.expr(expr), first),
                Output::All(alias) => outputs.push((Expr::col((self.names.get(*alias), Asterisk)), None)),
                Output::One => outputs.push((Expr::Constant(1.into()), None)),
            }
        }
        outputs
    }

    /// The rows of one `SELECT`, or of several. The first of several has no parentheses, so its order and limit would be those of
    /// all: such a one is a subquery.
    fn selects(&mut self, selects: &Selects) -> SelectStatement {
        let Selects { first, more } = selects;
        let alone =
            more.is_empty() || first.order.is_empty() && first.limit.is_none() && first.offset.is_none();
        let mut query = self.select(first);
        if !alone {
            query = Query::select().column(Asterisk).from_subquery(query, names::UNNAMED).take();
        }
        for (how, select) in more {
            let how = match how {
                Combine::Union => UnionType::Distinct,
                Combine::UnionAll => UnionType::All,
                Combine::Intersect => UnionType::Intersect,
                Combine::Except => UnionType::Except,
            };
            query.union(how, self.select(select));
        }
        query
    }

    /// What is read of changed rows; the columns of a whole one need no table.
    fn returning(&mut self, named: Named, outputs: &[Output]) -> ReturningClause {
        let returning = Query::returning();
        if let ([Output::Model(table, _)], Named::No | Named::AfterModel) = (outputs, named) {
            return returning.columns(table.0.columns().map(|field| field.column));
        }
        let outputs = self.outputs(named, outputs).into_iter().map(|(value, place)| match place {
            None => value,
            Some(place) => function::named(value, &names::of_place(place)),
        });
        returning.exprs(outputs.collect::<Vec<_>>())
    }

    fn update(&mut self, update: &Update) -> UpdateStatement {
        let mut query = Query::update();
        query.table(self.names.table(update.table, update.alias));
        for (column, expr) in &update.set {
            query.value(column.column, self.expr(expr));
        }
        if let Some(filter) = &update.filter {
            query.and_where(self.expr(filter));
        }
        if !update.returning.is_empty() {
            query.returning(self.returning(update.named, &update.returning));
        }
        query
    }

    fn delete(&mut self, delete: &Delete) -> DeleteStatement {
        let mut query = Query::delete();
        query.from_table(self.names.table(delete.from, delete.alias));
        if let Some(filter) = &delete.filter {
            query.and_where(self.expr(filter));
        }
        if !delete.returning.is_empty() {
            query.returning(self.returning(delete.named, &delete.returning));
        }
        query
    }

    fn output(&self, select: &Select) -> Vec<(String, SqlType)> {
        let mut output = self.described(&select.output);
        if select.output.iter().any(|part| matches!(part, Output::All(_))) {
            output.extend(match &select.from {
                Source::Query(rows, _) => self.output(&rows.first),
                Source::Each { rows, .. } => self.output(rows),
                Source::Table(table, _) | Source::Nothing(table) | Source::With(_, _, table) => {
                    columns(*table)
                }
            });
        }
        output
    }

    /// What the parts of a row are, but for [`Output::All`].
    fn described(&self, parts: &[Output]) -> Vec<(String, SqlType)> {
        let mut output = Vec::new();
        for part in parts {
            let name = format!("column {}", output.len() + 1);
            match part {
                Output::Model(table, _) | Output::Given(table, ..) => output.extend(columns(*table)),
                Output::Value(Value::Column(alias, column), ty) => {
                    output.push((format!("{}.{}", self.names.get(*alias), column.column), *ty));
                }
                Output::Value(_, ty) => output.push((name, *ty)),
                Output::All(_) => {}
                Output::One => output.push((name, SqlType::Int4)),
            }
        }
        output
    }
}

/// How many columns a part of a row has.
fn width(output: &Output) -> u16 {
    match output {
        Output::Model(table, _) | Output::Given(table, ..) => {
            u16::try_from(table.0.columns().count()).unwrap_or(u16::MAX)
        }
        Output::Value(..) | Output::One => 1,
        Output::All(_) => 0,
    }
}

/// What raw SQL must give; a model's columns by their names.
fn raw_output(output: &RawOutput) -> Vec<(String, SqlType)> {
    match output {
        RawOutput::Nothing => Vec::new(),
        RawOutput::Values(types) => {
            types.iter().enumerate().map(|(place, ty)| (format!("column {}", place + 1), *ty)).collect()
        }
        RawOutput::Model(table) => {
            table.0.columns().map(|field| (field.column.to_owned(), field.ty)).collect()
        }
    }
}

/// The columns of a model as a row's output.
fn columns(table: Table) -> Vec<(String, SqlType)> {
    table.0.columns().map(|field| (format!("{}.{}", table.table, field.column), field.ty)).collect()
}
