//! `&`, `|` and `^` of two queries.

use super::QuerySet;
use crate::{
    Model, Node,
    node::{Logic, Query},
};
use std::ops::{BitAnd, BitOr, BitXor};

/// The conditions of a query as one, with the depth they were written at; `None` if it has none.
fn condition(query: &Query) -> Result<Option<(u8, Node)>, String> {
    let name = query.model.name;
    if query.is_sliced() || !query.is_of_table() {
        return Err(format!(
            "queries on `{name}` are combined by their conditions, and one of these says more: a limit, or where its rows come \
             from; use `union`, `intersection` or `difference`"
        ));
    }
    // In an OR of its own each is about related rows of its own, as it was in its `filter`.
    let alone = |node: &Node| Node::Chain(Logic::Or, [node.clone().part()].into());
    let mut all: Option<(u8, Node)> = query.none.then_some((0, Node::Bool(false)));
    for (depth, node) in &query.filters {
        all = Some(match all {
            None => (*depth, alone(node)),
            Some((0, node @ Node::Bool(_))) => (*depth, node),
            Some((at, all)) if at == *depth => (at, all.joined(Logic::And, alone(node))),
            Some(_) => return Err(deeper(name)),
        });
    }
    Ok(all)
}

fn deeper(name: &str) -> String {
    format!(
        "queries on `{name}` whose conditions were written at different depths of closures are not combined"
    )
}

impl<M: Model> QuerySet<M> {
    /// The rows of which something is so, made of what is so of those of two queries; all else is said by the first.
    fn by_conditions(
        self,
        other: Self,
        how: impl FnOnce(Option<Node>, Option<Node>) -> Option<Node>,
    ) -> Self {
        let (mut query, other) = (self.into_query(), other.into_query());
        let conditions = || {
            let both = (condition(&query)?, condition(&other)?);
            if query.deleted != other.deleted {
                return Err(format!(
                    "queries on `{}` that find different deleted rows are not combined",
                    query.model.name
                ));
            }
            match both {
                (Some((a, _)), Some((b, _))) if a != b => Err(deeper(query.model.name)),
                (a, b) => {
                    let depth = a.as_ref().or(b.as_ref()).map_or(0, |(depth, _)| *depth);
                    Ok((depth, how(a.map(|(_, node)| node), b.map(|(_, node)| node))))
                }
            }
        };
        match conditions() {
            Ok((depth, condition)) => {
                query.filters = condition.into_iter().map(|condition| (depth, condition)).collect();
                query.none = false;
                query.refused = query.refused.or(other.refused);
            }
            Err(why) => query.refused = Some(why),
        }
        QuerySet::from_query(query)
    }
}

/// The rows that both queries find: those that meet the conditions of both. Order, loading and all else is that of the first.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let (popular, dated) =
///     (Post::objects().filter(|p| p.views.gt(100)), Post::objects().filter(|p| p.published_at.is_not_null()));
/// let both = (popular.clone() & dated.clone()).values(|p| p.id);
/// assert!(both.to_sql().contains(r#"WHERE "post"."views" > $1 AND "#));
/// let either = (popular | dated).values(|p| p.id);
/// assert!(either.to_sql().contains(r#"WHERE "post"."views" > $1 OR "#));
/// ```
///
/// A query with a limit, or over other rows than those of its table, is an error when it is awaited: `union` and its relatives
/// combine those.
impl<M: Model> BitAnd for QuerySet<M> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.by_conditions(other, |a, b| match (a, b) {
            (Some(a), Some(b)) => Some(a.joined(Logic::And, b)),
            (a, b) => a.or(b),
        })
    }
}

/// The rows that one of the queries finds, as `&` gives those that both find.
impl<M: Model> BitOr for QuerySet<M> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.by_conditions(other, |a, b| Some(a?.joined(Logic::Or, b?)))
    }
}

/// The rows that one of the queries finds, and the other does not.
impl<M: Model> BitXor for QuerySet<M> {
    type Output = Self;

    fn bitxor(self, other: Self) -> Self {
        self.by_conditions(other, |a, b| {
            let (a, b) = (a.unwrap_or(Node::Bool(true)), b.unwrap_or(Node::Bool(true)));
            let only = |a: Node, b: Node| a.joined(Logic::And, b.negated());
            Some(only(a.clone(), b.clone()).joined(Logic::Or, only(b, a)))
        })
    }
}
