//! Arithmetic, conversion and default values: both sides have one scalar type, and the result may be NULL if one may.

use crate::{
    Agg, BinaryOp, Expr, Field, FieldType, First, Function, IntoExpr, Many, Node, Nullness, Number, Single,
    UnaryOp, Value,
    value::{Either, Never},
};
use std::ops;

macro_rules! operators { ($($trait:ident $method:ident $op:ident),*) => {$(
    impl<T: Value<Base: Number>, N: Single, R: IntoExpr<T::Base>> ops::$trait<R> for Field<T, N> {
        type Output = Expr<Either<<T::Nulls as Nullness>::Or<N::Nulls>, R::Nulls, T::Base>>;
        fn $method(self, other: R) -> Self::Output {
            Expr::new(Node::binary(self.node(), BinaryOp::$op, other.into_node()))
        }
    }
    impl<T: Value<Base: Number>, R: IntoExpr<T::Base>> ops::$trait<R> for Expr<T> {
        type Output = Expr<Either<T::Nulls, R::Nulls, T::Base>>;
        fn $method(self, other: R) -> Self::Output {
            Expr::new(Node::binary(self.node(), BinaryOp::$op, other.into_node()))
        }
    }
)*}}
operators!(Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Rem);

impl<T: Value<Base: Number>, N: Single> ops::Neg for Field<T, N> {
    type Output = Expr<crate::Out<T, N>>;
    fn neg(self) -> Self::Output {
        Expr::new(Node::unary(UnaryOp::Neg, self.node()))
    }
}
impl<T: Value<Base: Number>> ops::Neg for Expr<T> {
    type Output = Expr<T>;
    fn neg(self) -> Self::Output {
        Expr::new(Node::unary(UnaryOp::Neg, self.node()))
    }
}

impl<T: Value, N: Single> Field<T, N> {
    /// Converts in SQL (`CAST`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.views.cast::<f64>() / 2.0);
    /// assert_eq!(query.to_sql(), r#"SELECT CAST("post"."views" AS double precision) / $1 FROM "post""#);
    /// ```
    pub fn cast<U: FieldType>(self) -> Expr<Either<T::Nulls, N::Nulls, U>> {
        Expr::new(Node::Cast(self.node().boxed(), U::TYPE))
    }

    /// The value to take instead of NULL (`COALESCE`).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = Post::objects().values(|p| p.editor.username.or("nobody")); // QuerySet<Post, String>
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COALESCE("user"."username", $1) FROM "post" LEFT JOIN "user" ON "user"."id" = "post"."editor_id""#
    /// );
    /// ```
    pub fn or(self, value: impl IntoExpr<T::Base, Nulls = Never>) -> Expr<T::Base> {
        Expr::new(Node::Call(Function::Coalesce, vec![self.node().part(), value.into_node().part()]))
    }
}

impl<T: Value> Expr<T> {
    /// Converts in SQL (`CAST`).
    pub fn cast<U: FieldType>(self) -> Expr<<T::Nulls as Nullness>::Of<U>> {
        Expr::new(Node::Cast(self.node().boxed(), U::TYPE))
    }

    /// The value to take instead of NULL (`COALESCE`).
    pub fn or(self, value: impl IntoExpr<T::Base, Nulls = Never>) -> Expr<T::Base> {
        Expr::new(Node::Call(Function::Coalesce, vec![self.node().part(), value.into_node().part()]))
    }
}

impl<T: Value> First<T> {
    /// The value to take instead of NULL, or where there is no row (`COALESCE`).
    pub fn or(self, value: impl IntoExpr<T::Base, Nulls = Never>) -> Expr<T::Base> {
        Expr::new(Node::Call(Function::Coalesce, vec![self.node().part(), value.into_node().part()]))
    }
}

impl<T: Value> Agg<T, Many> {
    /// Converts in SQL (`CAST`).
    pub fn cast<U: FieldType>(self) -> Expr<<T::Nulls as Nullness>::Of<U>> {
        Expr::new(Node::Cast(self.node().boxed(), U::TYPE))
    }
}
