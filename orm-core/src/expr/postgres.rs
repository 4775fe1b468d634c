//! What PostgreSQL's own types can do in a query, a trait for each kind of them.

mod arrays;
#[cfg(feature = "bit-vec-010")]
mod bits;
mod containment;
mod hstore;
#[cfg(feature = "serde-json-1")]
mod json;
mod net;
mod ranges;
pub mod search;
mod similar;

pub use arrays::{ArrayFunctions, IsArray, array_subquery};
#[cfg(feature = "bit-vec-010")]
pub use bits::{BitFunctions, IsBits};
pub use containment::{ContainedBy, Containment, HasKeys, MaybeEmpty, Overlap, PartOf, part};
pub use hstore::{HstoreFunctions, OfHstore};
#[cfg(feature = "serde-json-1")]
pub use json::{IsJson, JsonLookups, JsonPath};
pub use net::{IsNetwork, NetFunctions, Network};
pub use ranges::{IsRange, RangeFunctions};
pub use similar::SimilarityFunctions;

use super::kind::{Beside, Compared};
use crate::{Cond, Expr, Expression, Function, Node, Operand, Value, value::Either};

/// An expression together with an operand of type `A`, as a value of type `S`: NULL if one of them is.
type With<E, A, R, S> = Expr<
    Either<<<E as Expression>::Value as Value>::Nulls, <R as Operand<A>>::Nulls, S>,
    Beside<<E as Expression>::Kind, <R as Operand<A>>::Kind>,
>;

/// A question to an expression about another one.
fn asks<A, E: Expression, R: Operand<A>>(
    of: E,
    function: Function,
    about: R,
) -> Cond<Compared<E::Kind, R::Kind>> {
    Cond::new(Node::call(function, [of.node(), about.into_node()]))
}

/// What a function makes of an expression and another one.
fn made<A, E: Expression, R: Operand<A>, S: crate::FieldType>(
    of: E,
    function: Function,
    with: R,
) -> With<E, A, R, S> {
    Expr::call(function, [of.node(), with.into_node()])
}
