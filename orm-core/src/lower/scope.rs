//! Bindings, levels and paths: which table of the statement a path leads to.

use super::{derived::Tables, value::Lowered};
use crate::{
    Column, Db, Error, ErrorKind, KeyColumns, ModelMeta, Path, Result, Table,
    ast::{Alias, Join, Params},
    node::{Output, Query},
    path::Hop,
    relation::Between,
};
use std::sync::Arc;

/// The state of lowering one statement.
#[derive(Default)]
pub(crate) struct Lower {
    pub(crate) params: Params,
    /// Whether a function or SQL of the user's stands in the statement.
    pub(crate) foreign: bool,
    /// The database that was named for the statement.
    db: Option<Db>,
    /// Whether a table's columns may be NULL because it is LEFT joined, by alias.
    left: Vec<bool>,
    /// The `SELECT`s being lowered, the innermost last.
    levels: Vec<Level>,
    /// What names mean, the innermost last.
    bindings: Vec<Binding>,
    /// The annotations of the queries being lowered.
    annotated: Vec<Annotated>,
    pub(super) tables: Tables,
}

/// The annotations of a query, by its alias. Each is lowered once, so that all its mentions are the same to the server.
struct Annotated {
    alias: Alias,
    values: Arc<[(u8, Output)]>,
    lowered: Vec<Option<Lowered>>,
}

/// What encloses a clause.
pub(super) struct Outside(Vec<Binding>, Vec<Level>);

/// One `SELECT`.
#[derive(Default)]
struct Level {
    joins: Vec<Join>,
    /// Whether to-many relations may be joined: inside an aggregate.
    many: bool,
}

/// A path that has a table: a query's root, or a hop that has its own subquery.
#[derive(Clone, Copy)]
struct Binding {
    at: At,
    level: usize,
    alias: Alias,
    /// The hop whose table of pairs that is; the table of its rows is joined when it is asked for.
    between: Option<&'static Hop>,
}

