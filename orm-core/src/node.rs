//! Queries as they are written: one untyped tree under all typed wrappers. Values stand in it where they were given.

mod aggregate;
mod conflict;
mod depth;
mod derived;
mod window;

use crate::{
    Column, Db, FieldMeta, KeyColumns, ModelMeta, Param, Path, SqlType, Table, ast, load::Loads, path::Hop,
    strings::List,
};
pub(crate) use aggregate::Aggregate;
pub(crate) use ast::{BinaryOp, Function, LockStrength, LockWait, Match, UnaryOp};
pub(crate) use conflict::{Conflict, ConflictUpdate};
pub(crate) use depth::too_deep;
pub(crate) use derived::{Change, Changed, Derived, Lateral, Place, Rows};
use std::{collections::VecDeque, ops::Range, sync::Arc};
pub(crate) use window::Window;

/// A value or a condition of a query.
#[derive(Clone, Debug)]
pub enum Node {
    /// A column of the row that a path leads to.
    Column(Path, Column),
    /// A value.
    Param(Param),
    /// The columns of a key that has several.
    Row(Vec<Node>),
    /// A literal condition.
    Bool(bool),
    /// All of some conditions, or any of them: flat, as a loop can make very many.
    Chain(Logic, VecDeque<Node>),
    /// Not true: false or NULL.
    Not(Box<Node>),
    /// An operator with two operands.
    Binary(Box<Node>, BinaryOp, Box<Node>),
    /// An operator with one.
    Unary(UnaryOp, Box<Node>),
    /// Between the second and the third, both included.
    Between(Box<[Node; 3]>),
    /// One of the values of an array.
    InList(Box<Node>, Param),
    /// One of the values a query gives.
    InQuery(Box<Node>, Box<Query>),
    /// A match of texts.
    Match(Box<Node>, Match, Box<Node>),
    /// A function.
    Call(Function, Vec<Node>),
    /// SQL of the user's, with `$1`, `$2` for values.
    Fragment(&'static str, Vec<Node>),
    /// Conditions and their values, the first that is true counts; and the value if none is.
    Case(Vec<(Node, Node)>, Option<Box<Node>>),
    /// A conversion.
    Cast(Box<Node>, SqlType),
    /// An aggregate: over the query's rows, or over the related rows if a to-many relation is on its path.
    Aggregate(Box<Aggregate>),
    /// A function of the row and the rows around it.
    Window(Box<Window>),
    /// A condition on the rows a to-many relation leads to.
    Related(Box<Related>),
    /// What is said of the row that a to-one relation leads to, as the root of its paths.
    Across(&'static Hop, Box<Node>),
    /// Whether a query has rows.
    Exists(Box<Query>),
    /// How many rows a query has.
    Count(Box<Query>),
    /// The value of the first row of a query.
    First(Box<Query>),
    /// An aggregate of a query's rows.
    Total(Box<Total>),
    /// A value that the query was annotated with: the root of the query, and the annotation's place.
    Annotation(Path, usize),
    /// A value of a row that the query of a root reads, of a source of that query: its place in the row.
    Given(Path, Source, u16),
    /// Stands for what was nested deeper than the most that is allowed.
    TooDeep,
}

/// Where a query has the values of its rows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The rows that it reads instead of a table's.
    From,
    /// The rows that are asked for each of its rows, by their place.
    Lateral(usize),
}

/// How the conditions of a chain are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logic {
    /// All of them.
    And,
    /// Any of them.
    Or,
}

/// Aggregates of a query's rows.
#[derive(Clone, Debug)]
pub struct Total {
    pub(crate) query: Query,
    /// The depth at which their closure ran.
    pub(crate) depth: u8,
    pub(crate) output: Vec<Output>,
}

/// A condition on the rows a to-many relation leads to.
#[derive(Clone, Debug)]
pub struct Related {
    pub(crate) path: Path,
    pub(crate) quantifier: Quantifier,
    /// The depth at which the condition's closure ran.
    pub(crate) depth: u8,
    pub(crate) condition: Node,
}

/// How many of the related rows meet a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantifier {
    Any,
    None,
    All,
}

