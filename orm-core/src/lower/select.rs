//! `SELECT`s: of a query's rows, its number of rows, its aggregates, its existence.

use super::{
    condition::{conjunction, negate},
    scope::Lower,
};
use crate::{
    Error, ErrorKind, KeyColumns, ModelMeta, Node, Param, Path, Result, SqlType, Table, UnaryOp,
    ast::{Alias, Expr, Lock, OrderBy, Output, Select, Selects, Source},
    load::{Load, Loads},
    node::{self, Deleted, Query},
};

/// What is wanted of a query.
#[derive(Clone, Copy)]
pub(crate) enum Want<'a> {
    /// Its rows.
    Rows,
    /// One value a row: the primary key where it is a whole model.
    Key,
    /// Whether it has any.
    Exists,
    /// How many it has.
    Count,
    /// Aggregates over them, of a closure that ran at a depth.
    Totals(u8, &'a [node::Output]),
}

impl Lower {
    pub(crate) fn select(&mut self, query: &Query, want: Want<'_>) -> Result<Select> {
        self.tables.nested += 1;
        let mut select = self.select_here(query, want)?;
        self.tables.nested -= 1;
        if self.tables.nested == 0 {
            select.with = self.take_with();
        }
        Ok(select)
    }

    fn select_here(&mut self, query: &Query, want: Want<'_>) -> Result<Select> {
        self.check_db(query)?;
        if let Some(why) = &query.refused {
            return Err(Error::new(ErrorKind::Usage, why.clone()).context(query.model.name));
        }
        match want {
            Want::Count
                if query.is_chosen_by_order()
                    || query.is_distinct()
                    || query.is_grouped()
                    || query.follows =>
            {
                let rows = self.select(query, Want::Exists)?;
                let rows = Selects { first: rows, more: Vec::new() };
                let from = Source::Query(Box::new(rows), self.alias()?);
                return Ok(Select::plain(from, Output::Value(Expr::CountRows, SqlType::Int8)));
            }
            Want::Totals(..) if query.is_grouped() => {
                return Err(Error::usage("`aggregate` of groups; call `subquery()` before it"));
            }
            Want::Totals(..) if query.is_distinct() => {
                return Err(Error::usage(
                    "`aggregate` after `values` and `distinct`; aggregate without them, or call `subquery()` before it",
                ));
            }
            Want::Totals(..) if query.follows => {
                return Err(Error::usage("`aggregate` after `follow`; call `subquery()` before it"));
            }
            Want::Totals(..)
                if query.is_sliced() && !query.is_of_table() || !query.distinct_on.is_empty() =>
            {
                return Err(Error::usage(
                    "`aggregate` of some rows of a subquery; call `subquery()` after `limit` or `distinct_on`",
                ));
            }
            _ => {}
        }
        let alias = self.alias()?;
        let (mut select, joins) = self.level(query.follows, |lower| lower.select_from(query, want, alias))?;
        select.joins = joins;
        Ok(select)
    }

    fn select_from(&mut self, query: &Query, want: Want<'_>, alias: Alias) -> Result<Select> {
        let model = query.model;
        self.annotated(query, alias);
        let mut select = Select::plain(self.source(query, alias)?, Output::One);
        select.laterals = self.laterals(query, alias)?;
        select.distinct = query.is_distinct();
        select.output = match want {
            Want::Exists if !select.distinct && !query.follows => vec![Output::One],
            Want::Count => vec![Output::Value(Expr::CountRows, SqlType::Int8)],
            Want::Totals(depth, output) => {
                self.outputs(query, want, alias, output.iter().map(|output| (depth, output)))?
            }
            Want::Key if query.output.is_empty() => key_of(query, alias),
            Want::Exists if query.output.is_empty() => vec![Output::Model(Table(model), alias)],
            Want::Rows if query.begins_with_model() => {
                let mut output = vec![Output::Model(Table(model), alias)];
                self.joined(alias, Loads::tree(query.loads.as_deref()), &mut output)?;
                let more = query.output.iter().skip(1).map(|(depth, output)| (*depth, output));
                output.extend(self.outputs(query, want, alias, more)?);
                output
            }
            Want::Rows | Want::Key | Want::Exists => {
                let output = query.output.iter().map(|(depth, output)| (*depth, output));
                self.outputs(query, want, alias, output)?
            }
        };
        // Aggregates of some rows only: those rows are a subquery, by key.
        if matches!(want, Want::Totals(..)) && query.is_sliced() {
            select.filter = Some(self.slice(query, alias, None)?);
            return Ok(select);
        }
        select.filter = self.filter(query, alias)?;
        (select.group, select.having) = self.groups(query, alias)?;
        // Nobody sees the order of keys, but it may say which ones they are; how many rows there are, it never says.
        if matches!(want, Want::Rows) || matches!(want, Want::Key) && query.is_chosen_by_order() {
            select.order = self.order(query, alias)?;
        }
        if !matches!(want, Want::Totals(..)) {
            select.distinct_on = self.distinct_on(query, alias, &mut select.order)?;
        }
        select.limit = query.limit.map(|rows| self.rows(rows)).transpose()?;
        select.offset = query.offset.map(|rows| self.rows(rows)).transpose()?;
        if matches!(want, Want::Rows | Want::Key) {
            select.lock = self.lock(query, alias)?;
        }
        Ok(select)
    }

