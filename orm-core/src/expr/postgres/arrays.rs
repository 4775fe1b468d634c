//! Arrays: their elements, parts and changes
//! ([Array Functions](https://www.postgresql.org/docs/current/functions-array.html)).

use super::{With, made};
use crate::{
    Base, Element, Expr, Expression, FieldType, Function, Like, Node, Nullness, Operand, Param, QuerySet,
    Row, Value,
    annotations::Annotations,
    ast::Nulls,
    expr::Cond,
    kind::{Beside, Compared, Free},
};
use std::ops::{Bound, RangeBounds};

const LEN: Function = Function::named("CARDINALITY", Nulls::Any);
const AT: Function = Function::template("($1)[$2 + 1]", Nulls::Maybe);
const SLICE: Function = Function::template("($1)[$2:$3]", Nulls::Any);
const ANY_EQ: Function = Function::template("$2 = ANY($1)", Nulls::Maybe);
const POSITION: Function = Function::template("ARRAY_POSITION($1, $2) - 1", Nulls::Maybe);
const CONCAT: Function = Function::named("ARRAY_CAT", Nulls::All);
const REMOVE: Function = Function::named("ARRAY_REMOVE", Nulls::Any);
const REPLACE: Function = Function::named("ARRAY_REPLACE", Nulls::Any);
const APPEND: Function = Function::named("ARRAY_APPEND", Nulls::Never);
const PREPEND: Function = Function::template("ARRAY_PREPEND($2, $1)", Nulls::Never);
const JOIN: Function = Function::named("ARRAY_TO_STRING", Nulls::Any);
const SUBQUERY: Function = Function::template("ARRAY($1)", Nulls::Never);

/// The element of an array's type.
type Item<E> = <Base<E> as IsArray>::Item;
/// An array where one of two is not NULL.
type Joined<E, R> = <<<<E as Expression>::Value as Value>::Nulls as Nullness>::And<
    <R as Operand<Base<E>>>::Nulls,
> as Nullness>::Of<Base<E>>;

/// What arrays can do: fields of type `Vec<T>` and `Vec<Option<T>>`. `contains`, `contained_by`, `overlap` and `is_empty`
/// are in [`Containment`](crate::Containment).
///
/// Places count from 0, as Django's and Rust's do.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// assert_eq!(condition(|t| t.tags.len().gt(3)), r#"CARDINALITY("talk"."tags") > $1"#);
/// assert_eq!(condition(|t| t.tags.at(0).eq("rust")), r#"(("talk"."tags")[ $1 + 1 ]) = $2"#);
/// assert_eq!(condition(|t| t.tags.slice(0..2).eq(["rust", "go"])), r#"(("talk"."tags")[ $1:$2 ]) = $3"#);
/// assert_eq!(condition(|t| t.tags.any_eq(t.name)), r#""talk"."name" = ANY("talk"."tags")"#);
/// let change = Talk::objects().update(|t| t.tags.set(t.tags.remove("go").append("rust")));
/// assert_eq!(
///     change.to_sql(),
///     r#"UPDATE "talk" SET "tags" = ARRAY_APPEND(ARRAY_REMOVE("talk"."tags", $1), $2)"#
/// );
/// ```
#[allow(clippy::len_without_is_empty, reason = "`is_empty` is in `Containment`, as ranges have it too")]
pub trait ArrayFunctions: Expression {
    /// How many elements it has (`cardinality`): 0 if it is empty.
    fn len(self) -> Expr<Like<Self, i32>, Self::Kind>
    where
        Base<Self>: IsArray,
    {
        Expr::call(LEN, [self.node()])
    }

    /// The element at a place, the first at 0; NULL if there is none.
    fn at<R: Operand<i32>>(
        self,
        place: R,
    ) -> Expr<Option<<Item<Self> as Value>::Base>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: IsArray,
    {
        Expr::call(AT, [self.node(), place.into_node()])
    }

    /// The elements at some places, the first at 0: `0..2`, `1..`, `..=3`. What lies outside is left out.
    fn slice(self, places: impl RangeBounds<i32>) -> Expr<Self::Value, Self::Kind>
    where
        Base<Self>: IsArray,
    {
        let from = match places.start_bound() {
            Bound::Included(place) => place.saturating_add(1),
            Bound::Excluded(place) => place.saturating_add(2),
            Bound::Unbounded => 1,
        };
        let to = match places.end_bound() {
            Bound::Included(place) => place.saturating_add(1),
            Bound::Excluded(place) => *place,
            Bound::Unbounded => i32::MAX,
        };
        let [from, to] = [from, to].map(|place| Node::Param(Param::new(Some(&place))));
        Expr::call(SLICE, [self.node(), from, to])
    }

