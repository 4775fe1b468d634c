//! What can be given where a value, an expression or a list of some type is wanted.
//!
//! Inference is a public interface: for one target there is exactly one integer type and exactly one `Option<_>`,
//! so that `eq(3)` finds the field's width and `eq(None)` its type. `tests/it/inference.rs` holds it.

use crate::{
    Agg, Annotations, Case, CiText, Cond, Count, Element, Exists, Expr, Field, FieldType, First, ForeignKey,
    Free, KeyBy, MacAddr, Model, Node, Nullness, Of, Param, QuerySet, Range, RangeElement, Rel, Row, Single,
    Totals, Value,
    kind::{Kind, OfRow},
    value::{Maybe, Never, Storable},
};
use core::{net::IpAddr, ops};

/// A Rust value (not an expression) for a field of type `T`: setters and keys take it.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::IntoValue;
///
/// fn by(author: impl IntoValue<ForeignKey<User>>) -> QuerySet<Post> {
///     let author: ForeignKey<User> = author.into_value();
///     Post::objects().filter(|p| p.author.eq(author))
/// }
/// # let alice = User { id: 7, username: "alice".into(), email: None, posts: HasMany::default() };
/// let query = by(7);
/// let query = by(&alice);
/// let name: Option<String> = "alice".into_value();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value of type `{T}`",
    label = "expected a value of type `{T}`"
)]
pub trait IntoValue<T> {
    /// The value as `T`.
    fn into_value(self) -> T;
}

/// A value or an expression beside one of type `T`: what it is compared or calculated with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression of type `{T}`",
    label = "expected a value, field or expression of type `{T}`"
)]
pub trait Operand<T> {
    /// Whether it can be NULL.
    type Nulls: Nullness;
    /// What it has a value for.
    type Kind: Kind;
    /// The expression without its type.
    #[doc(hidden)]
    fn into_node(self) -> Node;
}

/// A value or an expression to compare with, or to assign to, a field of type `T`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::IntoExpr;
///
/// fn titled(title: impl IntoExpr<String>) -> QuerySet<Post> {
///     Post::objects().filter(|p| p.title.eq(title))
/// }
/// let query = titled("Hi");
/// let query = User::objects().filter(|u| titled(u.username).exists());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an expression of type `{T}`",
    label = "expected a value, field or expression of type `{T}`"
)]
pub trait IntoExpr<T>: Operand<T, Kind: OfRow> {}
impl<T, E: Operand<T, Kind: OfRow>> IntoExpr<T> for E {}

/// Something to look for a `T` in: values, or a query of one value a row.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::IntoList;
///
/// fn named(names: impl IntoList<String>) -> QuerySet<User> {
///     User::objects().filter(|u| u.username.in_(names))
/// }
/// let query = named(["alice", "bob"]);
/// let query = named(vec![String::from("alice")]);
/// let query = named(Post::objects().values(|p| p.title));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of `{T}`",
    label = "expected an array, slice or `Vec` of values for `{T}`, or a query of that type"
)]
pub trait IntoList<T> {
    /// The condition that `needle` is in the list. NULLs in the list are passed over.
    fn contains(self, needle: Node) -> Node;
}

