//! Window functions as they are written.

use super::{Aggregate, Node, OrderBy};
use crate::{Param, ast::Frame};

/// A function of a row and the rows around it.
#[derive(Clone, Debug)]
pub struct Window {
    /// The function, its arguments and its filter.
    pub(crate) of: Aggregate,
    pub(crate) partition: Vec<Node>,
    pub(crate) order: Vec<OrderBy>,
    pub(crate) frame: Option<Frame<Param>>,
}

impl Window {
    /// The function as a value.
    pub(crate) fn node(mut self) -> Node {
        let cast = self.of.cast.take();
        let window = Node::Window(Box::new(self));
        match cast {
            Some(ty) => Node::Cast(window.boxed(), ty),
            None => window,
        }
    }

    /// All that stands in it.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Node> {
        self.of.parts().chain(&self.partition).chain(self.order.iter().map(|order| &order.by))
    }
}
