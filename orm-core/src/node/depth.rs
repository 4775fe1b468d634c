//! How deep queries nest: bounded where they are put together, so that no recursion over them can overflow a stack.

use super::{Node, Output, Query};
use crate::load::{Load, Loads};

/// The deepest that values, conditions and queries can be nested in each other. Trees are copied, lowered, rendered and
/// dropped by recursion, here and on the server: what is deeper must not come to be, or a loop could overflow the stack.
const MAX_DEPTH: usize = 64;

impl Query {
    /// The query as a part of a node.
    pub(crate) fn part(self) -> Query {
        if self.depth() < MAX_DEPTH {
            return self;
        }
        Query { refused: Some(too_deep()), db: self.db.clone(), ..Query::new(self.model) }
    }

    /// The query as a part of a node, on the heap.
    pub(crate) fn boxed(self) -> Box<Query> {
        Box::new(self.part())
    }

    pub(crate) fn depth(&self) -> usize {
        let loads = Loads::tree(self.loads.as_deref()).iter().map(Load::depth).max().unwrap_or(0);
        let filters = self.filters.iter().map(|(_, filter)| filter);
        let filters = filters.chain(self.having.iter().chain(&self.distinct_on).map(|(_, of)| of));
        let outputs = self.output.iter().chain(&*self.annotations).filter_map(|(_, output)| output.value());
        let order = self.order.iter().flatten().map(|(_, order)| &order.by);
        let laterals = self.laterals.iter().map(|lateral| &lateral.rows);
        let queries = self.source.iter().flat_map(|source| source.rows.queries()).chain(laterals);
        let queries = queries.map(|query| 1 + query.depth()).max().unwrap_or(0);
        deepest(filters.chain(outputs).chain(order)).max(loads).max(queries)
    }
}

impl Node {
    /// The node as a part of another one.
    pub(crate) fn part(self) -> Node {
        if self.depth() < MAX_DEPTH { self } else { Node::TooDeep }
    }

    /// The node as a part of another one, on the heap.
    pub(crate) fn boxed(self) -> Box<Node> {
        Box::new(self.part())
    }

    /// How deep its parts are nested. The recursion is no deeper than [`MAX_DEPTH`], as every part was bounded.
    fn depth(&self) -> usize {
        match self {
            Node::Column(..)
            | Node::Param(_)
            | Node::Bool(_)
            | Node::Annotation(..)
            | Node::Given(..)
            | Node::TooDeep => 0,
            Node::Chain(_, parts) => 1 + deepest(parts),
            Node::Not(of)
            | Node::Unary(_, of)
            | Node::Cast(of, _)
            | Node::Across(_, of)
            | Node::InList(of, _) => 1 + of.depth(),
            Node::Binary(a, _, b) | Node::Match(a, _, b) => 1 + a.depth().max(b.depth()),
            Node::Between(parts) => 1 + deepest(&**parts),
            Node::Call(_, args) | Node::Fragment(_, args) | Node::Row(args) => 1 + deepest(args),
            Node::Case(arms, otherwise) => {
                let arms = arms.iter().flat_map(|(condition, value)| [condition, value]);
                1 + deepest(arms.chain(otherwise.as_deref()))
            }
            Node::Aggregate(aggregate) => 1 + deepest(aggregate.parts()),
            Node::Window(window) => 1 + deepest(window.parts()),
            Node::InQuery(needle, query) => 1 + needle.depth().max(query.depth()),
            Node::Related(related) => 1 + related.condition.depth(),
            Node::Exists(query) | Node::Count(query) | Node::First(query) => 1 + query.depth(),
            Node::Total(total) => {
                1 + total.query.depth().max(deepest(total.output.iter().filter_map(Output::value)))
            }
        }
    }
}

impl Output {
    fn value(&self) -> Option<&Node> {
        match self {
            Output::Model(_) | Output::Given(..) => None,
            Output::Value(value, _) => Some(value),
        }
    }
}

fn deepest<'a>(nodes: impl IntoIterator<Item = &'a Node>) -> usize {
    nodes.into_iter().map(Node::depth).max().unwrap_or(0)
}

/// Why a query with something too deep in it cannot be sent.
pub(crate) fn too_deep() -> String {
    format!(
        "the query is nested more than {MAX_DEPTH} deep; join conditions by one operator, which is no nesting, or \
         write the value in another way"
    )
}