#[derive(Clone, Copy)]
enum At {
    Root(u8, &'static ModelMeta),
    Hop(&'static Hop),
}

impl At {
    fn is(self, path: Path) -> bool {
        match (self, path.hop) {
            (At::Root(depth, model), None) => depth == path.depth && std::ptr::eq(model, path.root),
            (At::Hop(hop), Some(other)) => std::ptr::eq(hop, other),
            _ => false,
        }
    }
}

impl Lower {
    pub(crate) fn on(db: Option<Db>) -> Self {
        Lower { db, ..Lower::default() }
    }

    /// Refuses a query that names another database than the statement it stands in.
    pub(crate) fn check_db(&self, query: &Query) -> Result<()> {
        match &query.db {
            Some(db) if !self.db.as_ref().is_some_and(|ours| ours.is(db)) => Err(Error::usage(format!(
                "the query on `{}` names a database by `using` and stands inside another query; name it there",
                query.model.name
            ))),
            _ => Ok(()),
        }
    }

    pub(crate) fn alias(&mut self) -> Result<Alias> {
        let alias = u16::try_from(self.left.len())
            .map_err(|_| Error::new(ErrorKind::Usage, "a query with more than 65,535 tables"))?;
        self.left.push(false);
        Ok(Alias(alias))
    }

    /// The model whose rows are spoken of.
    pub(crate) fn model(&self) -> Option<&'static ModelMeta> {
        self.bindings.last().map(|binding| match binding.at {
            At::Root(_, model) => model,
            At::Hop(hop) => hop.target(),
        })
    }

    /// Whether the columns of a table can be NULL whatever they are declared as.
    pub(crate) fn is_left(&self, alias: Alias) -> bool {
        self.left.get(usize::from(alias.0)).copied().unwrap_or_default()
    }

    /// Runs `f` in a `SELECT` of its own; returns the joins it made.
    pub(crate) fn level<T>(
        &mut self,
        many: bool,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<(T, Vec<Join>)> {
        self.levels.push(Level { many, ..Level::default() });
        let result = f(self);
        let joins = self.levels.pop().map(|level| level.joins).unwrap_or_default();
        Ok((result?, joins))
    }

    fn bind<T>(
        &mut self,
        at: At,
        alias: Alias,
        between: Option<&'static Hop>,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let level = self.levels.len().saturating_sub(1);
        self.bindings.push(Binding { at, level, alias, between });
        let result = f(self);
        self.bindings.pop();
        result
    }

    /// Lowers a clause whose closure ran at `depth` over rows of a table.
    pub(crate) fn clause<T>(
        &mut self,
        depth: u8,
        model: &'static ModelMeta,
        alias: Alias,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.bind(At::Root(depth, model), alias, None, f)
    }

    /// Lowers what a closure that ran at `depth` says about the rows a hop leads to.
    pub(crate) fn clause_across<T>(
        &mut self,
        depth: u8,
        hop: &'static Hop,
        alias: Alias,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.bind(At::Root(depth, hop.target()), alias, hop.between(), f)
    }

    /// Lowers what is said about the rows a hop leads to.
    pub(crate) fn across<T>(
        &mut self,
        hop: &'static Hop,
        alias: Alias,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        self.bind(At::Hop(hop), alias, hop.between(), f)
    }

    /// Lowers what is said about the rows a hop leads to, which are joined.
    pub(crate) fn across_joined<T>(
        &mut self,
        hop: &'static Hop,
        f: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let alias = self.table(Path { hop: Some(hop), ..hop.from })?;
        self.bind(At::Hop(hop), alias, None, f)
    }

    /// Lowers what is said about all the rows that relations lead to, whichever of them the conditions around it speak of.
    pub(crate) fn over_all<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let roots = self.bindings.iter().filter(|binding| matches!(binding.at, At::Root(..))).copied();
        let roots = roots.collect();
        let outer = std::mem::replace(&mut self.bindings, roots);
        let result = f(self);
        self.bindings = outer;
        result
    }

    /// Forgets what encloses the current clause, for what stands outside of it.
    pub(super) fn outside(&mut self) -> Outside {
        Outside(std::mem::take(&mut self.bindings), std::mem::take(&mut self.levels))
    }

    /// Goes on where [`outside`](Self::outside) was called.
    pub(super) fn inside(&mut self, Outside(bindings, levels): Outside) {
        (self.bindings, self.levels) = (bindings, levels);
    }

    /// The table that a query's own rows are read from.
    pub(super) fn root_alias(&self, root: Path) -> Result<Alias> {
        let binding = self.bindings.iter().rev().find(|binding| binding.at.is(root));
        binding.map(|binding| binding.alias).ok_or_else(|| {
            Error::usage(format!("a value of a query on `{}` that does not enclose this one", root.root.name))
        })
    }

    /// Joins a path without its NULLs: the rows that it does not lead anywhere from are left out.
    pub(crate) fn follow(&mut self, path: Path) -> Result<()> {
        let mut alias = self.table(path)?;
        if let Some(level) = self.levels.last_mut() {
            while let Some(join) = level.joins.iter_mut().find(|join| join.alias == alias) {
                join.left = false;
                self.left[usize::from(alias.0)] = false;
                alias = join.to;
            }
        }
        Ok(())
    }

    /// Keeps the annotations of a query at hand.
    pub(crate) fn annotated(&mut self, query: &Query, alias: Alias) {
        if !query.annotations.is_empty() {
            let lowered = vec![None; query.annotations.len()];
            self.annotated.push(Annotated { alias, values: Arc::clone(&query.annotations), lowered });
        }
    }

    /// A value that the query of a root was annotated with.
    pub(crate) fn annotation(&mut self, root: Path, place: usize) -> Result<Lowered> {
        let unknown =
            || Error::usage(format!("an annotation of a query on `{}` in another query", root.root.name));
        let at = self.bindings.iter().rposition(|binding| binding.at.is(root)).ok_or_else(unknown)?;
        let binding = self.bindings[at];
        let of = self.annotated.iter().position(|of| of.alias == binding.alias).ok_or_else(unknown)?;
        if let Some(lowered) = self.annotated[of].lowered.get(place).cloned().flatten() {
            return Ok(lowered);
        }
        let values = Arc::clone(&self.annotated[of].values);
        let (depth, value) = values.get(place).ok_or_else(unknown)?;
        // As it was written: without what encloses only its mention.
        let inner = self.bindings.split_off(at);
        self.bindings.push(Binding { at: At::Root(*depth, root.root), ..binding });
        let lowered = self.value(&value.clone().into_node());
        self.bindings.truncate(at);
        self.bindings.extend(inner);
        let lowered = lowered?;
        self.annotated[of].lowered[place] = Some(lowered.clone());
        Ok(lowered)
    }

    /// The innermost binding that a path starts with, and the hops from there, the first one first.
    fn find(&self, path: Path) -> Result<(Binding, Vec<&'static Hop>)> {
        for binding in self.bindings.iter().rev() {
            let mut rest = Vec::new();
            let mut at = path;
            loop {
                if binding.at.is(at) {
                    rest.reverse();
                    return Ok((*binding, rest));
                }
                let Some(hop) = at.hop else { break };
                rest.push(hop);
                at = hop.from;
            }
        }
        Err(Error::usage(format!(
            "`{path:?}` refers to a query on `{}` that does not enclose this one",
            path.root.name
        )))
    }

    /// The first to-many hop of a path that has no table yet.
    pub(crate) fn many_hop(&self, path: Path) -> Result<Option<&'static Hop>> {
        if path.hops().all(|hop| !hop.field.is_many()) {
            return Ok(None); // the common case, without a search
        }
        Ok(self.find(path)?.1.into_iter().find(|hop| hop.field.is_many()))
    }

    /// The table a path leads to, joined if it is not there yet.
    pub(crate) fn table(&mut self, path: Path) -> Result<Alias> {
        let (binding, hops) = self.find(path)?;
        self.walk(binding, &hops)
    }