    /// One of its elements is equal to a value (`= ANY`). `contains([value])` asks the same and can use a GIN index.
    fn any_eq<R: Operand<Item<Self>>>(self, value: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: IsArray,
    {
        super::asks(self, ANY_EQ, value)
    }

    /// The place of the first element that is equal to a value, 0 of the first; NULL if there is none.
    fn position<R: Operand<Item<Self>>>(self, value: R) -> Expr<Option<i32>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: IsArray,
    {
        Expr::call(POSITION, [self.node(), value.into_node()])
    }

    /// With one more element at the end; of NULL, an array of it alone.
    fn append<R: Operand<Item<Self>>>(self, value: R) -> Expr<Base<Self>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: IsArray,
    {
        Expr::call(APPEND, [self.node(), value.into_node()])
    }

    /// With one more element at the beginning; of NULL, an array of it alone.
    fn prepend<R: Operand<Item<Self>>>(self, value: R) -> Expr<Base<Self>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: IsArray,
    {
        Expr::call(PREPEND, [self.node(), value.into_node()])
    }

    /// With the elements of another array at the end; NULL is as an empty one.
    fn array_cat<R: Operand<Base<Self>>>(self, other: R) -> Expr<Joined<Self, R>, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: IsArray,
    {
        Expr::call(CONCAT, [self.node(), other.into_node()])
    }

    /// Without the elements that are equal to a value.
    fn remove<R: Operand<Item<Self>>>(self, value: R) -> Expr<Self::Value, Beside<Self::Kind, R::Kind>>
    where
        Base<Self>: IsArray,
    {
        Expr::call(REMOVE, [self.node(), value.into_node()])
    }

    /// With another value in place of each element that is equal to one.
    fn array_replace<A: Operand<Item<Self>>, B: Operand<Item<Self>>>(
        self,
        from: A,
        to: B,
    ) -> Expr<Self::Value, Beside<Beside<Self::Kind, A::Kind>, B::Kind>>
    where
        Base<Self>: IsArray,
    {
        Expr::call(REPLACE, [self.node(), from.into_node(), to.into_node()])
    }

    /// Its elements as texts with another one between them; NULLs are left out.
    fn array_to_string<R: Operand<String>>(self, between: R) -> With<Self, String, R, String>
    where
        Base<Self>: IsArray,
    {
        made(self, JOIN, between)
    }
}

impl<E: Expression> ArrayFunctions for E {}

/// The values of a query as an array, in its order (`ARRAY(SELECT …)`; Django's `ArraySubquery`): empty if it has none.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = User::objects().values(|u| {
///     let posts = Post::objects().filter(|p| p.author.eq(u.id)).order_by(|p| p.views.desc());
///     (u.username, orm::array_subquery(posts.values(|p| p.title).limit(3))) // (String, Vec<String>)
/// });
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "user"."username", ARRAY((SELECT "post"."title" FROM "post" WHERE "post"."author_id" = "user"."id" ORDER BY "post"."views" DESC LIMIT $1)) FROM "user""#
/// );
/// ```
pub fn array_subquery<M: crate::Model, R: Value + Row, A: Annotations>(
    query: QuerySet<M, R, A>,
) -> Expr<Vec<R>, Free>
where
    Vec<R>: FieldType,
{
    Expr::call(SUBQUERY, [Node::First(query.into_query().boxed())])
}

/// Arrays: `Vec<T>` and `Vec<Option<T>>` of a type that is no `u8`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an array",
    label = "this method is for fields of type `Vec<_>`"
)]
pub trait IsArray: FieldType {
    /// The type of its elements.
    type Item: Value;
}
#[diagnostic::do_not_recommend]
impl<T: FieldType + Element> IsArray for Vec<T> {
    type Item = T;
}
#[diagnostic::do_not_recommend]
impl<T: FieldType + Element> IsArray for Vec<Option<T>> {
    type Item = Option<T>;
}