/// Both conversions of a Rust value at once: one can't be had from the other, as that would overlap with `Field`.
macro_rules! value {
    ([$($g:tt)*] $from:ty => $to:ty, $nulls:ty, $v:ident => $e:expr) => {
        #[diagnostic::do_not_recommend]
        impl<$($g)*> IntoValue<$to> for $from {
            fn into_value(self) -> $to { let $v = self; $e }
        }
        #[diagnostic::do_not_recommend]
        impl<$($g)*> Operand<$to> for $from {
            type Nulls = $nulls;
            type Kind = Free;
            fn into_node(self) -> Node { Node::Param(Storable::to_param(&IntoValue::<$to>::into_value(self))) }
        }
    };
}
value!([S: FieldType] S => S, Never, v => v);
value!([S: FieldType] S => Option<S>, Never, v => Some(v));
value!([S: FieldType] Option<S> => Option<S>, Maybe, v => v);
value!([S: FieldType] &S => S, Never, v => v.clone());
value!([S: FieldType] &S => Option<S>, Never, v => Some(v.clone()));
value!([S: FieldType] &Option<S> => Option<S>, Maybe, v => v.clone());
value!([] &str => String, Never, v => v.into());
value!([] &str => Option<String>, Never, v => Some(v.into()));
value!([] &[u8] => Vec<u8>, Never, v => v.into());
value!([] &[u8] => Option<Vec<u8>>, Never, v => Some(v.into()));
value!([S: FieldType + Element] &[S] => Vec<S>, Never, v => v.into());
value!([S: FieldType + Element] &[S] => Option<Vec<S>>, Never, v => Some(v.into()));
value!([S: FieldType + Element, const N: usize] [S; N] => Vec<S>, Never, v => v.into());
value!([S: FieldType + Element, const N: usize] [S; N] => Option<Vec<S>>, Never, v => Some(v.into()));
value!([] &[&str] => Vec<String>, Never, v => v.iter().map(|text| text.to_string()).collect());
value!([const N: usize] [&str; N] => Vec<String>, Never, v => v.map(String::from).into());
value!([] &str => CiText, Never, v => v.into());
value!([] &str => Option<CiText>, Never, v => Some(v.into()));
value!([T: RangeElement] ops::Range<T> => Range<T>, Never, v => v.into());
value!([T: RangeElement] ops::Range<T> => Option<Range<T>>, Never, v => Some(v.into()));
value!([T: RangeElement] ops::RangeInclusive<T> => Range<T>, Never, v => v.into());
value!([T: RangeElement] ops::RangeInclusive<T> => Option<Range<T>>, Never, v => Some(v.into()));
value!([T: RangeElement] ops::RangeFrom<T> => Range<T>, Never, v => v.into());
value!([T: RangeElement] ops::RangeFrom<T> => Option<Range<T>>, Never, v => Some(v.into()));
// So that `p.price.gt(5)` needs no conversion.
#[cfg(feature = "rust-decimal-1")]
value!([] i64 => rust_decimal::Decimal, Never, v => v.into());
#[cfg(feature = "rust-decimal-1")]
value!([] i64 => Option<rust_decimal::Decimal>, Never, v => Some(v.into()));
#[cfg(feature = "bigdecimal-04")]
value!([] i64 => bigdecimal::BigDecimal, Never, v => v.into());
#[cfg(feature = "bigdecimal-04")]
value!([] i64 => Option<bigdecimal::BigDecimal>, Never, v => Some(v.into()));
value!([M: Model, K: KeyBy<M>] &M => ForeignKey<M, K>, Never, v => ForeignKey::of(v));
value!([M: Model, K: KeyBy<M>] &M => Option<ForeignKey<M, K>>, Never, v => Some(ForeignKey::of(v)));
value!([M: Model, K: KeyBy<M>] &&M => ForeignKey<M, K>, Never, v => ForeignKey::of(v));
value!([M: Model, K: KeyBy<M>] ForeignKey<M, K> => ForeignKey<M, K>, Never, v => v);
value!([M: Model, K: KeyBy<M>] ForeignKey<M, K> => Option<ForeignKey<M, K>>, Never, v => Some(v));
value!([M: Model, K: KeyBy<M>] Option<ForeignKey<M, K>> => Option<ForeignKey<M, K>>, Maybe, v => v);
value!([M: Model, K: KeyBy<M>] &ForeignKey<M, K> => ForeignKey<M, K>, Never, v => v.clone());
value!([M: Model, K: KeyBy<M>] &ForeignKey<M, K> => Option<ForeignKey<M, K>>, Never, v => Some(v.clone()));
value!([M: Model, K: KeyBy<M>] &Option<ForeignKey<M, K>> => Option<ForeignKey<M, K>>, Maybe, v => v.clone());
value!([M: Model, K: KeyBy<M, Key = String>] &str => ForeignKey<M, K>, Never, v => ForeignKey::by(v.to_owned()));
value!([M: Model, K: KeyBy<M, Key = String>] &str => Option<ForeignKey<M, K>>, Never, v => Some(ForeignKey::by(v.to_owned())));

