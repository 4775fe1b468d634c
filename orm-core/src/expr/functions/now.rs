//! The time on the server.

use super::time::{Instant, Span};
use crate::{BinaryOp, Expr, Free, Function, Node, Operand, Typed, Value, ast::Nulls, value::Never};
use std::ops;

/// The time on the server when the statement began (`STATEMENT_TIMESTAMP`): beside a timestamp with a time zone it is of its
/// type, and spans can be added to it; by itself its type must be said, by [`typed`](Moment::typed).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(condition(|p| p.published_at.lte(orm::now())), r#""post"."published_at" <= STATEMENT_TIMESTAMP()"#);
/// let change = Post::objects().update(|p| p.published_at.set(orm::now()));
/// assert_eq!(change.to_sql(), r#"UPDATE "post" SET "published_at" = STATEMENT_TIMESTAMP()"#);
/// let query = Post::objects().values(|p| orm::now().typed::<DateTime<Utc>>() - p.published_at); // Option<Interval>
/// ```
pub fn now() -> Moment {
    Moment(Node::call(Function::named("STATEMENT_TIMESTAMP", Nulls::Never), []))
}

/// A time reckoned from [`now`].
#[derive(Clone, Debug)]
#[must_use = "it does nothing until it is given to a query"]
pub struct Moment(Node);

impl Moment {
    /// As an expression of a type of timestamps with a time zone.
    pub fn typed<T: Instant>(self) -> Expr<T, Free> {
        Expr::new(self.0)
    }
}

impl<T: Value<Base: Instant>> Operand<T> for Moment {
    type Nulls = Never;
    type Kind = Free;
    fn into_node(self) -> Node {
        self.0
    }
}

impl<R: Typed<Value: Span, Kind = Free>> ops::Add<R> for Moment {
    type Output = Moment;
    fn add(self, span: R) -> Moment {
        Moment(Node::binary(self.0, BinaryOp::Add, span.typed()))
    }
}

impl<R: Typed<Value: Span, Kind = Free>> ops::Sub<R> for Moment {
    type Output = Moment;
    fn sub(self, span: R) -> Moment {
        Moment(Node::binary(self.0, BinaryOp::Sub, span.typed()))
    }
}
