//! Rows that a query reads instead of those of a table: of another query, of several put together, of a recursion.

use super::{Node, Output, Query, Source};
use crate::{Assign, ModelMeta, Path, ast::Combine};
use std::sync::Arc;

/// What a query reads instead of its model's table.
#[derive(Clone, Debug)]
pub(crate) struct Derived {
    pub(crate) rows: Rows,
    pub(crate) place: Place,
    /// Whether its columns are at first those of the model, with their names.
    pub(crate) leads: bool,
}

/// Where a derived table stands in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Where it is read.
    From,
    /// Before the statement (`WITH`), once, however often it is read.
    With,
    /// The same, and it is not merged into what reads it.
    Materialized,
}

/// Rows, and where they come from.
#[derive(Clone, Debug)]
pub(crate) enum Rows {
    /// Those of queries, put together from left to right by one operation.
    Of(Combine, Vec<Query>),
    /// Those of the first query, and what the second one finds from those that are new, until there are none.
    Recursive {
        /// Where it begins.
        first: Box<Query>,
        /// A step.
        next: Box<Query>,
        /// What the step reads the rows found last as.
        last: Arc<Derived>,
    },
    /// Those that the step before found.
    Last,
    /// Those that a change of a query's rows gives.
    Changed(Box<Changed>),
}

/// A change of a query's rows, and what is read of each.
#[derive(Clone, Debug)]
pub(crate) struct Changed {
    pub(crate) query: Query,
    pub(crate) how: Change,
    pub(crate) output: Vec<(u8, Output)>,
}

/// A change of rows.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// `UPDATE`, by assignments of a closure that ran at a depth.
    Update(u8, Vec<Assign>),
    /// `DELETE`, or what hides the rows instead, if the model says so.
    Delete,
    /// `DELETE`.
    HardDelete,
}

/// A query that is asked for each row, and whose rows are joined to it.
#[derive(Clone, Debug)]
pub(crate) struct Lateral {
    pub(crate) depth: u8,
    pub(crate) rows: Query,
}

impl Rows {
    /// The queries it is made of.
    pub(crate) fn queries(&self) -> impl Iterator<Item = &Query> {
        let (several, two) = match self {
            Rows::Of(_, queries) => (&queries[..], None),
            Rows::Recursive { first, next, .. } => (&[][..], Some([&**first, &**next])),
            Rows::Last => (&[][..], None),
            Rows::Changed(changed) => (std::slice::from_ref(&changed.query), None),
        };
        several.iter().chain(two.into_iter().flatten())
    }
}

impl Query {
    /// A query that reads `source`, whose rows are as those of this one.
    pub(crate) fn over(&self, source: Arc<Derived>) -> Query {
        let lead = source.leads.then(|| self.lead()).flatten();
        let mut outer = Query::new(lead.unwrap_or(self.model));
        outer.db.clone_from(&self.db);
        outer.refused.clone_from(&self.refused);
        outer.none = self.none;
        outer.deleted = super::Deleted::Shown; // which rows, is said within
        if lead.is_some_and(|lead| std::ptr::eq(lead, self.model)) && self.begins_with_model() {
            outer.loads.clone_from(&self.loads);
            outer.allow.clone_from(&self.allow);
        }
        if lead.is_none() || self.output.len() > 1 {
            let first = lead.is_some().then(|| (0, Output::Model(Path::root(outer.model, 0))));
            outer.output.extend(first);
            outer.give(Source::From, &self.output, usize::from(lead.is_some()));
        }
        outer.source = Some(source);
        outer
    }

    /// The model that its rows begin with.
    fn lead(&self) -> Option<&'static ModelMeta> {
        match self.output.first() {
            None => Some(self.model),
            Some((_, Output::Model(path))) => Some(path.model()),
            Some((_, Output::Given(.., model))) => Some(model),
            Some((_, Output::Value(..))) => None,
        }
    }

    /// Adds to its rows what those of a source hold, but for the first parts; later clauses refer to it by its place.
    pub(crate) fn give(&mut self, source: Source, parts: &[(u8, Output)], without: usize) {
        let root = Path::root(self.model, 0);
        let mut annotations: Vec<_> = self.annotations.to_vec();
        let mut column = 0;
        for (at, (_, part)) in parts.iter().enumerate() {
            let (width, given) = match part {
                Output::Model(path) => model_of(root, source, column, path.model()),
                Output::Given(.., model) => model_of(root, source, column, model),
                Output::Value(_, ty) => (1, Output::Value(Node::Given(root, source, column), *ty)),
            };
            column += width;
            if at < without {
                continue;
            }
            let output = match &given {
                Output::Value(_, ty) => Output::Value(Node::Annotation(root, annotations.len()), *ty),
                model => model.clone(),
            };
            annotations.push((0, given));
            self.output.push((0, output));
        }
        self.annotations = annotations.into();
    }
}

fn model_of(root: Path, source: Source, column: u16, model: &'static ModelMeta) -> (u16, Output) {
    let width = u16::try_from(model.columns().count()).unwrap_or(u16::MAX);
    (width, Output::Given(root, source, column, model))
}
