//! What a relation can be in a query: compared by key, or asked about the rows it leads to.

use crate::{
    Assign, BinaryOp, Cond, IntoCond, IntoExpr, IntoList, Many, Model, Node, Own, Reach, Rel, Single,
    UnaryOp,
    node::{Quantifier, Related},
    path::enter,
};

impl<M: Model, N: Reach> Rel<M, N> {
    /// Leads to this row: an instance, a key, or an expression. `eq(None)` on a nullable relation is `IS NULL`.
    pub fn eq(self, row: impl IntoExpr<N::Key<M>>) -> Cond {
        Cond::new(Node::binary(self.key(), BinaryOp::Eq, row.into_node()))
    }

    /// Leads to another row than this, or to none.
    pub fn ne(self, row: impl IntoExpr<N::Key<M>>) -> Cond {
        Cond::new(Node::binary(self.key(), BinaryOp::Ne, row.into_node()))
    }

    /// Leads to one of the rows of a list or a query.
    pub fn in_(self, rows: impl IntoList<crate::ForeignKey<M>>) -> Cond {
        Cond::new(rows.contains(self.key()))
    }

    /// Leads nowhere.
    pub fn is_null(self) -> Cond {
        if self.is_many() {
            return self.related(Quantifier::None, 0, Node::Bool(true));
        }
        Cond::new(Node::unary(UnaryOp::IsNull, self.key()))
    }

    /// Leads somewhere.
    pub fn is_not_null(self) -> Cond {
        !self.is_null()
    }

    fn related(self, quantifier: Quantifier, depth: u8, condition: Node) -> Cond {
        let condition = condition.part();
        Cond::new(Node::Related(Box::new(Related { path: self.path(), quantifier, depth, condition })))
    }
}

macro_rules! keys { ($($(#[$m:meta])* $name:ident $op:ident;)*) => {
    impl<M: Model, N: Single> Rel<M, N> {$(
        $(#[$m])*
        pub fn $name(self, row: impl IntoExpr<N::Key<M>>) -> Cond {
            Cond::new(Node::binary(self.key(), BinaryOp::$op, row.into_node()))
        }
    )*}
}}
keys! {
    /// The key is less than that of a row.
    lt Lt;
    /// The key is less than that of a row, or the same.
    lte Lte;
    /// The key is greater than that of a row.
    gt Gt;
    /// The key is greater than that of a row, or the same.
    gte Gte;
}

/// Conditions on the related rows, as `EXISTS`: a row is never found twice.
impl<M: Model> Rel<M, Many> {
    /// At least one of the related rows meets the condition.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = User::objects().filter(|u| u.posts.any(|p| p.views.gt(100) & p.title.contains("rust"))).count();
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COUNT(*) FROM "user" WHERE EXISTS(SELECT 1 FROM "post" WHERE "post"."author_id" = "user"."id" AND "post"."views" > $1 AND "post"."title" LIKE $2)"#
    /// );
    /// ```
    pub fn any<C: IntoCond>(self, f: impl FnOnce(&'static M::Fields<Own>) -> C) -> Cond {
        let (depth, condition) = enter::<M, _>(f);
        self.related(Quantifier::Any, depth, condition.condition())
    }

    /// No related row meets the condition; also if there is no related row.
    ///
    /// Behind another to-many relation it is said of one of its rows, as every path through one is: `u.posts.replies.none(…)`
    /// finds users with a post that has no such reply, `!u.posts.replies.any(…)` those without any. The same holds for
    /// [`all`](Rel::all) and [`is_null`](Rel::is_null).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = User::objects().filter(|u| u.posts.none(|p| p.views.gt(100))).count();
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COUNT(*) FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "post" WHERE "post"."author_id" = "user"."id" AND "post"."views" > $1)"#
    /// );
    /// ```
    pub fn none<C: IntoCond>(self, f: impl FnOnce(&'static M::Fields<Own>) -> C) -> Cond {
        let (depth, condition) = enter::<M, _>(f);
        self.related(Quantifier::None, depth, condition.condition())
    }

    /// Every related row meets the condition; also if there is no related row.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = User::objects().filter(|u| u.posts.all(|p| p.views.gt(100))).count();
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COUNT(*) FROM "user" WHERE NOT EXISTS(SELECT 1 FROM "post" WHERE "post"."author_id" = "user"."id" AND (NOT "post"."views" > $1))"#
    /// );
    /// ```
    pub fn all<C: IntoCond>(self, f: impl FnOnce(&'static M::Fields<Own>) -> C) -> Cond {
        let (depth, condition) = enter::<M, _>(f);
        self.related(Quantifier::All, depth, condition.condition())
    }

    /// There is a related row.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let query = User::objects().filter(|u| u.posts.exists()).count();
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT COUNT(*) FROM "user" WHERE EXISTS(SELECT 1 FROM "post" WHERE "post"."author_id" = "user"."id")"#
    /// );
    /// ```
    pub fn exists(self) -> Cond {
        self.related(Quantifier::Any, 0, Node::Bool(true))
    }
}

/// `T` for a relation that is the row's own column.
impl<M: Model> Rel<M, crate::One> {
    /// Assigns a row or a key, in `update`.
    pub fn set(self, row: impl IntoExpr<crate::ForeignKey<M>>) -> Assign {
        Assign::of_relation(self.path(), row.into_node())
    }
}
impl<M: Model> Rel<M, crate::Null> {
    /// Assigns a row, a key or `None`, in `update`.
    pub fn set(self, row: impl IntoExpr<Option<crate::ForeignKey<M>>>) -> Assign {
        Assign::of_relation(self.path(), row.into_node())
    }
}
