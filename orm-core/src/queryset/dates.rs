//! The days, months or years that there are rows of.

use super::QuerySet;
use crate::{
    Annotations, Expr, Expression, FieldType, Model, Node, Operand, Row, TimeFunctions, UnaryOp,
    expr::{Base, Dated, Instant, Unit},
    kind::PerRow,
    node::{OrderBy, Output},
    path::enter_with,
};

impl<M: Model, R: Row, A: Annotations<Kind = PerRow>> QuerySet<M, R, A> {
    /// The different days, months or years of a time, without NULL, the first ones first: what an archive lists. Of a date they are
    /// dates, of an instant they begin in the session's time zone, as for [`trunc`](TimeFunctions::trunc).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # use chrono::NaiveDate;
    /// # run(async |_| {
    /// use orm::TimeUnit;
    ///
    /// let months: Vec<NaiveDate> = Post::objects().dates(|p| p.published_at.date(), TimeUnit::Month).await?;
    /// let days: Vec<DateTime<Utc>> = Post::objects().dates(|p| p.published_at, TimeUnit::Day).reverse().await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn dates<E>(
        self,
        f: impl FnOnce(A::Arg<M>) -> E,
        unit: Unit,
    ) -> QuerySet<M, Base<E>, A::Push<Expr<Base<E>>>>
    where
        E: Expression<Kind = PerRow>,
        Base<E>: Dated + FieldType,
    {
        let (depth, value) = enter_with::<M, A, _>(f);
        self.different::<Base<E>>(depth, value.trunc(unit).node())
    }

    /// The different days, months or years of an instant in a time zone, without NULL, the first ones first.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// use orm::TimeUnit;
    ///
    /// let days: Vec<DateTime<Utc>> =
    ///     Post::objects().datetimes(|p| p.published_at, TimeUnit::Day, "Europe/Berlin").await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn datetimes<E>(
        self,
        f: impl FnOnce(A::Arg<M>) -> E,
        unit: Unit,
        zone: impl Operand<String>,
    ) -> QuerySet<M, Base<E>, A::Push<Expr<Base<E>>>>
    where
        E: Expression<Kind = PerRow>,
        Base<E>: Instant + FieldType,
    {
        let (depth, value) = enter_with::<M, A, _>(f);
        self.different::<Base<E>>(depth, value.trunc_in(unit, zone).node())
    }

    fn different<T: FieldType>(mut self, depth: u8, value: Node) -> QuerySet<M, T, A::Push<Expr<T>>> {
        let query = self.query_mut();
        query.output.clear();
        query.annotate(depth, vec![Output::Value(value, T::TYPE)]);
        query.output.drain(..query.output.len() - 1);
        let each = query.output[0].1.clone().into_node();
        query.filters.push((depth, Node::unary(UnaryOp::IsNotNull, each.clone())));
        query.order = Some(vec![(depth, OrderBy { by: each, descending: false, nulls_first: None })]);
        query.distinct = true;
        self.read_as()
    }
}
