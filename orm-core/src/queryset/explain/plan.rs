//! Plans, parsed.

use super::{Explain, ExplainOption};
use crate::{
    Error, ErrorKind, Result,
    queryset::{ToStatement, call::BoxFuture},
};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use std::{fmt, future::IntoFuture, iter, time::Duration};

impl<S: ToStatement> Explain<S> {
    /// The plan as a [`Plan`] to ask (`FORMAT JSON`).
    pub fn parsed(self) -> Parsed<S> {
        Parsed(self.with(ExplainOption::Json))
    }
}

/// What `parsed()` returns, to be awaited.
#[must_use = "a query does nothing until it is awaited"]
#[derive(Debug)]
pub struct Parsed<S>(Explain<S>);

impl<S: ToStatement> ToStatement for Parsed<S> {
    fn to_statement(&self) -> Result<crate::Statement> {
        self.0.to_statement()
    }
}

impl<S: ToStatement> IntoFuture for Parsed<S> {
    type Output = Result<Plan>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let lines = self.0.ask();
        Box::pin(async move {
            let unknown = |why: &dyn fmt::Display| {
                Error::new(ErrorKind::Decode, format!("the plan is not of a form that is known: {why}"))
            };
            let plans: Vec<Plan> =
                serde_json::from_str(&lines.await?.concat()).map_err(|error| unknown(&error))?;
            plans.into_iter().next().ok_or_else(|| unknown(&"it is empty"))
        })
    }
}

/// A plan of the server ([Using EXPLAIN](https://www.postgresql.org/docs/current/using-explain.html)). It shows as PostgreSQL's text
/// does, in short.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let posts = Post::objects().filter(|p| p.title.eq("Hi"));
/// let plan = posts.explain().analyze().parsed().await?;
/// assert!(plan.nodes().any(|node| node.node_type == "Seq Scan" && node.relation.as_deref() == Some("post")));
/// assert_eq!(plan.root.actual.map(|actual| actual.rows), Some(0.0));
/// assert!(plan.execution_time.is_some());
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// The step that gives the rows; it has those it is made from.
    #[serde(rename = "Plan")]
    pub root: PlanNode,
    /// How long the planning took; with `analyze`.
    #[serde(default, rename = "Planning Time", deserialize_with = "millis")]
    pub planning_time: Option<Duration>,
    /// How long the execution took; with `analyze`.
    #[serde(default, rename = "Execution Time", deserialize_with = "millis")]
    pub execution_time: Option<Duration>,
    /// What else the server says of the whole, by PostgreSQL's names: `Settings`, `Triggers`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A step of a [`Plan`].
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct PlanNode {
    /// What it does: `Seq Scan`, `Nested Loop`.
    #[serde(rename = "Node Type")]
    pub node_type: String,
    /// The table or view it reads or changes.
    #[serde(rename = "Relation Name")]
    pub relation: Option<String>,
    /// The name of that in the statement.
    #[serde(rename = "Alias")]
    pub alias: Option<String>,
    /// The index it reads.
    #[serde(rename = "Index Name")]
    pub index: Option<String>,
    /// What it is expected to cost before its first row, in units of the planner; not `without_costs`.
    #[serde(rename = "Startup Cost")]
    pub startup_cost: Option<f64>,
    /// What it is expected to cost until its last row.
    #[serde(rename = "Total Cost")]
    pub total_cost: Option<f64>,
    /// How many rows it is expected to give.
    #[serde(rename = "Plan Rows")]
    pub rows: Option<f64>,
    /// How many bytes a row is expected to have.
    #[serde(rename = "Plan Width")]
    pub width: Option<u64>,
    /// What was measured; with `analyze`, and if the step was run.
    #[serde(flatten, deserialize_with = "actual")]
    pub actual: Option<Actual>,
    /// The steps it reads.
    #[serde(default, rename = "Plans")]
    pub plans: Vec<PlanNode>,
    /// What else the server says of it, by PostgreSQL's names: `Filter`, `Sort Key`, `Shared Hit Blocks`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// What was measured of a step, for each time it was run.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Actual {
    /// How many rows it gave.
    pub rows: f64,
    /// How often it was run.
    pub loops: f64,
    /// How long it took, with the steps it reads; not `without_timing`.
    pub time: Option<Duration>,
}

fn duration(millis: f64) -> Duration {
    Duration::try_from_secs_f64(millis / 1_000.0).unwrap_or_default()
}

fn millis<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
    Ok(Option::<f64>::deserialize(from)?.map(duration))
}

fn actual<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Actual>, D::Error> {
    #[derive(Deserialize)]
    struct Measured {
        #[serde(rename = "Actual Rows")]
        rows: Option<f64>,
        #[serde(rename = "Actual Loops")]
        loops: Option<f64>,
        #[serde(rename = "Actual Total Time")]
        time: Option<f64>,
    }
    let Measured { rows, loops, time } = Measured::deserialize(from)?;
    Ok(rows.zip(loops).map(|(rows, loops)| Actual { rows, loops, time: time.map(duration) }))
}

impl Plan {
    /// All steps, each before those it reads.
    pub fn nodes(&self) -> impl Iterator<Item = &PlanNode> {
        let mut next = vec![&self.root];
        iter::from_fn(move || {
            let node = next.pop()?;
            next.extend(node.plans.iter().rev());
            Some(node)
        })
    }

    /// Whether a step reads an index.
    pub fn uses_index(&self, name: &str) -> bool {
        self.nodes().any(|node| node.index.as_deref() == Some(name))
    }

    /// Whether a step reads all rows of a table, one after the other.
    pub fn scans(&self, table: &str) -> bool {
        self.nodes().any(|node| node.node_type == "Seq Scan" && node.relation.as_deref() == Some(table))
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.show(f, 0)?;
        for (what, time) in [("Planning", self.planning_time), ("Execution", self.execution_time)] {
            if let Some(time) = time {
                write!(f, "\n{what} Time: {time:?}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for PlanNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.show(f, 0)
    }
}

impl PlanNode {
    fn show(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        if depth > 0 {
            write!(f, "\n{:indent$}-> ", "", indent = depth * 2)?;
        }
        f.write_str(&self.node_type)?;
        if let Some(index) = &self.index {
            write!(f, " using {index}")?;
        }
        if let Some(relation) = &self.relation {
            write!(f, " on {relation}")?;
            if let Some(alias) = self.alias.as_ref().filter(|alias| *alias != relation) {
                write!(f, " {alias}")?;
            }
        }
        if let (Some(startup), Some(total), Some(rows)) = (self.startup_cost, self.total_cost, self.rows) {
            write!(f, " (cost={startup:.2}..{total:.2} rows={rows})")?;
        }
        if let Some(Actual { rows, loops, time }) = self.actual {
            write!(f, " (actual rows={rows} loops={loops}")?;
            time.map_or(Ok(()), |time| write!(f, " time={time:?}"))?;
            f.write_str(")")?;
        }
        self.plans.iter().try_for_each(|node| node.show(f, depth + 1))
    }
}