/// What a row of a query holds.
#[derive(Clone, Debug)]
pub enum Output {
    /// A model, with all its columns.
    Model(Path),
    /// One value.
    Value(Node, SqlType),
    /// A model that a row of a source holds, from a place in that row on.
    Given(Path, Source, u16, &'static ModelMeta),
}

impl Output {
    /// It as one value, of a model the key.
    pub(crate) fn into_node(self) -> Node {
        match self {
            Output::Model(path) => Node::primary(path),
            Output::Value(value, _) => value,
            Output::Given(root, source, first, model) => {
                let key = model.key_places().map(|place| Node::Given(root, source, first + place));
                Node::row(key)
            }
        }
    }
}

/// How rows that are read are locked.
#[derive(Clone, Debug)]
pub(crate) struct Lock {
    pub(crate) strength: LockStrength,
    pub(crate) wait: LockWait,
    /// Relations whose rows are locked too.
    pub(crate) of: Vec<(u8, Path)>,
}

impl Default for Lock {
    fn default() -> Self {
        Lock { strength: LockStrength::Update, wait: LockWait::Wait, of: Vec::new() }
    }
}

/// One part of an order.
#[derive(Clone, Debug)]
pub struct OrderBy {
    pub(crate) by: Node,
    pub(crate) descending: bool,
    pub(crate) nulls_first: Option<bool>,
}

impl OrderBy {
    pub(crate) fn reversed(&self) -> Self {
        let nulls_first = self.nulls_first.map(|first| !first);
        OrderBy { by: self.by.clone(), descending: !self.descending, nulls_first }
    }
}

/// Which rows a query finds of those that are deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deleted {
    /// None of them.
    Hidden,
    /// All, and those that are not deleted.
    Shown,
    /// Them, and no others.
    Only,
}

/// A query without its row type: clauses, each with the depth at which its closure ran.
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) model: &'static ModelMeta,
    pub(crate) db: Option<Db>,
    /// What it reads instead of the model's table.
    pub(crate) source: Option<Arc<Derived>>,
    /// What is asked for each of its rows and joined to them.
    pub(crate) laterals: Vec<Lateral>,
    /// Whether a relation that it reads may lead to several rows, each of which is then one of its rows.
    pub(crate) follows: bool,
    pub(crate) filters: Vec<(u8, Node)>,
    /// What becomes of deleted rows, of a model whose rows are hidden when they are deleted.
    pub(crate) deleted: Deleted,
    /// Empty: the model.
    pub(crate) output: Vec<(u8, Output)>,
    /// What rows are annotated with, and grouped by: later clauses refer to them by their places. Shared, as lowering keeps
    /// them at hand.
    pub(crate) annotations: Arc<[(u8, Output)]>,
    /// Which of the annotations are what rows are grouped by.
    pub(crate) keys: Option<Range<usize>>,
    /// Conditions on groups.
    pub(crate) having: Vec<(u8, Node)>,
    /// What is loaded with the model; of no meaning for values.
    pub(crate) loads: Option<Arc<Loads>>,
    /// `None`: the model's own order.
    pub(crate) order: Option<Vec<(u8, OrderBy)>>,
    pub(crate) reversed: bool,
    pub(crate) distinct: bool,
    /// Values of which only the first row of each is read.
    pub(crate) distinct_on: Vec<(u8, Node)>,
    pub(crate) limit: Option<u64>,
    pub(crate) offset: Option<u64>,
    pub(crate) lock: Option<Lock>,
    /// What `filter_str` and `order_by_str` may name, if not everything.
    pub(crate) allow: Option<Arc<List>>,
    /// Known to have no rows: it is answered without asking.
    pub(crate) none: bool,
    /// Why it cannot be sent; what made it could not return an error.
    pub(crate) refused: Option<String>,
}