    /// The conditions of a query on rows of a table.
    pub(crate) fn filter(&mut self, query: &Query, alias: Alias) -> Result<Option<Expr>> {
        let filter = self.conditions(&query.filters, query.model, alias)?;
        let deleted = match (query.deleted, &query.source) {
            (Deleted::Hidden, None) => alive(Table(query.model), alias),
            (Deleted::Only, None) => alive(Table(query.model), alias).map(|alive| negate((alive, false))),
            _ => None, // what a subquery gives was chosen there
        };
        Ok(match deleted {
            None => filter,
            Some(deleted) => Some(conjunction(filter.into_iter().chain([deleted]).collect())),
        })
    }

    fn conditions(
        &mut self,
        conditions: &[(u8, Node)],
        model: &'static ModelMeta,
        alias: Alias,
    ) -> Result<Option<Expr>> {
        let mut all = Vec::with_capacity(conditions.len());
        for (depth, condition) in conditions {
            all.push(self.clause(*depth, model, alias, |lower| lower.condition(condition))?.0);
        }
        Ok((!all.is_empty()).then(|| conjunction(all)).filter(|filter| *filter != Expr::Bool(true)))
    }

    /// What a query groups its rows by, and the conditions on groups.
    fn groups(&mut self, query: &Query, alias: Alias) -> Result<(Vec<Expr>, Option<Expr>)> {
        let mut group = Vec::new();
        let keys = query.keys.clone().unwrap_or_default();
        for (place, (depth, key)) in query.annotations.iter().enumerate().take(keys.end).skip(keys.start) {
            self.clause(*depth, query.model, alias, |lower| {
                match key {
                    node::Output::Given(root, source, first, model) => {
                        let alias = lower.source_of(*root, *source)?;
                        let columns = (0_u16..).take(model.columns().count());
                        group.extend(columns.map(|column| Expr::Given(alias, first + column)));
                    }
                    node::Output::Model(path) => {
                        let alias = lower.table(*path)?;
                        let key = KeyColumns::Primary(Table(path.model())).iter();
                        group.extend(key.map(|column| Expr::Column(alias, column)));
                    }
                    node::Output::Value(..) => {
                        group.push(lower.annotation(Path::root(query.model, *depth), place)?.0);
                    }
                }
                Ok(())
            })?;
        }
        Ok((group, self.conditions(&query.having, query.model, alias)?))
    }

    /// That a row of a table is among the rows of a query, which are locked or not.
    pub(crate) fn slice(&mut self, query: &Query, alias: Alias, lock: Option<node::Lock>) -> Result<Expr> {
        let lock = lock.filter(|_| query.source.is_none() && query.distinct_on.is_empty());
        let keys = Query { output: Vec::new(), lock, follows: false, ..query.clone() };
        let select = self.select(&keys, Want::Key)?;
        let key = KeyColumns::Primary(Table(query.model)).iter().map(|column| Expr::Column(alias, column));
        Ok(Expr::InQuery(Box::new(Expr::row(key.collect())), Box::new(select)))
    }

