//! Conditions: AND, OR and NOT, and what is said about to-many relations.
//!
//! Mentions of one to-many path under an AND speak of the same related row: they share one `EXISTS`. Each arm of an OR
//! and each NOT is a condition of its own, with its own.

use super::{
    scope::Lower,
    select::Want,
    value::{Lowered, beside_column, pattern},
};
use crate::{
    ErrorKind, Match, Node, Param, Result, UnaryOp,
    ast::{Alias, Expr, Output, Select},
    node::{Logic, Quantifier, Related},
    path::Hop,
};

impl Lower {
    /// A condition on the current row.
    pub(crate) fn condition(&mut self, node: &Node) -> Result<Lowered> {
        match node {
            Node::Chain(Logic::And, conjuncts) => self.all(&conjuncts.iter().collect::<Vec<_>>()),
            Node::Chain(Logic::Or, arms) => {
                let arms = arms.iter().map(|arm| self.condition(arm)).collect::<Result<Vec<_>>>()?;
                let nulls = arms.iter().any(|(_, nulls)| *nulls);
                Ok((Expr::Any(arms.into_iter().map(|(arm, _)| arm).collect()), nulls))
            }
            Node::Not(inner) => Ok((negate(self.condition(inner)?), false)),
            leaf => match self.first_many_hop(leaf)? {
                None => self.leaf(leaf),
                Some(_) => self.all(&[leaf]),
            },
        }
    }

    /// All of some conditions, grouped by the to-many relation they speak of.
    fn all(&mut self, conjuncts: &[&Node]) -> Result<Lowered> {
        let mut groups: Vec<(Option<&'static Hop>, Vec<&Node>)> = Vec::new();
        for conjunct in conjuncts {
            let hop = self.first_many_hop(conjunct)?;
            let known = hop
                .and_then(|hop| groups.iter_mut().find(|(of, _)| of.is_some_and(|of| std::ptr::eq(of, hop))));
            match known {
                Some((_, group)) => group.push(conjunct),
                None => groups.push((hop, vec![conjunct])),
            }
        }
        let mut all = Vec::with_capacity(groups.len());
        let mut nulls = false;
        for (hop, group) in groups {
            let (condition, null) = match (hop, &group[..]) {
                (Some(hop), group) => {
                    let all = |lower: &mut Self, alias| lower.across(hop, alias, |lower| lower.all(group));
                    (self.exists_across(hop, all)?, false)
                }
                (None, [leaf]) => self.leaf(leaf)?,
                (None, group) => self.all(group)?,
            };
            all.push(condition);
            nulls |= null;
        }
        Ok((conjunction(all), nulls))
    }

    /// Whether a to-many relation leads to a row that meets a condition.
    fn exists_across(
        &mut self,
        hop: &'static Hop,
        condition: impl FnOnce(&mut Self, Alias) -> Result<Lowered>,
    ) -> Result<Expr> {
        let (((condition, _), tie, from), joins) = self.related(hop, false, condition)?;
        let filter = Some(conjunction(vec![tie, condition]));
        Ok(Expr::Exists(Box::new(Select { joins, filter, ..Select::plain(from, Output::One) })))
    }

    /// A condition that is neither AND nor OR, nor about a to-many relation without a table.
    fn leaf(&mut self, node: &Node) -> Result<Lowered> {
        match node {
            Node::Chain(..) | Node::Not(_) => self.condition(node),
            Node::Bool(value) => Ok((Expr::Bool(*value), false)),
            Node::Between(parts) => {
                let [value, from, to] = &**parts;
                let (low, low_nulls) = self.operand(from, value)?;
                let (high, high_nulls) = self.operand(to, value)?;
                let (value, nulls) = self.value(value)?;
                let between = Expr::Between(Box::new(value), Box::new(low), Box::new(high));
                Ok((between, nulls || low_nulls || high_nulls))
            }
            Node::InList(of, list) if let Node::Row(_) = **of => {
                let (needle, nulls) = self.value(of)?;
                let lists = list.parts().iter().map(|list| Ok(self.param(list)?.0)).collect::<Result<_>>()?;
                Ok((Expr::InArrays(Box::new(needle), lists), nulls))
            }
            Node::InList(of, list) => {
                let (needle, nulls) = self.value(of)?;
                let (list, _) = self.param(list).map_err(|error| beside_column(error, of))?;
                Ok((Expr::InArray(Box::new(needle), Box::new(list)), nulls))
            }
            Node::InQuery(needle, query) => {
                let (needle, _) = self.value(needle)?;
                let select = self.select(query, Want::Key)?;
                Ok((Expr::InQuery(Box::new(needle), Box::new(select)), true))
            }
            Node::Match(of, how, wanted) => {
                let (text, nulls) = self.value(of)?;
                let (wanted, wanted_nulls) = self.wanted(*how, wanted, of)?;
                Ok((Expr::Match(Box::new(text), *how, Box::new(wanted)), nulls || wanted_nulls))
            }
            Node::Related(related) => self.quantified(related),
            Node::Exists(query) => Ok((Expr::Exists(Box::new(self.select(query, Want::Exists)?)), false)),
            value => self.value(value),
        }
    }

    /// The text to match with: a parameter becomes a complete pattern.
    fn wanted(&mut self, how: Match, wanted: &Node, of: &Node) -> Result<Lowered> {
        match wanted {
            Node::Param(param) if let Some(text) = param.text() => {
                let pattern = Param::new(Some(&pattern(how, text)));
                self.param(&pattern).map_err(|error| beside_column(error, of))
            }
            other => self.operand(other, of),
        }
    }

    /// `any`, `none` and `all`.
    fn quantified(&mut self, related: &Related) -> Result<Lowered> {
        let Some(hop) = related.path.hop else {
            return Err(crate::Error::new(ErrorKind::Usage, "a condition on a relation without a relation"));
        };
        let exists = self.exists_across(hop, |lower, alias| {
            lower.clause_across(related.depth, hop, alias, |lower| {
                let lowered = lower.condition(&related.condition)?;
                Ok(match related.quantifier {
                    Quantifier::All => (negate(lowered), false),
                    Quantifier::Any | Quantifier::None => lowered,
                })
            })
        })?;
        Ok(match related.quantifier {
            Quantifier::Any => (exists, false),
            Quantifier::None | Quantifier::All => (negate((exists, false)), false),
        })
    }
}

/// All of some conditions, without those that are always true.
pub(crate) fn conjunction(all: Vec<Expr>) -> Expr {
    let mut flat = Vec::with_capacity(all.len());
    for condition in all {
        match condition {
            Expr::Bool(true) => {}
            Expr::All(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Expr::Bool(true),
        1 => flat.swap_remove(0),
        _ => Expr::All(flat),
    }
}

/// Not true: false or NULL.
pub(super) fn negate((condition, nulls): Lowered) -> Expr {
    match condition {
        Expr::Bool(value) => Expr::Bool(!value),
        Expr::Unary(UnaryOp::IsNull, a) => Expr::Unary(UnaryOp::IsNotNull, a),
        Expr::Unary(UnaryOp::IsNotNull, a) => Expr::Unary(UnaryOp::IsNull, a),
        Expr::Unary(UnaryOp::Not, a) => *a,
        condition if nulls => Expr::Unary(UnaryOp::IsNotTrue, Box::new(condition)),
        condition => Expr::Unary(UnaryOp::Not, Box::new(condition)),
    }
}
