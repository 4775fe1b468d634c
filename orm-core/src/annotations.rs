//! What a query's rows are annotated with, as its later closures receive it.

use crate::{
    Expr, Model, Node, Own, Path, Value,
    kind::{Kind, PerGroup, PerRow},
};
use std::marker::PhantomData;

/// The annotations of a query so far, in the type of a [`QuerySet`](crate::QuerySet): `()`, a tuple, or [`By`].
pub trait Annotations: Send + Sync + 'static {
    /// What closures receive: the model's fields, or a tuple of these and the annotations.
    type Arg<M: Model>;
    /// What there is a value for: each row, or each group.
    type Kind: Kind;
    /// One more.
    type Push<X: Annotation>: Annotations;
    #[doc(hidden)]
    fn arg<M: Model>(root: Path, fields: &'static M::Fields<Own>) -> Self::Arg<M>;
}

/// One annotation, as a later closure receives it.
pub trait Annotation: Send + Sync + 'static {
    /// The same where rows are grouped by it.
    type Grouped: Annotation;
    #[doc(hidden)]
    fn at(root: Path, place: usize) -> Self;
}

impl<T: Value, K: Kind> Annotation for Expr<T, K> {
    type Grouped = Expr<T, K::Grouped>;
    fn at(root: Path, place: usize) -> Self {
        Expr::new(Node::Annotation(root, place))
    }
}

/// In place of a whole model: its fields are reached by the relation.
impl Annotation for () {
    type Grouped = ();
    fn at(_: Path, _: usize) -> Self {}
}

/// The annotations of groups of rows: what they are grouped by, and aggregates.
#[derive(Debug)]
pub struct By<A>(PhantomData<fn() -> A>);

impl<A: Annotations> Annotations for By<A> {
    type Arg<M: Model> = A::Arg<M>;
    type Kind = PerGroup;
    type Push<X: Annotation> = By<A::Push<X::Grouped>>;
    fn arg<M: Model>(root: Path, fields: &'static M::Fields<Own>) -> Self::Arg<M> {
        A::arg::<M>(root, fields)
    }
}

/// The annotations of groups.
#[diagnostic::on_unimplemented(
    message = "the query has rows, and no groups of them",
    label = "this is for groups",
    note = "`group_by(…).annotate(…)` makes groups; rows are chosen by `filter`"
)]
pub trait Groups: Annotations<Kind = PerGroup> {}
impl<A: Annotations> Groups for By<A> {}

impl Annotations for () {
    type Arg<M: Model> = &'static M::Fields<Own>;
    type Kind = PerRow;
    type Push<X: Annotation> = (X,);
    fn arg<M: Model>(_: Path, fields: &'static M::Fields<Own>) -> Self::Arg<M> {
        fields
    }
}

/// Annotations of rows from which relations lead to those that are read: closures speak of where they begin.
#[derive(Debug)]
pub struct Followed<A>(PhantomData<fn() -> A>);

impl<A: Annotations> Annotations for Followed<A> {
    type Arg<M: Model> = A::Arg<M>;
    type Kind = A::Kind;
    type Push<X: Annotation> = Followed<A::Push<X>>;
    fn arg<M: Model>(root: Path, fields: &'static M::Fields<Own>) -> Self::Arg<M> {
        A::arg::<M>(root, fields)
    }
}

/// Values alone, without the fields of a model: of rows that a query gives.
#[derive(Debug)]
pub struct Alone<A>(PhantomData<fn() -> A>);

impl<A: Flat> Annotations for Alone<A> {
    type Arg<M: Model> = A::Values;
    type Kind = PerRow;
    type Push<X: Annotation> = Alone<A::More<X>>;
    fn arg<M: Model>(root: Path, _: &'static M::Fields<Own>) -> A::Values {
        A::values(root)
    }
}

/// A tuple of annotations.
pub trait Flat: Send + Sync + 'static {
    /// What closures receive: the tuple, or the only one.
    type Values;
    /// One more.
    type More<X: Annotation>: Flat;
    #[doc(hidden)]
    fn values(root: Path) -> Self::Values;
}

impl Flat for () {
    type Values = ();
    type More<X: Annotation> = (X,);
    fn values(_: Path) {}
}

impl<A: Annotation> Flat for (A,) {
    type Values = A;
    type More<X: Annotation> = (A, X);
    fn values(root: Path) -> A {
        A::at(root, 0)
    }
}

/// Tuples, and what one more makes of them. The last is full: what comes after it is read, and not received.
macro_rules! tuples {
    (($($t:ident $place:tt),*)) => { tuples!(@($($t $place),*) ($($t,)*)); };
    (($($t:ident $place:tt),*) $($more:tt)+) => {
        tuples!(@($($t $place),*) ($($t,)* X,));
        tuples!($($more)+);
    };
    (@(A 0) $push:ty) => { tuples!(# (A 0) $push); };
    (@($($t:ident $place:tt),*) $push:ty) => {
        tuples!(# ($($t $place),*) $push);
        impl<$($t: Annotation),*> Flat for ($($t,)*) {
            type Values = Self;
            type More<X: Annotation> = $push;
            fn values(root: Path) -> Self {
                ($($t::at(root, $place),)*)
            }
        }
    };
    (# ($($t:ident $place:tt),*) $push:ty) => {
        impl<$($t: Annotation),*> Annotations for ($($t,)*) {
            type Arg<M: Model> = (&'static M::Fields<Own>, $($t),*);
            type Kind = PerRow;
            type Push<X: Annotation> = $push;
            fn arg<M: Model>(root: Path, fields: &'static M::Fields<Own>) -> Self::Arg<M> {
                (fields, $($t::at(root, $place)),*)
            }
        }
    };
}
tuples! {
    (A 0) (A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3) (A 0, B 1, C 2, D 3, E 4) (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6) (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8) (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}
