//! `contains` and its relatives, whose meaning depends on the type.

use super::asks;
use crate::{
    Base, Cond, Element, Expression, FieldType, Function, Hstore, Match, Multirange, Node, Operand, Range,
    RangeElement, Text, Value,
    ast::Nulls,
    expr::text::as_text,
    kind::{Compared, Kind},
};

const CONTAINS: Function = Function::template("$1 @> $2", Nulls::Any);
const CONTAINED: Function = Function::template("$1 <@ $2", Nulls::Any);
const OVERLAP: Function = Function::template("$1 && $2", Nulls::Any);
const HAS_KEY: Function = Function::template("$1 ? $2", Nulls::Any);
const HAS_KEYS: Function = Function::template("$1 ?& $2", Nulls::Any);
const HAS_ANY_KEYS: Function = Function::template("$1 ?| $2", Nulls::Any);

/// What texts, arrays, ranges, JSON and hstore contain.
///
/// | of | `contains` | `contained_by` | `overlap` |
/// |---|---|---|---|
/// | texts | a text; `%`, `_` and `\` in it are ordinary characters | | |
/// | arrays | all the elements of an array | an array with all its elements | an array with one of them |
/// | JSON | JSON, with [PostgreSQL's rules](https://www.postgresql.org/docs/current/datatype-json.html#JSON-CONTAINMENT) | JSON | |
/// | ranges | a value, a range | a range | a range |
/// | values of ranges | | a range | |
/// | hstore | its names with their values | an hstore | |
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// use serde_json::json;
///
/// assert_eq!(condition(|t| t.name.contains("rust")), r#""talk"."name" LIKE $1"#);
/// assert_eq!(condition(|t| t.tags.contains(["rust"])), r#""talk"."tags" @> $1"#);
/// assert_eq!(condition(|t| t.tags.overlap(["rust", "go"])), r#""talk"."tags" && $1"#);
/// assert_eq!(condition(|t| t.meta.contains(json!({"level": 1}))), r#""talk"."meta" @> $1"#);
/// ```
pub trait Containment: Expression {
    /// Contains a text, elements, JSON; of a range, a value or another range.
    fn contains<R: PartOf<Base<Self>, As>, As>(self, part: R) -> Cond<Compared<Self::Kind, R::Kind>> {
        Cond::new(part.is_in(self.node()))
    }

