//! Arithmetic: both sides have one scalar type, and the result may be NULL if one may.

use super::kind::{Beside, Kind};
use crate::{
    Agg, BinaryOp, Count, Expr, Expression, Field, First, Free, Like, Node, Number, Operand, Reach, Totals,
    UnaryOp, Value, value::Either,
};
use std::ops;

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
macro_rules! negation { ($([$($g:tt)*] $ty:ty, $base:ty, $kind:ty;)*) => {$(
    impl<$($g)*> ops::Neg for $ty {
        type Output = Expr<Like<Self, $base>, $kind>;
        fn neg(self) -> Self::Output {
            Expr::new(Node::unary(UnaryOp::Neg, self.node()))
        }
    }
)*}}
/// Calls a macro with all types that can be calculated with, the scalar each is of and its kind.
macro_rules! numbers { ($macro:ident!($($op:tt)*)) => {
    $macro! { $($op)*
        [T: Value<Base: Number>, N: Reach,] Field<T, N>, T::Base, N::Kind;
        [T: Value<Base: Number>, K: Kind,] Expr<T, K>, T::Base, K;
        [T: Value<Base: Number>, K: Kind,] Agg<T, K>, T::Base, K;
        [T: Value<Base: Number>,] First<T>, T::Base, Free;
        [T: Value<Base: Number>,] Totals<T>, T::Base, Free;
        [] Count, i64, Free;
    }
} }
numbers!(operator!(Add add Add:));
numbers!(operator!(Sub sub Sub:));
numbers!(operator!(Mul mul Mul:));
numbers!(operator!(Div div Div:));
numbers!(operator!(Rem rem Rem:));
numbers!(negation!());
