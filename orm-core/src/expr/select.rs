//! What `values` and `aggregate` take, and what rows become by it.

use crate::{
    Agg, Count, Expr, Field, FieldType, First, Many, Model, Null, One, Out, Rel, Row, Single, Value,
    node::Output,
    value::{Maybe, Nullness},
};

/// One value per row: fields, expressions, relations to one row (as a model), or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not one value of a row",
    label = "expected fields, expressions, or a tuple of them",
    note = "an aggregate of the row's own columns is for `aggregate`"
)]
pub trait Select {
    /// What a row becomes.
    type Row: Row;
    /// Appends what to select.
    fn select(self, out: &mut Vec<Output>);
}

impl<T: Value, N: Single> Select for Field<T, N>
where
    Out<T, N>: Row,
{
    type Row = Out<T, N>;
    fn select(self, out: &mut Vec<Output>) {
        out.push(Output::Value(self.node(), T::Base::TYPE));
    }
}

macro_rules! values { ($([$($g:tt)*] $ty:ty => $row:ty, $base:ty;)*) => {$(
    impl<$($g)*> Select for $ty {
        type Row = $row;
        fn select(self, out: &mut Vec<Output>) {
            out.push(Output::Value(self.node(), <$base as FieldType>::TYPE));
        }
    }
)*}}
values! {
    [T: Value + Row] Expr<T> => T, T::Base;
    [T: Value + Row] Agg<T, Many> => T, T::Base;
    [] Count => i64, i64;
    [T: Value] First<T> => <Maybe as Nullness>::Of<T::Base>, T::Base;
}

impl<M: Model> Select for Rel<M, One> {
    type Row = M;
    fn select(self, out: &mut Vec<Output>) {
        out.push(Output::Model(self.path()));
    }
}
impl<M: Model> Select for Rel<M, Null> {
    type Row = Option<M>;
    fn select(self, out: &mut Vec<Output>) {
        out.push(Output::Model(self.path()));
    }
}

/// One value for all rows: aggregates of their columns, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an aggregate",
    label = "expected `.count()`, `.sum()`, `.avg()`, `.min()`, `.max()`, or a tuple of them",
    note = "to aggregate across a to-many relation, start from its model"
)]
pub trait AggregateRow {
    /// What the one row becomes.
    type Row: Row;
    /// Appends what to select.
    fn select(self, out: &mut Vec<Output>);
}
impl<T: Value + Row, N: Single> AggregateRow for Agg<T, N> {
    type Row = T;
    fn select(self, out: &mut Vec<Output>) {
        out.push(Output::Value(self.node(), T::Base::TYPE));
    }
}

/// A tuple does what its parts do, one after the other.
macro_rules! tuple { ($trait:path, $method:ident, $out:ty, [$($t:ident),*] $(, $row:ty)?) => {
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$($t: $trait),*> $trait for ($($t,)*) {
        $(type Row = $row;)?
        fn $method(self, out: &mut Vec<$out>) {
            let ($($t,)*) = self;
            $($t.$method(out);)*
        }
    }
} }
macro_rules! tuples { ($(($($t:ident),*))*) => {$(
    tuple!(Select, select, Output, [$($t),*], ($($t::Row,)*));
    tuple!(AggregateRow, select, Output, [$($t),*], ($($t::Row,)*));
    tuple!(super::IntoOrder, into_order, crate::Order, [$($t),*]);
    tuple!(super::Assigns, assigns, super::Assign, [$($t),*]);
    tuple!(super::Columns, columns, crate::Column, [$($t),*]);
)*}}
crate::for_tuples!(tuples);