    /// A column of the row that a path leads to: its table and itself, or one that equals it in a table of pairs, without
    /// the join from there.
    pub(crate) fn place(&mut self, path: Path, column: Column) -> Result<(Alias, Column)> {
        let (binding, hops) = self.find(path)?;
        let (hop, before) = match hops.split_last() {
            Some((hop, before)) => (hop.between(), before),
            None => (binding.between, &[][..]),
        };
        if let Some(hop) = hop {
            let link = hop.link()?;
            if let Some(between) = link.between
                && hop.target().soft_delete.is_none() // else it is asked whether the row is deleted
                && let Some(far) = KeyColumns::Field(between.far).beside(link.to, column)
            {
                let alias = match hops.is_empty() {
                    true => binding.alias,
                    false => {
                        let from = self.walk(binding, before)?;
                        self.join_pairs(binding.level, from, hop, link.from, between)?
                    }
                };
                return Ok((alias, far));
            }
        }
        let alias = self.walk(binding, &hops)?;
        if hops.is_empty() {
            self.check_fields(alias, path)?;
        }
        Ok((alias, column))
    }

    fn walk(&mut self, binding: Binding, hops: &[&'static Hop]) -> Result<Alias> {
        let level = binding.level;
        let mut alias = match binding.between {
            None => binding.alias,
            Some(hop) => self.join_far(level, binding.alias, hop)?,
        };
        for hop in hops {
            self.check_fields(alias, hop.from)?;
            alias = self.join(level, alias, hop)?;
        }
        Ok(alias)
    }

    /// The table a hop leads to, joined to one of the `SELECT` being lowered.
    pub(crate) fn join_here(&mut self, from: Alias, hop: &'static Hop) -> Result<Alias> {
        self.join(self.levels.len().saturating_sub(1), from, hop)
    }

    fn join(&mut self, level: usize, from: Alias, hop: &'static Hop) -> Result<Alias> {
        let link = hop.link()?;
        if let Some(between) = link.between {
            let pairs = self.join_pairs(level, from, hop, link.from, between)?;
            return self.join_far(level, pairs, hop);
        }
        self.check_many(level, hop)?;
        let left = self.is_left(from) || link.nullable;
        let join = Join::new(left, Table(hop.target()), link.to, from, link.from);
        // Who holds a key sees the row, deleted or not.
        self.join_table(level, if hop.field.is_column() { Join { null: None, ..join } } else { join })
    }

    /// The table of pairs that a hop passes.
    fn join_pairs(
        &mut self,
        level: usize,
        from: Alias,
        hop: &'static Hop,
        columns: KeyColumns,
        between: Between,
    ) -> Result<Alias> {
        self.check_many(level, hop)?;
        let left = self.is_left(from);
        self.join_table(level, Join::new(left, between.table, KeyColumns::Field(between.near), from, columns))
    }

    /// The rows a hop leads to, from its table of pairs, joined to the `SELECT` being lowered.
    pub(super) fn join_far_here(&mut self, pairs: Alias, hop: &'static Hop) -> Result<Alias> {
        self.join_far(self.levels.len().saturating_sub(1), pairs, hop)
    }

    /// The rows a hop leads to, from its table of pairs.
    fn join_far(&mut self, level: usize, pairs: Alias, hop: &'static Hop) -> Result<Alias> {
        let link = hop.link()?;
        let Some(between) = link.between else { return Ok(pairs) };
        let (left, target) = (self.is_left(pairs), Table(hop.target()));
        self.join_table(level, Join::new(left, target, link.to, pairs, KeyColumns::Field(between.far)))
    }

    /// To-many relations are joined only where that does not make several of one row.
    fn check_many(&self, level: usize, hop: &'static Hop) -> Result<()> {
        if hop.field.is_many() && !self.levels.get(level).is_some_and(|level| level.many) {
            return Err(Error::usage(format!(
                "`{hop:?}` leads to any number of rows, where one value is needed"
            )));
        }
        Ok(())
    }

    /// Joins a table, if that was not done yet; gives it its name.
    fn join_table(&mut self, level: usize, join: Join) -> Result<Alias> {
        let joins = self.levels.get(level).map(|level| &level.joins[..]).unwrap_or_default();
        let same = |other: &&Join| {
            (other.to, other.to_columns, other.columns) == (join.to, join.to_columns, join.columns)
        };
        if let Some(join) = joins.iter().find(same) {
            return Ok(join.alias);
        }
        let alias = self.alias()?;
        self.left[usize::from(alias.0)] = join.left;
        if let Some(level) = self.levels.get_mut(level) {
            level.joins.push(Join { alias, ..join });
        }
        Ok(alias)
    }
}

impl Join {
    /// A table of which only rows that are not deleted are joined; it has no name yet.
    pub(super) fn new(
        left: bool,
        table: Table,
        columns: KeyColumns,
        to: Alias,
        to_columns: KeyColumns,
    ) -> Self {
        Join { left, table, alias: to, columns, to, to_columns, null: table.0.deleted_at() }
    }
}