/// Lets a key type stand for a foreign key to a model that has it: one impl a type, as a blanket one would overlap
/// with that for `&M`. `#[derive(DbType)]` calls it, without the attribute: a program may have a `mod diagnostic`.
macro_rules! composite_keys { ($(($($t:ident $k:ident $at:tt),*))*) => {$(
    value!([M: Model<Key = ($($k,)*)>, $($k, $t: IntoValue<$k>),*] ($($t,)*) => ForeignKey<M>, Never,
        v => ForeignKey::to(($(v.$at.into_value(),)*)));
    value!([M: Model<Key = ($($k,)*)>, $($k, $t: IntoValue<$k>),*] ($($t,)*) => Option<ForeignKey<M>>, Never,
        v => Some(ForeignKey::to(($(v.$at.into_value(),)*))));
)*}}
composite_keys!((X A 0, Y B 1) (X A 0, Y B 1, Z C 2) (X A 0, Y B 1, Z C 2, W D 3));

#[doc(hidden)]
#[macro_export]
macro_rules! key_conversions { ($($(#[$m:meta])? $t:ty),* $(,)?) => {$(
    $(#[$m])?
    impl<__M: $crate::Model, __K: $crate::KeyBy<__M, Key = $t>> $crate::IntoValue<$crate::ForeignKey<__M, __K>> for $t {
        fn into_value(self) -> $crate::ForeignKey<__M, __K> { $crate::ForeignKey::by(self) }
    }
    $(#[$m])?
    impl<__M: $crate::Model, __K: $crate::KeyBy<__M, Key = $t>> $crate::IntoValue<$crate::ForeignKey<__M, __K>> for &$t {
        fn into_value(self) -> $crate::ForeignKey<__M, __K> {
            $crate::ForeignKey::by($crate::ModelField::id(self))
        }
    }
    $(#[$m])?
    impl<__M: $crate::Model, __K: $crate::KeyBy<__M, Key = $t>> $crate::IntoValue<::core::option::Option<$crate::ForeignKey<__M, __K>>> for $t {
        fn into_value(self) -> ::core::option::Option<$crate::ForeignKey<__M, __K>> {
            ::core::option::Option::Some($crate::ForeignKey::by(self))
        }
    }
    $(#[$m])?
    impl<__M: $crate::Model, __K: $crate::KeyBy<__M, Key = $t>> $crate::Operand<$crate::ForeignKey<__M, __K>> for $t {
        type Nulls = $crate::value::Never;
        type Kind = $crate::kind::Free;
        fn into_node(self) -> $crate::Node { $crate::Node::Param($crate::value::Storable::to_param(&self)) }
    }
    $(#[$m])?
    impl<__M: $crate::Model, __K: $crate::KeyBy<__M, Key = $t>> $crate::Operand<::core::option::Option<$crate::ForeignKey<__M, __K>>> for $t {
        type Nulls = $crate::value::Never;
        type Kind = $crate::kind::Free;
        fn into_node(self) -> $crate::Node { $crate::Node::Param($crate::value::Storable::to_param(&self)) }
    }
    impl<__M: $crate::Model<Key = $t>> $crate::KeyOf<__M> for $t {}
)*}}
key_conversions!(
    #[diagnostic::do_not_recommend]
    i16,
    #[diagnostic::do_not_recommend]
    i32,
    #[diagnostic::do_not_recommend]
    i64,
    #[diagnostic::do_not_recommend]
    u8,
    #[diagnostic::do_not_recommend]
    u16,
    #[diagnostic::do_not_recommend]
    u32,
    #[diagnostic::do_not_recommend]
    u64,
    #[diagnostic::do_not_recommend]
    String,
    #[diagnostic::do_not_recommend]
    CiText,
    #[diagnostic::do_not_recommend]
    IpAddr,
    #[diagnostic::do_not_recommend]
    MacAddr,
);
#[cfg(feature = "uuid-1")]
key_conversions!(
    #[diagnostic::do_not_recommend]
    uuid::Uuid
);

impl<T: Value, U: Of<T::Base>, N: Single> Operand<T> for Field<U, N> {
    type Nulls = <U::Nulls as Nullness>::Or<N::Nulls>;
    type Kind = N::Kind;
    fn into_node(self) -> Node {
        self.node()
    }
}

macro_rules! expressions { ($([$($g:tt)*] $from:ty => $to:ty, $nulls:ty, $kind:ty, $v:ident => $node:expr;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Operand<$to> for $from {
        type Nulls = $nulls;
        type Kind = $kind;
        fn into_node(self) -> Node {
            let $v = self;
            $node
        }
    }
)*}}
expressions! {
    [T: Value, U: Of<T::Base>, K: Kind] Expr<U, K> => T, U::Nulls, K, v => v.node();
    [T: Value, U: Of<T::Base>, K: Kind] Agg<U, K> => T, U::Nulls, K, v => v.node();
    [T: Value, N: Nullness, K: Kind] Case<T::Base, N, K> => T, Maybe, K, v => v.node();
    [T: Value<Base = bool>, K: Kind] Cond<K> => T, Never, K, v => v.node();
    [T: Value<Base = bool>] Exists => T, Never, Free, v => v.node();
    [T: Value<Base = i64>] Count => T, Never, Free, v => v.node();
    [T: Value, U: Of<T::Base>] First<U> => T, Maybe, Free, v => v.node();
    [T: Value, U: Of<T::Base>] Totals<U> => T, U::Nulls, Free, v => v.node();
    [M: Model<Key = U::Base>, U: Value, N: Single] Field<U, N> => ForeignKey<M>, Never, N::Kind, v => v.node();
    [M: Model<Key = U::Base>, U: Value, N: Single] Field<U, N> => Option<ForeignKey<M>>, Never, N::Kind, v => v.node();
    [M: Model<Key = U::Base>, U: Value, K: Kind] Expr<U, K> => ForeignKey<M>, U::Nulls, K, v => v.node();
    [M: Model<Key = U::Base>, U: Value, K: Kind] Expr<U, K> => Option<ForeignKey<M>>, U::Nulls, K, v => v.node();
    [M: Model, N: Single] Rel<M, N> => ForeignKey<M>, N::Nulls, N::Kind, v => v.key();
    [M: Model, N: Single] Rel<M, N> => Option<ForeignKey<M>>, N::Nulls, N::Kind, v => v.key();
}

fn one_of<T: Storable, U: IntoValue<T>>(needle: Node, values: impl IntoIterator<Item = U>) -> Node {
    let params = values.into_iter().map(|value| value.into_value().to_param());
    let params: Vec<_> = params.filter(|param| !param.is_null()).collect();
    Node::InList(needle.boxed(), Param::list(T::SQL, &params))
}

#[diagnostic::do_not_recommend]
impl<T: Storable, U: IntoValue<T>, const N: usize> IntoList<T> for [U; N] {
    fn contains(self, needle: Node) -> Node {
        one_of::<T, U>(needle, self)
    }
}
#[diagnostic::do_not_recommend]
impl<T: Storable, U: IntoValue<T>> IntoList<T> for Vec<U> {
    fn contains(self, needle: Node) -> Node {
        one_of::<T, U>(needle, self)
    }
}
#[diagnostic::do_not_recommend]
impl<'a, T: Storable, U> IntoList<T> for &'a [U]
where
    &'a U: IntoValue<T>,
{
    fn contains(self, needle: Node) -> Node {
        one_of::<T, &U>(needle, self)
    }
}
#[diagnostic::do_not_recommend]
impl<'a, T: Storable, U> IntoList<T> for &'a Vec<U>
where
    &'a U: IntoValue<T>,
{
    fn contains(self, needle: Node) -> Node {
        one_of::<T, &U>(needle, self)
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model, T: Value, U: Of<T::Base> + Row, A: Annotations> IntoList<T> for QuerySet<M, U, A> {
    fn contains(self, needle: Node) -> Node {
        Node::InQuery(needle.boxed(), self.into_query().boxed())
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model, Q: Model, R: KeyOf<M>, A: Annotations> IntoList<ForeignKey<M>> for QuerySet<Q, R, A> {
    fn contains(self, needle: Node) -> Node {
        Node::InQuery(needle.boxed(), self.into_query().boxed())
    }
}

/// Rows of a query that tell a row of `M`: rows of `M`, or keys to it.
#[diagnostic::on_unimplemented(
    message = "rows of type `{Self}` are no rows of `{M}` and no keys to it",
    label = "expected a query of `{M}` or of its keys"
)]
pub trait KeyOf<M> {}
impl<M: Model> KeyOf<M> for M {}
