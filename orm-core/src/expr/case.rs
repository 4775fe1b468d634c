//! `CASE`: a value that depends on conditions.

use super::{
    Truth,
    kind::{Beside, Free, Kind},
    typed::{BaseOf, NullsOf, Typed},
};
use crate::{Expr, Expression, FieldType, Node, Nullness, Operand, UnaryOp};
use std::{fmt, marker::PhantomData};

/// Begins a value that depends on conditions (`CASE`): that of the first one which is true.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = Post::objects().values(|p| {
///     orm::case().when(p.views.gte(1000), "hot").when(p.views.gte(100), "warm").otherwise("cold")
/// }); // QuerySet<Post, String>
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT (CASE WHEN ("post"."views" >= $1) THEN $2 WHEN ("post"."views" >= $3) THEN $4 ELSE $5 END) FROM "post""#
/// );
/// ```
pub fn case() -> CaseStart {
    CaseStart(())
}

/// A `CASE` without a condition yet: [`when`](CaseStart::when) gives the first.
#[derive(Debug)]
#[must_use = "give it conditions by `when`"]
pub struct CaseStart(());

/// A value that depends on conditions: NULL if none is true, unless [`otherwise`](Case::otherwise) says what then.
///
/// It has the methods of an [`Expression`].
#[must_use = "an expression does nothing until it is given to a query"]
pub struct Case<T, N, K> {
    arms: Vec<(Node, Node)>,
    _t: PhantomData<fn() -> (T, N, K)>,
}

/// The kind of a `CASE` with one more condition and value.
type Arm<K, C, V> = Beside<K, Beside<<<C as Expression>::Kind as Kind>::Cond, V>>;

fn arm<C: Expression>(condition: C, value: Node) -> (Node, Node) {
    // `WHEN` takes NULL for false by itself.
    let condition = match condition.node() {
        Node::Unary(UnaryOp::IsTrue, condition) => *condition,
        other => other,
    };
    (condition.part(), value.part())
}

impl CaseStart {
    /// The value when a condition is true; it says the type of all.
    pub fn when<C: Expression<Value: Truth>, V: Typed>(
        self,
        condition: C,
        value: V,
    ) -> Case<BaseOf<V>, NullsOf<V>, Arm<Free, C, V::Kind>> {
        Case { arms: vec![arm(condition, value.typed())], _t: PhantomData }
    }
}

impl<T: FieldType, N: Nullness, K: Kind> Case<T, N, K> {
    /// The value when this condition is true and none before it.
    pub fn when<C: Expression<Value: Truth>, V: Operand<T>>(
        mut self,
        condition: C,
        value: V,
    ) -> Case<T, N::Or<V::Nulls>, Arm<K, C, V::Kind>> {
        self.arms.push(arm(condition, value.into_node()));
        Case { arms: self.arms, _t: PhantomData }
    }

    /// The value when no condition is true (`ELSE`).
    pub fn otherwise<V: Operand<T>>(
        self,
        value: V,
    ) -> Expr<<N::Or<V::Nulls> as Nullness>::Of<T>, Beside<K, V::Kind>> {
        Expr::new(Node::Case(self.arms, Some(value.into_node().boxed())))
    }
}

impl<T, N, K> Case<T, N, K> {
    pub(crate) fn node(self) -> Node {
        Node::Case(self.arms, None)
    }
}

impl<T, N, K> Clone for Case<T, N, K> {
    fn clone(&self) -> Self {
        Case { arms: self.arms.clone(), _t: PhantomData }
    }
}

impl<T, N, K> fmt::Debug for Case<T, N, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.arms).finish()
    }
}
