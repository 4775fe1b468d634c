//! From queries to statements: paths become joins and `EXISTS`, values become parameters.
//!
//! The only place that knows scopes. A clause is lowered with its closure's depth bound to the query's table on top of
//! what encloses it, and a path is looked up from the innermost binding: lexical scoping, so a query made elsewhere
//! keeps its own paths when it is embedded.

mod condition;
mod derived;
mod insert;
mod prefetch;
mod scope;
mod select;
mod update_rows;
mod value;
mod version;
mod window;
mod write;

pub(crate) use insert::{insert, insert_from, insert_many};
pub(crate) use prefetch::prefetch;
pub(crate) use update_rows::update_rows;
pub(crate) use write::{change, changed, save};

use crate::{
    ModelMeta, Node, Result, SqlType, Table,
    ast::{Output, Select, Shape, Source, Statement},
    node::{Query, Total},
};
use scope::Lower;
use select::Want;

fn select(query: &Query, want: Want<'_>, shape: impl FnOnce(Select) -> Shape) -> Result<Statement> {
    let mut lower = Lower::on(query.db.clone());
    let select = lower.select(query, want)?;
    Ok(lower.statement(select, shape))
}

impl Lower {
    /// The statement of what was lowered.
    fn statement(self, select: Select, shape: impl FnOnce(Select) -> Shape) -> Statement {
        let select = Select { foreign: self.foreign, ..select };
        Statement { shape: shape(select), params: self.params }
    }
}

/// The rows of a query.
pub(crate) fn rows(query: &Query) -> Result<Statement> {
    select(query, Want::Rows, Shape::Select)
}

/// The number of its rows.
pub(crate) fn count(query: &Query) -> Result<Statement> {
    select(query, Want::Count, Shape::Select)
}

/// One row if it has any: at most one is asked for.
pub(crate) fn exists(query: &Query) -> Result<Statement> {
    select(&query.clone().at_most(1), Want::Exists, Shape::Select)
}

/// Aggregates over its rows.
pub(crate) fn totals(total: &Total) -> Result<Statement> {
    select(&total.query, Want::Totals(total.depth, &total.output), Shape::Select)
}

/// One row with the answers to questions about a table.
pub(crate) fn answers<'a>(
    about: &'static ModelMeta,
    questions: impl Iterator<Item = &'a Node>,
) -> Result<Statement> {
    let mut lower = Lower::on(None);
    let answer = |question| Ok(Output::Value(lower.condition(question)?.0, SqlType::Bool));
    let output = questions.map(answer).collect::<Result<Vec<_>>>()?;
    let select = Select { output, ..Select::plain(Source::Nothing(Table(about)), Output::One) };
    Ok(lower.statement(select, Shape::Select))
}
