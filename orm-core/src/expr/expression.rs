//! What every expression can do: compared, looked up, ordered, converted.

use super::kind::{Compared, Free, Kind};
use crate::{
    Agg, BinaryOp, Case, Cond, Count, Exists, Expr, Field, FieldType, First, Function, IntoList, Node,
    Nullness, Operand, Order, Reach, Totals, Typed, UnaryOp, Value,
    value::{Either, Maybe, Never},
};

/// The type of an expression without NULL.
pub type Base<E> = <<E as Expression>::Value as Value>::Base;
/// A type that may be NULL where an expression may.
pub type Like<E, S> = <<<E as Expression>::Value as Value>::Nulls as Nullness>::Of<S>;

/// A value in a query: a [`Field`], an [`Expr`], an [`Agg`], a [`Cond`], or a query that gives one value.
///
/// All have these methods, and can stand wherever a value of their kind is wanted: in `filter`, `values`, `annotate`,
/// `order_by`, `update` and as operands. What they become is shown at [`Field`].
pub trait Expression: Sized {
    /// The type that it is compared with: as declared, also where the way to it may lead nowhere.
    type Declared: Value;
    /// The type of its value: an `Option` if it may be NULL.
    type Value: Value;
    /// What it has a value for.
    type Kind: Kind;

    /// The expression without its type.
    #[doc(hidden)]
    fn node(self) -> Node;

    /// Equal. `eq(None)` is `IS NULL`.
    fn eq<R: Operand<Self::Declared>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>> {
        compare(self, BinaryOp::Eq, value)
    }

    /// Not equal; where NULL is possible, NULL is a value as any other (`IS DISTINCT FROM`).
    fn ne<R: Operand<Self::Declared>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>> {
        compare(self, BinaryOp::Ne, value)
    }

    /// Less than.
    fn lt<R: Operand<Self::Declared>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>> {
        compare(self, BinaryOp::Lt, value)
    }

    /// Less than or equal.
    #[doc(alias = "le")]
    fn lte<R: Operand<Self::Declared>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>> {
        compare(self, BinaryOp::Lte, value)
    }

    /// Greater than.
    fn gt<R: Operand<Self::Declared>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>> {
        compare(self, BinaryOp::Gt, value)
    }

    /// Greater than or equal.
    #[doc(alias = "ge")]
    fn gte<R: Operand<Self::Declared>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>> {
        compare(self, BinaryOp::Gte, value)
    }

    /// Between two values, both included (`BETWEEN`).
    #[doc(alias = "between")]
    fn range<A: Operand<Self::Declared>, B: Operand<Self::Declared>>(
        self,
        from: A,
        to: B,
    ) -> Cond<Compared<Compared<Self::Kind, A::Kind>, B::Kind>> {
        let parts = [self.node(), from.into_node(), to.into_node()];
        Cond::new(Node::Between(Box::new(parts.map(Node::part))))
    }

    /// One of the values of a list or a query. An empty list matches nothing.
    fn in_(self, list: impl IntoList<Self::Declared>) -> Cond<<Self::Kind as Kind>::Cond> {
        Cond::new(list.contains(self.node()))
    }

    /// NULL.
    #[doc(alias = "isnull")]
    fn is_null(self) -> Cond<<Self::Kind as Kind>::Cond> {
        Cond::new(Node::unary(UnaryOp::IsNull, self.node()))
    }

    /// Not NULL.
    fn is_not_null(self) -> Cond<<Self::Kind as Kind>::Cond> {
        Cond::new(Node::unary(UnaryOp::IsNotNull, self.node()))
    }

    /// Smallest first.
    fn asc(self) -> Order<Self::Kind> {
        Order::new(self.node(), false)
    }

    /// Largest first.
    fn desc(self) -> Order<Self::Kind> {
        Order::new(self.node(), true)
    }

    /// Converts in SQL (`CAST`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.views.cast::<f64>() / 2.0);
    /// assert_eq!(query.to_sql(), r#"SELECT CAST("post"."views" AS double precision) / $1 FROM "post""#);
    /// ```
    fn cast<S: FieldType>(self) -> Expr<Like<Self, S>, Self::Kind> {
        Expr::new(Node::Cast(self.node().boxed(), S::TYPE))
    }

    /// The value to take instead of NULL (`COALESCE`), or of an aggregate over nothing.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.editor.username.or("nobody")); // QuerySet<Post, String>
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COALESCE("user"."username", $1) FROM "post" LEFT JOIN "user" ON "user"."id" = "post"."editor_id""#
    /// );
    /// ```
    #[doc(alias = "coalesce")]
    fn or<R: Operand<Base<Self>, Nulls = Never>>(
        self,
        value: R,
    ) -> Expr<Base<Self>, <Self::Kind as Kind>::With<R::Kind>> {
        Expr::call(Function::COALESCE, [self.node(), value.into_node()])
    }
}

fn compare<E: Expression, T, R: Operand<T>, K: Kind>(of: E, op: BinaryOp, with: R) -> Cond<K> {
    Cond::new(Node::binary(of.node(), op, with.into_node()))
}

impl<T: Value, N: Reach> Expression for Field<T, N> {
    type Declared = T;
    type Value = Either<T::Nulls, N::Nulls, T::Base>;
    type Kind = N::Kind;
    fn node(self) -> Node {
        self.node()
    }
}

impl<T: Value, N: Reach> Typed for Field<T, N> {
    type Value = Either<T::Nulls, N::Nulls, T::Base>;
    type Kind = N::Kind;
    fn typed(self) -> Node {
        self.node()
    }
}

macro_rules! expressions { ($([$($g:tt)*] $ty:ty: $value:ty, $kind:ty;)*) => {$(
    impl<$($g)*> Expression for $ty {
        type Declared = $value;
        type Value = $value;
        type Kind = $kind;
        fn node(self) -> Node {
            self.node()
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Typed for $ty {
        type Value = $value;
        type Kind = $kind;
        fn typed(self) -> Node {
            self.node()
        }
    }
)*}}
expressions! {
    [T: Value, K: Kind] Expr<T, K>: T, K;
    [T: Value, K: Kind] Agg<T, K>: T, K;
    [T: FieldType, N: Nullness, K: Kind] Case<T, N, K>: Option<T>, K;
    [K: Kind] Cond<K>: bool, K;
    [] Count: i64, Free;
    [] Exists: bool, Free;
    [T: Value] First<T>: <Maybe as Nullness>::Of<T::Base>, Free;
    [T: Value] Totals<T>: T, Free;
}
