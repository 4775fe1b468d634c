//! Tables that are queries: in `FROM`, before the statement (`WITH`), and for each row (`LATERAL`).

use super::{Lower, select::Want};
use crate::{
    Error, Path, Result, Table,
    ast::{self, Alias, Combine, Expr, Named, Select, Selects, Source, With, WithRows},
    node::{self, Changed, Derived, Place, Query, Rows},
};
use std::sync::Arc;

/// What a statement has said so far of derived tables.
#[derive(Default)]
pub(super) struct Tables {
    /// How many queries are being lowered within each other.
    pub(super) nested: usize,
    /// What stands before the statement.
    with: Vec<With>,
    /// Which derived table has which name, of those that have one.
    names: Vec<(Arc<Derived>, Alias)>,
    /// Tables whose columns are not those of the model they are bound to.
    without_fields: Vec<Alias>,
    /// The rows that are asked for each row of a table: its name, and theirs.
    laterals: Vec<(Alias, Alias)>,
}

impl Lower {
    /// What a query reads, by a name.
    pub(super) fn source(&mut self, query: &Query, alias: Alias) -> Result<Source> {
        let table = Table(query.model);
        let Some(derived) = &query.source else { return Ok(Source::Table(table, alias)) };
        if query.lock.is_some() {
            return Err(Error::usage(
                "`select_for_update` of the rows of a subquery; lock the rows of tables, in a query of its own",
            ));
        }
        if !derived.leads {
            self.tables.without_fields.push(alias);
        }
        match (&derived.rows, derived.place) {
            (Rows::Of(how, queries), Place::From) => {
                Ok(Source::Query(Box::new(self.selects(*how, queries, derived.leads)?), alias))
            }
            _ => Ok(Source::With(self.with(derived)?, alias, table)),
        }
    }

    /// The name of a derived table that stands before the statement.
    fn with(&mut self, derived: &Arc<Derived>) -> Result<Alias> {
        if let Some((_, name)) = self.tables.names.iter().find(|(of, _)| Arc::ptr_eq(of, derived)) {
            return Ok(*name);
        }
        let name = self.alias()?;
        // It stands outside of everything.
        let outside = self.outside();
        let rows = match &derived.rows {
            Rows::Of(how, queries) => {
                WithRows::Selects(Box::new(self.selects(*how, queries, derived.leads)?))
            }
            Rows::Changed(changed) => self.changed(changed, derived.leads)?,
            Rows::Recursive { first, next, last } => {
                self.tables.names.push((Arc::clone(last), name));
                WithRows::Selects(Box::new(self.selects(
                    Combine::Union,
                    [&**first, &**next],
                    derived.leads,
                )?))
            }
            Rows::Last => {
                let why = "the rows that a step of `recursive` reads are read outside of it";
                return Err(Error::usage(why));
            }
        };
        self.inside(outside);
        self.tables.names.push((Arc::clone(derived), name));
        let recursive = matches!(derived.rows, Rows::Recursive { .. });
        self.tables.with.push(With {
            name,
            rows,
            recursive,
            materialized: derived.place == Place::Materialized,
        });
        Ok(name)
    }

    /// The rows that are changed, as a table.
    fn changed(&mut self, changed: &Changed, leads: bool) -> Result<WithRows> {
        let Changed { query, how, output } = changed;
        let mut changed = self.change(query, how, output)?;
        match &mut changed {
            ast::Changed::Update(update) => update.named = named(leads),
            ast::Changed::Delete(delete) => delete.named = named(leads),
        }
        Ok(WithRows::Changed(Box::new(changed)))
    }

    /// What stands before a statement whose last part has been lowered.
    pub(super) fn take_with(&mut self) -> Vec<With> {
        self.tables.names.clear();
        std::mem::take(&mut self.tables.with)
    }

    fn selects<'a>(
        &mut self,
        how: Combine,
        queries: impl IntoIterator<Item = &'a Query>,
        leads: bool,
    ) -> Result<Selects> {
        let named = named(leads);
        let mut selects = queries.into_iter().map(|query| self.rows_of(query, named));
        let Some(first) = selects.next() else { return Err(Error::usage("no query to read from")) };
        let first = first?;
        Ok(Selects { first, more: selects.map(|select| Ok((how, select?))).collect::<Result<_>>()? })
    }

    /// The rows of a query as a table. Their order is of no consequence, but where it says which they are.
    fn rows_of(&mut self, query: &Query, named: Named) -> Result<Select> {
        let mut query = Query { loads: None, ..query.clone() };
        if !query.is_chosen_by_order() {
            (query.order, query.reversed) = (Some(Vec::new()), false);
        }
        Ok(Select { named, ..self.select(&query, Want::Rows)? })
    }

    /// The rows that are asked for each row of a table.
    pub(super) fn laterals(&mut self, query: &Query, alias: Alias) -> Result<Vec<(Select, Alias)>> {
        let mut laterals = Vec::with_capacity(query.laterals.len());
        for lateral in &query.laterals {
            let name = self.alias()?;
            let rows = self.clause(lateral.depth, query.model, alias, |lower| {
                lower.rows_of(&lateral.rows, Named::ByPlace)
            })?;
            self.tables.laterals.push((alias, name));
            laterals.push((rows, name));
        }
        Ok(laterals)
    }

    /// The table that a source of the query of a root is.
    pub(super) fn source_of(&self, root: Path, source: node::Source) -> Result<Alias> {
        let alias = self.root_alias(root)?;
        let node::Source::Lateral(place) = source else { return Ok(alias) };
        let of = self.tables.laterals.iter().filter(|(of, _)| *of == alias).nth(place);
        of.map(|(_, name)| *name)
            .ok_or_else(|| Error::usage("rows that are asked for each row, before they are"))
    }

    pub(super) fn given(&self, root: Path, source: node::Source, place: u16) -> Result<(Expr, bool)> {
        Ok((Expr::Given(self.source_of(root, source)?, place), true))
    }

    /// Refuses the model's fields of rows that do not have them.
    pub(super) fn check_fields(&self, alias: Alias, path: Path) -> Result<()> {
        match self.tables.without_fields.contains(&alias) {
            true => Err(Error::usage(format!(
                "the rows of a subquery are values and no `{}`; speak of those values",
                path.root.name
            ))),
            false => Ok(()),
        }
    }
}

fn named(leads: bool) -> Named {
    if leads { Named::AfterModel } else { Named::ByPlace }
}