    pub(super) fn outputs<'a>(
        &mut self,
        query: &Query,
        want: Want<'_>,
        alias: Alias,
        outputs: impl Iterator<Item = (u8, &'a node::Output)>,
    ) -> Result<Vec<Output>> {
        let mut out = Vec::with_capacity(outputs.size_hint().0);
        for (depth, output) in outputs {
            self.clause(depth, query.model, alias, |lower| {
                if let (node::Output::Model(path), true) = (output, query.follows) {
                    lower.follow(*path)?;
                }
                match output {
                    node::Output::Value(value, ty) => out.push(Output::Value(lower.value(value)?.0, *ty)),
                    node::Output::Model(path) if matches!(want, Want::Key) => {
                        for key in KeyColumns::Primary(Table(path.model())).iter() {
                            out.push(Output::Value(lower.value(&Node::Column(*path, key))?.0, key.ty));
                        }
                    }
                    node::Output::Model(path) => {
                        out.push(Output::Model(Table(path.model()), lower.table(*path)?));
                    }
                    node::Output::Given(root, source, first, model) if matches!(want, Want::Key) => {
                        for (place, key) in model.key_places().zip(KeyColumns::Primary(Table(model)).iter()) {
                            out.push(Output::Value(lower.given(*root, *source, first + place)?.0, key.ty));
                        }
                    }
                    node::Output::Given(root, source, first, model) => {
                        out.push(Output::Given(Table(model), lower.source_of(*root, *source)?, *first));
                    }
                }
                Ok(())
            })?;
        }
        Ok(out)
    }

    /// The rows that are joined to those of a table, to be loaded with them.
    fn joined(&mut self, from: Alias, loads: &[Load], output: &mut Vec<Output>) -> Result<()> {
        for load in loads {
            if let Some(inner) = load.joined() {
                let alias = self.join_here(from, load.hop)?;
                output.push(Output::Model(Table(load.hop.target()), alias));
                self.joined(alias, inner, output)?;
            }
        }
        Ok(())
    }

    fn order(&mut self, query: &Query, alias: Alias) -> Result<Vec<OrderBy>> {
        let lower = |(depth, order): (u8, node::OrderBy)| {
            self.clause(depth, query.model, alias, |lower| lower.order_by(&order))
        };
        query.ordering().into_iter().map(lower).collect()
    }

    /// How the rows that are read are locked.
    fn lock(&mut self, query: &Query, alias: Alias) -> Result<Option<Lock>> {
        let Some(node::Lock { strength, wait, of }) = &query.lock else { return Ok(None) };
        if query.is_distinct() || !query.distinct_on.is_empty() {
            return Err(Error::usage(
                "rows that are read once each cannot be locked; lock them without `distinct`",
            ));
        }
        let mut tables = vec![alias];
        for (depth, path) in of {
            let table = self.clause(*depth, query.model, alias, |lower| lower.table(*path))?;
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        Ok(Some(Lock { strength: *strength, of: tables, wait: *wait }))
    }

    /// The values of which only the first row of each is read. The order has to begin with them: those it does not begin with
    /// are put there.
    fn distinct_on(&mut self, query: &Query, alias: Alias, order: &mut Vec<OrderBy>) -> Result<Vec<Expr>> {
        let mut on = Vec::with_capacity(query.distinct_on.len());
        for (depth, value) in &query.distinct_on {
            on.push(self.clause(*depth, query.model, alias, |lower| lower.value(value))?.0);
        }
        let begun = order.iter().take_while(|order| on.contains(&order.expr)).count();
        let missing = on.iter().filter(|on| order[..begun].iter().all(|order| order.expr != **on));
        let missing: Vec<_> =
            missing.map(|on| OrderBy { expr: on.clone(), descending: false, nulls_first: None }).collect();
        if !order.is_empty() {
            order.splice(begun..begun, missing);
        }
        Ok(on)
    }

    pub(crate) fn order_by(&mut self, order: &node::OrderBy) -> Result<OrderBy> {
        let (expr, _) = self.value(&order.by)?;
        Ok(OrderBy { expr, descending: order.descending, nulls_first: order.nulls_first })
    }

    /// A number of rows, as a parameter: it is no part of the shape.
    fn rows(&mut self, rows: u64) -> Result<u16> {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        self.params.push(&Param::new(Some(&rows)))
    }
}

/// That a row of a table is not deleted, where rows are hidden when they are.
pub(super) fn alive(table: Table, alias: Alias) -> Option<Expr> {
    let column = table.0.deleted_at()?;
    Some(Expr::Unary(UnaryOp::IsNull, Box::new(Expr::Column(alias, column))))
}

fn key_of(query: &Query, alias: Alias) -> Vec<Output> {
    let key = KeyColumns::Primary(Table(query.model)).iter();
    key.map(|column| Output::Value(Expr::Column(alias, column), column.ty)).collect()
}
