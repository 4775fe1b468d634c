//! hstore: what is there by a name, and changes of it ([hstore](https://www.postgresql.org/docs/current/hstore.html)).

use crate::{Expr, Expression, Function, Hstore, Like, Node, Operand, Value, ast::Nulls, kind::Beside};

/// What fields of type [`Hstore`](crate::Hstore) can do. `has_key`, `has_keys`, `has_any_keys`, `contains` and `contained_by`
/// are in [`Containment`](crate::Containment).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// #[derive(Model)]
/// struct Item {
///     id: i64,
///     labels: Hstore,
/// }
/// let query = Item::objects().filter(|i| i.labels.key("colour").eq("red") & !i.labels.has_key("size")).count();
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT COUNT(*) FROM "item" WHERE ("item"."labels" -> $1) = $2 AND (NOT ("item"."labels" ? $3))"#
/// );
/// let change = Item::objects().update(|i| i.labels.set(i.labels.set_key("size", "XL").remove_key("colour")));
/// ```
pub trait HstoreFunctions: Expression {
    /// The value of a name (`->`); NULL if it is not there.
    fn key<R: Operand<String>>(self, name: R) -> Expr<Option<String>, Beside<Self::Kind, R::Kind>>
    where
        Self: OfHstore,
    {
        Expr::call(Function::template("$1 -> $2", Nulls::Maybe), [self.node(), name.into_node()])
    }

    /// All names, as an array (`akeys`).
    fn keys(self) -> Expr<Like<Self, Vec<String>>, Self::Kind>
    where
        Self: OfHstore,
    {
        Expr::call(Function::named("AKEYS", Nulls::Any), [self.node()])
    }

    /// All values, as an array (`avals`).
    fn values(self) -> Expr<Like<Self, Vec<Option<String>>>, Self::Kind>
    where
        Self: OfHstore,
    {
        Expr::call(Function::named("AVALS", Nulls::Any), [self.node()])
    }

    /// With a value for a name, in place of what it had.
    fn set_key<A: Operand<String>, B: Operand<Option<String>>>(
        self,
        name: A,
        value: B,
    ) -> Expr<Self::Value, Beside<Beside<Self::Kind, A::Kind>, B::Kind>>
    where
        Self: OfHstore,
    {
        let parts: [Node; 3] = [self.node(), name.into_node(), value.into_node()];
        Expr::call(Function::template("$1 || HSTORE($2, $3)", Nulls::Maybe), parts)
    }

    /// With all that another one has, whose values count.
    fn with_keys<R: Operand<Hstore, Nulls = crate::value::Never>>(
        self,
        other: R,
    ) -> Expr<Self::Value, Beside<Self::Kind, R::Kind>>
    where
        Self: OfHstore,
    {
        Expr::call(Function::template("$1 || $2", Nulls::Any), [self.node(), other.into_node()])
    }

    /// Without a name (`delete`).
    fn remove_key<R: Operand<String, Nulls = crate::value::Never>>(
        self,
        name: R,
    ) -> Expr<Self::Value, Beside<Self::Kind, R::Kind>>
    where
        Self: OfHstore,
    {
        Expr::call(Function::named("DELETE", Nulls::Any), [self.node(), name.into_node()])
    }
}

impl<E: Expression> HstoreFunctions for E {}

/// Expressions of hstore.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not hstore",
    label = "this method is for fields of type `Hstore`"
)]
pub trait OfHstore: Expression {}
#[diagnostic::do_not_recommend]
impl<E: Expression<Value: Value<Base = Hstore>>> OfHstore for E {}
