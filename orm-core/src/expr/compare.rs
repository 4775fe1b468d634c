//! Comparison, null, list, range and text lookups; orders.

use crate::{
    Agg, BinaryOp, Cond, Count, Expr, Field, First, IntoExpr, IntoList, Many, Match, Node, Order, PerRow,
    Reach, Single, SqlType, Text, UnaryOp, Value,
};

macro_rules! comparisons { ($([$($g:tt)*] $ty:ty, $t:ty $(, $n:ident: $per_row:ident)?;)*) => {$(
    impl<$($g)*> $ty {
        /// Equal. `eq(None)` is `IS NULL`.
        pub fn eq(self, value: impl IntoExpr<$t>) -> Cond $(where $n: $per_row)? {
            Cond(Node::binary(self.node(), BinaryOp::Eq, value.into_node()))
        }

        /// Not equal; where NULL is possible, NULL is a value as any other (`IS DISTINCT FROM`).
        pub fn ne(self, value: impl IntoExpr<$t>) -> Cond $(where $n: $per_row)? {
            Cond(Node::binary(self.node(), BinaryOp::Ne, value.into_node()))
        }

        /// Less than.
        pub fn lt(self, value: impl IntoExpr<$t>) -> Cond $(where $n: $per_row)? {
            Cond(Node::binary(self.node(), BinaryOp::Lt, value.into_node()))
        }

        /// Less than or equal.
        #[doc(alias = "le")]
        pub fn lte(self, value: impl IntoExpr<$t>) -> Cond $(where $n: $per_row)? {
            Cond(Node::binary(self.node(), BinaryOp::Lte, value.into_node()))
        }

        /// Greater than.
        pub fn gt(self, value: impl IntoExpr<$t>) -> Cond $(where $n: $per_row)? {
            Cond(Node::binary(self.node(), BinaryOp::Gt, value.into_node()))
        }

        /// Greater than or equal.
        #[doc(alias = "ge")]
        pub fn gte(self, value: impl IntoExpr<$t>) -> Cond $(where $n: $per_row)? {
            Cond(Node::binary(self.node(), BinaryOp::Gte, value.into_node()))
        }

        /// Between two values, both included (`BETWEEN`).
        #[doc(alias = "between")]
        pub fn range(self, from: impl IntoExpr<$t>, to: impl IntoExpr<$t>) -> Cond $(where $n: $per_row)? {
            Cond(Node::Between(Box::new([self.node(), from.into_node(), to.into_node()].map(Node::part))))
        }

        /// One of the values of a list or a query. An empty list matches nothing.
        pub fn in_(self, list: impl IntoList<$t>) -> Cond $(where $n: $per_row)? {
            Cond(list.contains(self.node()))
        }

        /// NULL.
        #[doc(alias = "isnull")]
        pub fn is_null(self) -> Cond $(where $n: $per_row)? {
            Cond(Node::unary(UnaryOp::IsNull, self.node()))
        }

        /// Not NULL.
        pub fn is_not_null(self) -> Cond {
            Cond(Node::unary(UnaryOp::IsNotNull, self.node()))
        }

        /// Smallest first.
        pub fn asc(self) -> Order $(where $n: $per_row)? {
            Order { by: self.node(), descending: false, nulls_first: None }
        }

        /// Largest first.
        pub fn desc(self) -> Order $(where $n: $per_row)? {
            Order { by: self.node(), descending: true, nulls_first: None }
        }
    }
)*}}
comparisons! {
    [T: Value, N: Reach] Field<T, N>, T;
    [T: Value] Expr<T>, T;
    [T: Value, N: Reach] Agg<T, N>, T, N: PerRow;
    [] Count, i64;
    [T: Value] First<T>, T;
}

/// The text of a node: what is not text (a `Uuid`) is converted.
fn text<T: Text>(node: Node) -> Node {
    if T::TYPE.is_text() { node } else { Node::Cast(node.boxed(), SqlType::Text) }
}

fn matches<T: Text>(node: Node, how: Match, pattern: impl IntoExpr<String>) -> Cond {
    Cond(Node::Match(text::<T>(node).boxed(), how, pattern.into_node().boxed()))
}

macro_rules! texts { ($([$($g:tt)*] $ty:ty, $t:ty;)*) => {$(
    impl<$($g)*> $ty {
        /// Equal but for upper and lower case.
        pub fn iexact(self, value: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            let upper = |node| Node::Call(crate::Function::Upper, vec![Node::part(node)]);
            let node = upper(text::<<$t as Value>::Base>(self.node()));
            Cond(Node::binary(node, BinaryOp::Eq, upper(value.into_node())))
        }

        /// Contains the text; `%`, `_` and `\` in it are ordinary characters.
        pub fn contains(self, text: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::Contains { ignore_case: false }, text)
        }

        /// Contains the text in upper or lower case.
        pub fn icontains(self, text: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::Contains { ignore_case: true }, text)
        }

        /// Begins with the text; `%`, `_` and `\` in it are ordinary characters.
        #[doc(alias = "starts_with")]
        pub fn startswith(self, text: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::StartsWith { ignore_case: false }, text)
        }

        /// Begins with the text in upper or lower case.
        pub fn istartswith(self, text: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::StartsWith { ignore_case: true }, text)
        }

        /// Ends with the text; `%`, `_` and `\` in it are ordinary characters.
        #[doc(alias = "ends_with")]
        pub fn endswith(self, text: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::EndsWith { ignore_case: false }, text)
        }

        /// Ends with the text in upper or lower case.
        pub fn iendswith(self, text: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::EndsWith { ignore_case: true }, text)
        }

        /// Matches a [regular expression](https://www.postgresql.org/docs/current/functions-matching.html#FUNCTIONS-POSIX-REGEXP)
        /// of PostgreSQL. One that it refuses is an error of the query.
        pub fn regex(self, pattern: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::Regex { ignore_case: false }, pattern)
        }

        /// Matches a regular expression in upper or lower case.
        pub fn iregex(self, pattern: impl IntoExpr<String>) -> Cond where <$t as Value>::Base: Text {
            matches::<<$t as Value>::Base>(self.node(), Match::Regex { ignore_case: true }, pattern)
        }
    }
)*}}
texts! {
    [T: Value, N: Reach] Field<T, N>, T;
    [T: Value] Expr<T>, T;
    [T: Value] First<T>, T;
}

/// What `order_by` takes: fields, `.asc()`, `.desc()`, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "cannot order by `{Self}`",
    label = "expected a field, `.asc()`, `.desc()` or a tuple of them",
    note = "to order by a relation name its column: `p.author.id` or `p.author.username`"
)]
pub trait IntoOrder {
    /// Appends the parts of the order.
    fn into_order(self, out: &mut Vec<Order>);
}
impl IntoOrder for Order {
    fn into_order(self, out: &mut Vec<Order>) {
        out.push(self);
    }
}
impl<T: Value, N: Single> IntoOrder for Field<T, N> {
    fn into_order(self, out: &mut Vec<Order>) {
        out.push(self.asc());
    }
}
#[diagnostic::do_not_recommend]
impl<T: Value> IntoOrder for Expr<T> {
    fn into_order(self, out: &mut Vec<Order>) {
        out.push(self.asc());
    }
}
#[diagnostic::do_not_recommend]
impl<T: Value> IntoOrder for Agg<T, Many> {
    fn into_order(self, out: &mut Vec<Order>) {
        out.push(self.asc());
    }
}