    /// Is contained in another one (`<@`).
    fn contained_by<W: Value, R: Operand<W>>(self, whole: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: ContainedBy<Whole = W>,
    {
        asks(self, CONTAINED, whole)
    }

    /// Has something in common with another one (`&&`).
    fn overlap<R: Operand<Base<Self>>>(self, other: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: Overlap,
    {
        asks(self, OVERLAP, other)
    }

    /// Has nothing in it: an array without elements, a range without values.
    fn is_empty(self) -> Cond<<Self::Kind as Kind>::Cond>
    where
        Base<Self>: MaybeEmpty,
    {
        Cond::new(Node::call(<Base<Self>>::IS_EMPTY, [self.node()]))
    }

    /// Has a key (`?`): of JSON, is an object with it, or an array with that string.
    fn has_key<R: Operand<String>>(self, key: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: HasKeys,
    {
        asks(self, HAS_KEY, key)
    }

    /// Has all of some keys (`?&`).
    fn has_keys<R: Operand<Vec<String>>>(self, keys: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: HasKeys,
    {
        asks(self, HAS_KEYS, keys)
    }

    /// Has one of some keys (`?|`).
    fn has_any_keys<R: Operand<Vec<String>>>(self, keys: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: HasKeys,
    {
        asks(self, HAS_ANY_KEYS, keys)
    }
}

impl<E: Expression> Containment for E {}

/// What a part is, where one `T` can contain several things: rustc finds it.
pub mod part {
    /// What the type contains.
    #[derive(Clone, Copy, Debug)]
    pub struct Whole;
    /// A value of a range.
    #[derive(Clone, Copy, Debug)]
    pub struct Item;
    /// A range of a multirange.
    #[derive(Clone, Copy, Debug)]
    pub struct Piece;
}

/// What a `T` can contain, `As` one of [`part`].
#[diagnostic::on_unimplemented(
    message = "`{T}` does not contain `{Self}`",
    label = "`contains` is for texts, arrays, ranges, JSON and hstore, with a part of one"
)]
pub trait PartOf<T, As = part::Whole> {
    /// What it has a value for.
    type Kind: Kind;
    /// The condition that it is in a whole.
    #[doc(hidden)]
    fn is_in(self, whole: Node) -> Node;
}

#[diagnostic::do_not_recommend]
impl<T: Text, R: Operand<String>> PartOf<T> for R {
    type Kind = R::Kind;
    fn is_in(self, whole: Node) -> Node {
        let how = Match::Contains { ignore_case: false };
        Node::Match(as_text::<T>(whole).boxed(), how, self.into_node().boxed())
    }
}

/// Types whose values contain others of a type.
macro_rules! wholes { ($([$($g:tt)*] $whole:ty, $part:ty;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$($g)* R: Operand<$part>> PartOf<$whole> for R {
        type Kind = R::Kind;
        fn is_in(self, whole: Node) -> Node {
            Node::call(CONTAINS, [whole, self.into_node()])
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*> ContainedBy for $whole {
        type Whole = $part;
    }
)*}}
wholes! {
    [T: FieldType + Element,] Vec<T>, Vec<T>;
    [T: FieldType + Element,] Vec<Option<T>>, Vec<T>;
    [] Hstore, Hstore;
    [T: RangeElement,] Range<T>, Range<T>;
    [T: RangeElement,] Multirange<T>, Multirange<T>;
}

/// What ranges contain beside others of their type.
macro_rules! ranges { ($($whole:ident, $part:ty, $as:ident;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<T: RangeElement, R: Operand<$part>> PartOf<$whole<T>, part::$as> for R {
        type Kind = R::Kind;
        fn is_in(self, whole: Node) -> Node {
            Node::call(CONTAINS, [whole, self.into_node()])
        }
    }
)*}}
ranges! {
    Range, T, Item;
    Multirange, T, Item;
    Multirange, Range<T>, Piece;
}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> ContainedBy for T {
    type Whole = Range<T>;
}
#[cfg(feature = "serde-json-1")]
wholes! {
    [] serde_json::Value, serde_json::Value;
    [T: serde::Serialize + serde::de::DeserializeOwned + Clone + Send + Sync + 'static,] crate::Json<T>, serde_json::Value;
}

/// Types with `contained_by`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is contained in nothing",
    label = "`contained_by` is for arrays, ranges and their values, JSON and hstore"
)]
pub trait ContainedBy: FieldType {
    /// The type of what contains it.
    type Whole: Value;
}

/// Types with `overlap`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no parts",
    label = "`overlap` is for arrays and ranges"
)]
pub trait Overlap: FieldType {}
#[diagnostic::do_not_recommend]
impl<T: FieldType + Element> Overlap for Vec<T> {}
#[diagnostic::do_not_recommend]
impl<T: FieldType + Element> Overlap for Vec<Option<T>> {}

#[diagnostic::do_not_recommend]
impl<T: RangeElement> Overlap for Range<T> {}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> Overlap for Multirange<T> {}

/// Types with `is_empty`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no parts",
    label = "`is_empty` is for arrays and ranges"
)]
pub trait MaybeEmpty: FieldType {
    /// How PostgreSQL is asked.
    #[doc(hidden)]
    const IS_EMPTY: Function;
}
macro_rules! emptiable { ($([$t:ident: $($bound:path),*] $ty:ty: $function:expr;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$t: $($bound +)*> MaybeEmpty for $ty {
        const IS_EMPTY: Function = $function;
    }
)*}}
emptiable! {
    [T: FieldType, Element] Vec<T>: Function::template("CARDINALITY($1) = 0", Nulls::Any);
    [T: FieldType, Element] Vec<Option<T>>: Function::template("CARDINALITY($1) = 0", Nulls::Any);
    [T: RangeElement] Range<T>: Function::named("ISEMPTY", Nulls::Any);
    [T: RangeElement] Multirange<T>: Function::named("ISEMPTY", Nulls::Any);
}

/// Types with keys.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no keys",
    label = "this method is for JSON and hstore"
)]
pub trait HasKeys: FieldType {}
impl HasKeys for Hstore {}
#[cfg(feature = "serde-json-1")]
#[diagnostic::do_not_recommend]
impl<T: super::IsJson> HasKeys for T {}
