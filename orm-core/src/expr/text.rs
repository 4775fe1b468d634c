//! Lookups of texts.

use super::{
    expression::Base,
    kind::{Compared, Kind},
};
use crate::{BinaryOp, Cond, Expression, Function, Match, Node, Operand, SqlType, Text};

/// What is not text (a `Uuid`) is converted.
pub(crate) fn as_text<T: Text>(node: Node) -> Node {
    if T::TYPE.is_text() { node } else { Node::Cast(node.boxed(), SqlType::Text) }
}

/// The text of an expression.
pub(super) fn text<E: Expression>(of: E) -> Node
where
    Base<E>: Text,
{
    as_text::<Base<E>>(of.node())
}

fn matches<E: Expression, R: Operand<String>, K: Kind>(of: E, how: Match, pattern: R) -> Cond<K>
where
    Base<E>: Text,
{
    Cond::new(Node::Match(text(of).boxed(), how, pattern.into_node().boxed()))
}

/// The lookups of texts, those with `i` ignoring case. `%`, `_` and `\` in values are ordinary characters. `contains` is in
/// [`Containment`](crate::Containment).
pub trait TextLookups: Expression {
    /// Equal but for upper and lower case.
    fn iexact<R: Operand<String>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        let upper = |node| Node::Call(Function::UPPER, vec![Node::part(node)]);
        Cond::new(Node::binary(upper(text(self)), BinaryOp::Eq, upper(value.into_node())))
    }

    /// Contains the text in upper or lower case.
    fn icontains<R: Operand<String>>(self, text: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        matches(self, Match::Contains { ignore_case: true }, text)
    }

    /// Begins with the text; `%`, `_` and `\` in it are ordinary characters.
    #[doc(alias = "starts_with")]
    fn startswith<R: Operand<String>>(self, text: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        matches(self, Match::StartsWith { ignore_case: false }, text)
    }

    /// Begins with the text in upper or lower case.
    fn istartswith<R: Operand<String>>(self, text: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        matches(self, Match::StartsWith { ignore_case: true }, text)
    }

    /// Ends with the text; `%`, `_` and `\` in it are ordinary characters.
    #[doc(alias = "ends_with")]
    fn endswith<R: Operand<String>>(self, text: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        matches(self, Match::EndsWith { ignore_case: false }, text)
    }

    /// Ends with the text in upper or lower case.
    fn iendswith<R: Operand<String>>(self, text: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        matches(self, Match::EndsWith { ignore_case: true }, text)
    }

    /// Matches a [regular expression](https://www.postgresql.org/docs/current/functions-matching.html#FUNCTIONS-POSIX-REGEXP)
    /// of PostgreSQL. One that it refuses is an error of the query.
    fn regex<R: Operand<String>>(self, pattern: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        matches(self, Match::Regex { ignore_case: false }, pattern)
    }

    /// Matches a regular expression in upper or lower case.
    fn iregex<R: Operand<String>>(self, pattern: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Text,
    {
        matches(self, Match::Regex { ignore_case: true }, pattern)
    }
}

impl<E: Expression> TextLookups for E {}
