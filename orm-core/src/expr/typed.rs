//! Values that have a type by themselves, and several of one type: the arguments of functions.

use super::kind::{Beside, Free, Kind};
use crate::{FieldType, Node, Nullness, Operand, Param, Value, for_tuples};

/// A value whose type needs no other one beside it: an expression, or a value of Rust.
///
/// It is what the first argument of a function is. An integer without a type is an `i32`, as in Rust.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value in SQL",
    label = "expected a field, an expression or a value of a column type"
)]
pub trait Typed {
    /// Its type: an `Option` if it may be NULL.
    type Value: Value;
    /// What it has a value for.
    type Kind: Kind;
    /// The expression without its type.
    #[doc(hidden)]
    fn typed(self) -> Node;
}

/// The type of a value without NULL.
pub(crate) type BaseOf<E> = <<E as Typed>::Value as Value>::Base;
/// Whether a value may be NULL.
pub(crate) type NullsOf<E> = <<E as Typed>::Value as Value>::Nulls;

#[diagnostic::do_not_recommend]
impl<S: FieldType> Typed for S {
    type Value = S;
    type Kind = Free;
    fn typed(self) -> Node {
        Node::Param(Param::new(Some(&self)))
    }
}
#[diagnostic::do_not_recommend]
impl<S: FieldType> Typed for Option<S> {
    type Value = Option<S>;
    type Kind = Free;
    fn typed(self) -> Node {
        Node::Param(Param::new(self.as_ref()))
    }
}
#[diagnostic::do_not_recommend]
impl Typed for &str {
    type Value = String;
    type Kind = Free;
    fn typed(self) -> Node {
        self.to_owned().typed()
    }
}

/// Values of any types: one, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of values in SQL",
    label = "expected a tuple of fields, expressions and values: `(p.title, \"!\")`"
)]
pub trait Arguments {
    /// What they have values for, in one expression.
    type Kind: Kind;
    #[doc(hidden)]
    fn nodes(self) -> Vec<Node>;
}

/// Values of one type, which the first one has: a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of values of one type",
    label = "expected a tuple whose first value says the type: `(p.nickname, p.name, \"\")`"
)]
pub trait Alike {
    /// The type, without NULL.
    type Base: FieldType;
    /// Whether all of them may be NULL.
    type All: Nullness;
    /// What they have values for, in one expression.
    type Kind: Kind;
    #[doc(hidden)]
    fn nodes(self) -> Vec<Node>;
}

/// The kind of several in one expression.
macro_rules! kinds {
    () => { Free };
    ($t:ty) => { $t };
    ($t:ty $(, $rest:ty)+) => { Beside<$t, kinds!($($rest),+)> };
}
/// NULL only if all are.
macro_rules! all {
    ($t:ty) => { $t };
    ($t:ty, $($rest:ty),+) => { <$t as Nullness>::And<all!($($rest),+)> };
}
macro_rules! tuples { ($(($first:ident $(, $t:ident)*))*) => {$(
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$first: Typed, $($t: Typed),*> Arguments for ($first, $($t,)*) {
        type Kind = kinds!($first::Kind $(, $t::Kind)*);
        fn nodes(self) -> Vec<Node> {
            let ($first, $($t,)*) = self;
            vec![$first.typed(), $($t.typed()),*]
        }
    }
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$first: Typed, $($t: Operand<BaseOf<$first>>),*> Alike for ($first, $($t,)*) {
        type Base = BaseOf<$first>;
        type All = all!(NullsOf<$first> $(, $t::Nulls)*);
        type Kind = kinds!($first::Kind $(, $t::Kind)*);
        fn nodes(self) -> Vec<Node> {
            let ($first, $($t,)*) = self;
            vec![$first.typed(), $($t.into_node()),*]
        }
    }
)*}}
for_tuples!(tuples);

#[diagnostic::do_not_recommend]
impl<V: Typed> Arguments for V {
    type Kind = V::Kind;
    fn nodes(self) -> Vec<Node> {
        vec![self.typed()]
    }
}

impl Arguments for () {
    type Kind = Free;
    fn nodes(self) -> Vec<Node> {
        Vec::new()
    }
}