impl Query {
    pub(crate) fn new(model: &'static ModelMeta) -> Self {
        Query {
            model,
            db: None,
            source: None,
            laterals: Vec::new(),
            follows: false,
            filters: Vec::new(),
            deleted: Deleted::Hidden,
            output: Vec::new(),
            annotations: Arc::default(),
            keys: None,
            having: Vec::new(),
            loads: None,
            order: None,
            reversed: false,
            distinct: false,
            distinct_on: Vec::new(),
            limit: None,
            offset: None,
            lock: None,
            allow: None,
            none: false,
            refused: None,
        }
    }

    /// Whether its rows are the model, or begin with it.
    pub(crate) fn begins_with_model(&self) -> bool {
        match self.output.first() {
            None => !self.is_grouped() && self.has_fields(),
            Some((_, output)) => matches!(output, Output::Model(Path { hop: None, .. })),
        }
    }

    /// Whether nothing was said but what it is about, and what is loaded with it.
    pub(crate) fn is_plain(&self) -> bool {
        let says = self.order.is_some()
            || self.reversed
            || self.lock.is_some()
            || self.deleted != Deleted::Hidden
            || self.none
            || self.refused.is_some();
        self.filters.is_empty() && !says && !self.is_sliced() && self.is_of_table()
    }

    /// Why new rows cannot be made by it: they meet no conditions.
    pub(crate) fn refused_as_target(&self, method: &str) -> Option<String> {
        let name = self.model.name;
        (!self.is_plain()).then(|| {
            format!(
                "`{method}` of a query on `{name}` that says more than where: new rows meet no conditions"
            )
        })
    }

    /// Whether it reads the rows of its model's table, each once.
    pub(crate) fn is_of_table(&self) -> bool {
        self.source.is_none() && self.laterals.is_empty() && !self.follows && self.distinct_on.is_empty()
    }

    /// Whether its order says which rows it reads.
    pub(crate) fn is_chosen_by_order(&self) -> bool {
        self.is_sliced() || !self.distinct_on.is_empty()
    }

    /// Whether what it reads has the columns of its model.
    pub(crate) fn has_fields(&self) -> bool {
        self.source.as_ref().is_none_or(|source| source.leads)
    }

    /// At most so many rows, or fewer if that was said before.
    pub(crate) fn at_most(mut self, rows: u64) -> Self {
        self.limit = Some(self.limit.map_or(rows, |limit| limit.min(rows)));
        self
    }

    /// So many of its rows, after so many others.
    pub(crate) fn part_of(mut self, before: u64, rows: u64) -> Self {
        self.limit = Some(self.limit.map_or(rows, |limit| rows.min(limit.saturating_sub(before))));
        self.offset = Some(self.offset.unwrap_or_default().saturating_add(before));
        self
    }

    /// The query, which is refused if it takes only some rows: what a method says is of all of them.
    pub(crate) fn unsliced(mut self, method: &str) -> Self {
        if self.is_sliced() {
            let why = format!("`{method}` of a query with `limit` or `offset`; read the rows instead");
            self.refused = Some(why);
        }
        self
    }

    /// Whether it takes only some of the rows that its conditions let through.
    pub(crate) fn is_sliced(&self) -> bool {
        self.limit.is_some() || self.offset.is_some()
    }

    /// Whether it takes each of its rows once; those of a model's table are all different.
    pub(crate) fn is_distinct(&self) -> bool {
        let is_row = |output: &Output| matches!(output, Output::Model(path) if path.hop.is_none());
        let rows = self.output.is_empty() || self.output.iter().any(|(_, output)| is_row(output));
        self.distinct && (!rows || !self.is_of_table())
    }

    /// Whether its rows are groups of rows.
    pub(crate) fn is_grouped(&self) -> bool {
        self.keys.is_some()
    }

    /// The order in force: the one given, or the model's, or none; turned round if asked. Distinct values have no order
    /// of the model's, which could name what is not selected.
    pub(crate) fn ordering(&self) -> Vec<(u8, OrderBy)> {
        let own = || {
            let none = self.is_distinct() || self.is_grouped() || self.follows || !self.has_fields();
            let ordering = if none { &[] } else { self.model.ordering };
            let order = |part: &crate::Ordering| OrderBy {
                descending: part.descending,
                ..ascending(Path::root(self.model, 0), &self.model.fields[part.field])
            };
            ordering.iter().map(|part| (0, order(part))).collect()
        };
        let order = self.order.clone().unwrap_or_else(own);
        if !self.reversed {
            return order;
        }
        let order = if order.is_empty() { self.fallback() } else { order };
        order.iter().map(|(depth, order)| (*depth, order.reversed())).collect()
    }

