//! Aggregates as they are written.

use super::{Function, Logic, Node, OrderBy};
use crate::SqlType;

/// An aggregate function with all that can be said of it.
#[derive(Clone, Debug)]
pub struct Aggregate {
    pub(crate) function: Function,
    pub(crate) arguments: Vec<Node>,
    pub(crate) distinct: bool,
    pub(crate) filter: Option<Node>,
    pub(crate) order: Vec<OrderBy>,
    /// The type its result is converted to.
    pub(crate) cast: Option<SqlType>,
}

impl Aggregate {
    pub(crate) fn new(function: Function, arguments: impl IntoIterator<Item = Node>) -> Self {
        let arguments = arguments.into_iter().map(Node::part).collect();
        Aggregate { function, arguments, distinct: false, filter: None, order: Vec::new(), cast: None }
    }

    pub(crate) fn add_filter(&mut self, condition: Node) {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.joined(Logic::And, condition),
            None => condition,
        });
    }

    /// The aggregate as a value.
    pub(crate) fn node(self) -> Node {
        let cast = self.cast;
        let aggregate = Node::Aggregate(Box::new(self));
        match cast {
            Some(ty) => Node::Cast(aggregate.boxed(), ty),
            None => aggregate,
        }
    }

    /// All that stands in it.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Node> {
        self.arguments.iter().chain(&self.filter).chain(self.order.iter().map(|order| &order.by))
    }
}
