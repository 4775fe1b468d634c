//! Arithmetic: both sides have one scalar type, and the result may be NULL if one may.

use super::kind::{Beside, Kind};
use crate::{
    Agg, BinaryOp, Count, Expr, Expression, Field, FieldType, First, Free, Like, Node, Nullness, Number,
    Operand, Reach, Totals, UnaryOp, Value, value::Either,
};
use std::ops;

/// What can be added to a type: numbers of the same type to a number, spans of time to a time.
#[diagnostic::on_unimplemented(
    message = "`{R}` cannot be added to `{Self}`",
    label = "not something to add to `{Self}`"
)]
pub trait Plus<R> {
    /// The type of the sum.
    type Output: FieldType;
    /// Whether what is added may be NULL.
    type Nulls: Nullness;
    /// What it has a value for.
    type Kind: Kind;
    /// The expression without its type.
    #[doc(hidden)]
    fn operand(other: R) -> Node;
}

/// What can be subtracted from a type.
#[diagnostic::on_unimplemented(
    message = "`{R}` cannot be subtracted from `{Self}`",
    label = "not something to subtract from `{Self}`"
)]
pub trait Minus<R> {
    /// The type of the difference.
    type Output: FieldType;
    /// Whether what is subtracted may be NULL.
    type Nulls: Nullness;
    /// What it has a value for.
    type Kind: Kind;
    /// The expression without its type.
    #[doc(hidden)]
    fn operand(other: R) -> Node;
}

macro_rules! of_numbers { ($($trait:ident)*) => {$(
    impl<T: Number, R: Operand<T>> $trait<R> for T {
        type Output = T;
        type Nulls = R::Nulls;
        type Kind = R::Kind;
        fn operand(other: R) -> Node {
            other.into_node()
        }
    }
)*}}
of_numbers!(Plus Minus);

/// Sums of times, by the types of both sides.
macro_rules! summed { ($($t:ty),*) => {$(
    impl<R: crate::Typed> crate::expr::arithmetic::Plus<R> for $t
    where
        $t: SumWith<crate::expr::typed::BaseOf<R>>,
    {
        type Output = <$t as SumWith<crate::expr::typed::BaseOf<R>>>::Output;
        type Nulls = crate::expr::typed::NullsOf<R>;
        type Kind = R::Kind;
        fn operand(other: R) -> Node {
            other.typed()
        }
    }
    impl<R: crate::Typed> crate::expr::arithmetic::Minus<R> for $t
    where
        $t: LessBy<crate::expr::typed::BaseOf<R>>,
    {
        type Output = <$t as LessBy<crate::expr::typed::BaseOf<R>>>::Output;
        type Nulls = crate::expr::typed::NullsOf<R>;
        type Kind = R::Kind;
        fn operand(other: R) -> Node {
            other.typed()
        }
    }
)*}}
pub(crate) use summed;

/// The type of an expression together with another one of the same scalar.
type Both<E, R, S> = Either<<<E as Expression>::Value as Value>::Nulls, <R as Operand<S>>::Nulls, S>;

macro_rules! operator { ($trait:ident $method:ident $op:ident: $([$($g:tt)*] $ty:ty, $base:ty, $kind:ty;)*) => {$(
    impl<$($g)* R: Operand<$base>> ops::$trait<R> for $ty {
        type Output = Expr<Both<Self, R, $base>, Beside<$kind, R::Kind>>;
        fn $method(self, other: R) -> Self::Output {
            Expr::new(Node::binary(self.node(), BinaryOp::$op, other.into_node()))
        }
    }
)*}}
/// The type of an expression together with what is added to it or subtracted.
type Sum<E, N, S> = Either<<<E as Expression>::Value as Value>::Nulls, N, S>;
macro_rules! sums { ($trait:ident $method:ident $by:ident: $([$($g:tt)*] $ty:ty, $base:ty, $kind:ty;)*) => {$(
    impl<$($g)* R> ops::$trait<R> for $ty
    where
        $base: $by<R>,
    {
        type Output = Expr<
            Sum<Self, <$base as $by<R>>::Nulls, <$base as $by<R>>::Output>,
            Beside<$kind, <$base as $by<R>>::Kind>,
        >;
        fn $method(self, other: R) -> Self::Output {
            Expr::new(Node::binary(self.node(), BinaryOp::$trait, <$base as $by<R>>::operand(other)))
        }
    }
)*}}
macro_rules! negation { ($([$($g:tt)*] $ty:ty, $base:ty, $kind:ty;)*) => {$(
    impl<$($g)*> ops::Neg for $ty {
        type Output = Expr<Like<Self, $base>, $kind>;
        fn neg(self) -> Self::Output {
            Expr::new(Node::unary(UnaryOp::Neg, self.node()))
        }
    }
)*}}
/// Calls a macro with all types that can be calculated with, the scalar each is of and its kind.
macro_rules! values { ($macro:ident!($($op:tt)*), [$($value:tt)*]) => {
    $macro! { $($op)*
        [T: $($value)*, N: Reach,] Field<T, N>, T::Base, N::Kind;
        [T: $($value)*, K: Kind,] Expr<T, K>, T::Base, K;
        [T: $($value)*, K: Kind,] Agg<T, K>, T::Base, K;
        [T: $($value)*,] First<T>, T::Base, Free;
        [T: $($value)*,] Totals<T>, T::Base, Free;
        [] Count, i64, Free;
    }
} }
values!(sums!(Add add Plus:), [Value]);
values!(sums!(Sub sub Minus:), [Value]);
values!(operator!(Mul mul Mul:), [Value<Base: Number>]);
values!(operator!(Div div Div:), [Value<Base: Number>]);
values!(operator!(Rem rem Rem:), [Value<Base: Number>]);
values!(negation!(), [Value<Base: Number>]);