    /// The same with an order where there is none, so that `first` and `last` mean something.
    pub(crate) fn ordered(mut self) -> Self {
        if self.ordering().is_empty() {
            self.order = Some(self.fallback());
        }
        self
    }

    /// The order of rows that have none: by primary key, of distinct values by the values, of groups by their keys.
    fn fallback(&self) -> Vec<(u8, OrderBy)> {
        if let Some(keys) = self.keys.clone() {
            let root = Path::root(self.model, 0);
            let by =
                |place| OrderBy { by: Node::Annotation(root, place), descending: false, nulls_first: None };
            return keys.map(|place| (0, by(place))).collect();
        }
        let of_model = self.begins_with_model() || !self.is_distinct() && !self.follows && self.has_fields();
        if of_model {
            return by_key(Path::root(self.model, 0)).map(|order| (0, order)).collect();
        }
        let order = |(depth, output): &(u8, Output)| {
            let orders = match output {
                Output::Model(path) => by_key(*path).collect(),
                other => {
                    vec![OrderBy { by: other.clone().into_node(), descending: false, nulls_first: None }]
                }
            };
            let depth = *depth;
            orders.into_iter().map(move |order| (depth, order))
        };
        self.output.iter().flat_map(order).collect()
    }
}

fn by_key(path: Path) -> impl Iterator<Item = OrderBy> {
    KeyColumns::Primary(Table(path.model())).iter().map(move |column| ascending(path, column.0))
}

fn ascending(path: Path, field: &'static FieldMeta) -> OrderBy {
    OrderBy { by: Node::Column(path, Column(field)), descending: false, nulls_first: None }
}

impl Node {
    /// The columns of a key, of the row that a path leads to.
    pub(crate) fn key(path: Path, key: KeyColumns) -> Node {
        Node::row(key.iter().map(|column| Node::Column(path, column)))
    }

    /// The columns of a key: of most keys one, itself.
    fn row(mut columns: impl Iterator<Item = Node>) -> Node {
        match (columns.next(), columns.next()) {
            (Some(one), None) => one,
            (first, second) => Node::Row(first.into_iter().chain(second).chain(columns).collect()),
        }
    }

    /// The primary key of the row that a path leads to.
    pub(crate) fn primary(path: Path) -> Node {
        Node::key(path, KeyColumns::Primary(Table(path.model())))
    }

    pub(crate) fn binary(a: Node, op: BinaryOp, b: Node) -> Node {
        Node::Binary(a.boxed(), op, b.boxed())
    }

    pub(crate) fn call(function: Function, arguments: impl IntoIterator<Item = Node>) -> Node {
        Node::Call(function, arguments.into_iter().map(Node::part).collect())
    }

    pub(crate) fn unary(op: UnaryOp, a: Node) -> Node {
        Node::Unary(op, a.boxed())
    }

    /// Not true; three times is once. Twice is not nothing: what is said of related rows under it stands by itself.
    pub(crate) fn negated(self) -> Node {
        match self {
            Node::Not(once) if matches!(*once, Node::Not(_)) => *once,
            other => Node::Not(other.boxed()),
        }
    }

    /// Two conditions joined; what is such a chain already is made longer.
    pub(crate) fn joined(self, logic: Logic, other: Node) -> Node {
        let chain = match (self, other) {
            (Node::Chain(l, mut a), Node::Chain(r, b)) if l == logic && r == logic => {
                a.extend(b);
                a
            }
            (Node::Chain(l, mut a), b) if l == logic => {
                a.push_back(b.part());
                a
            }
            (a, Node::Chain(r, mut b)) if r == logic => {
                b.push_front(a.part());
                b
            }
            (a, b) => [a.part(), b.part()].into(),
        };
        Node::Chain(logic, chain)
    }
}
