//! What `values`, `annotate` and `aggregate` take, and what rows become by it.

use super::kind::{Free, Kind, PerRow, Stands};
use crate::{
    Agg, Annotations, Case, Cond, Count, Exists, Expr, Field, FieldType, First, Model, Null, Nullness, One,
    Own, Rel, Row, Single, Totals, Value, node::Output, value::Either,
};
use std::marker::PhantomData;

/// Values of a row, or (`K` is [`PerGroup`](crate::kind::PerGroup)) of a group of rows: fields, expressions, relations to
/// one row (as a model), or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value `{K}`",
    label = "expected fields, expressions, aggregates, or a tuple of them that are values `{K}`",
    note = "a field is a value `PerRow`, for `values` and `annotate`; an aggregate of the query's own fields is a value `PerGroup`, for `aggregate` and `group_by(…).annotate(…)`"
)]
pub trait Select<K = PerRow> {
    /// What a row becomes.
    type Row: Row;
    /// What a row becomes that is read as `P` already.
    type After<P: Row>: Row;
    /// What later closures receive, after the annotations `A`.
    type Then<A: Annotations>: Annotations;
    /// Appends what to select.
    #[doc(hidden)]
    fn select(self, out: &mut Vec<Output>);
}

/// A part of a model `M`: what [`only`](crate::QuerySet::only) reads. `#[derive(Projection)]` with `#[orm(model = M)]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of `{M}`",
    label = "not a projection of `{M}`",
    note = "`#[derive(Projection)] #[orm(model = {M})]` makes a struct one"
)]
pub trait Projection<M: Model>: Row {
    /// Appends what to select.
    #[doc(hidden)]
    fn select(fields: &'static M::Fields<Own>, out: &mut Vec<Output>);
}

/// Appends what to select, and says what it becomes.
#[doc(hidden)]
pub fn selected<S: Select>(value: S, out: &mut Vec<Output>) -> PhantomData<S::Row> {
    value.select(out);
    PhantomData
}

macro_rules! values { ($([$($g:tt)*] $ty:ty => $row:ty, $kind:ty;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$($g)* K> Select<K> for $ty
    where
        $kind: Stands<K>,
        $row: Row,
    {
        type Row = $row;
        type After<P: Row> = P::Push<$row>;
        type Then<A: Annotations> = A::Push<Expr<$row, $kind>>;
        fn select(self, out: &mut Vec<Output>) {
            out.push(Output::Value(self.node(), <$row as Value>::Base::TYPE));
        }
    }
)*}}
values! {
    [T: Value, J: Kind,] Expr<T, J> => T, J;
    [T: Value, J: Kind,] Agg<T, J> => T, J;
    [T: FieldType, N: Nullness, J: Kind,] Case<T, N, J> => Option<T>, J;
    [J: Kind,] Cond<J> => bool, J;
    [] Count => i64, Free;
    [] Exists => bool, Free;
    [T: Value,] First<T> => Option<T::Base>, Free;
    [T: Value,] Totals<T> => T, Free;
}

impl<T: Value, N: Single, K> Select<K> for Field<T, N>
where
    PerRow: Stands<K>,
{
    type Row = Either<T::Nulls, N::Nulls, T::Base>;
    type After<P: Row> = P::Push<Self::Row>;
    type Then<A: Annotations> = A::Push<Expr<Self::Row>>;
    fn select(self, out: &mut Vec<Output>) {
        out.push(Output::Value(self.node(), T::Base::TYPE));
    }
}

macro_rules! relations { ($($reach:ty => $row:ty;)*) => {$(
    impl<M: Model> Select for Rel<M, $reach> {
        type Row = $row;
        type After<P: Row> = P::Push<$row>;
        type Then<A: Annotations> = A::Push<()>;
        fn select(self, out: &mut Vec<Output>) {
            out.push(Output::Model(self.path()));
        }
    }
)*}}
relations! {
    One => M;
    Null => Option<M>;
}

/// A tuple does what its parts do, one after the other.
macro_rules! tuple { ($trait:path, $method:ident, $out:ty, [$($t:ident),*]) => {
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$($t: $trait),*> $trait for ($($t,)*) {
        fn $method(self, out: &mut Vec<$out>) {
            let ($($t,)*) = self;
            $($t.$method(out);)*
        }
    }
} }
/// What the last of some types makes of what those before it made.
macro_rules! chain { ($trait:ident, $step:ident, $p:ty,) => { $p }; ($trait:ident, $step:ident, $p:ty, $t:ident $($rest:ident)*) => {
    chain!($trait, $step, <$t as $trait<__K>>::$step<$p>, $($rest)*)
} }
macro_rules! tuples { ($(($($t:ident),*))*) => {$(
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<__K, $($t: Select<__K>),*> Select<__K> for ($($t,)*) {
        type Row = ($($t::Row,)*);
        type After<__P: Row> = chain!(Select, After, __P, $($t)*);
        type Then<__A: Annotations> = chain!(Select, Then, __A, $($t)*);
        fn select(self, out: &mut Vec<Output>) {
            let ($($t,)*) = self;
            $($t.select(out);)*
        }
    }
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<__K, $($t: super::IntoOrder<__K>),*> super::IntoOrder<__K> for ($($t,)*) {
        fn into_order(self, out: &mut Vec<crate::node::OrderBy>) {
            let ($($t,)*) = self;
            $($t.into_order(out);)*
        }
    }
    tuple!(super::Assigns, assigns, super::Assign, [$($t),*]);
    tuple!(super::Columns, columns, crate::Column, [$($t),*]);
)*}}
crate::for_tuples!(tuples);
