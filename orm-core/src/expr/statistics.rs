//! Aggregates beyond the five: texts and arrays put together, bits and truth, statistics.

use super::{
    aggregate::Of,
    typed::{BaseOf, Typed},
};
use crate::{
    Agg, Base, Expression, FieldType, Function, Node, Number, Operand, SqlType, Text, Truth,
    ast::Nulls,
    kind::{Beside, Kind},
    node::Aggregate,
    value::Whole,
};

const fn function(name: &'static str) -> Function {
    Function::named(name, Nulls::Maybe)
}

/// An aggregate of `E` and another value.
type OfTwo<E, R, T> = Agg<T, <Beside<<E as Expression>::Kind, R> as Kind>::Aggregated>;

/// An aggregate as `double precision`.
fn float<T, K>(function: Function, arguments: impl IntoIterator<Item = Node>) -> Agg<T, K> {
    Agg::of(Aggregate { cast: Some(SqlType::Float8), ..Aggregate::new(function, arguments) })
}

macro_rules! whole { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Of<Self, Option<Base<Self>>>
    where
        Base<Self>: Whole,
    {
        Agg::new(function($function), [self.node()])
    }
)*}}
macro_rules! truth { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Of<Self, Option<bool>>
    where
        Self::Value: Truth,
    {
        Agg::new(function($function), [self.node()])
    }
)*}}
macro_rules! floats { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Of<Self, Option<f64>>
    where
        Base<Self>: Number,
    {
        float(function($function), [self.node()])
    }
)*}}
macro_rules! pairs { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name<X: Typed>(self, x: X) -> OfTwo<Self, X::Kind, Option<f64>>
    where
        Base<Self>: Number,
        BaseOf<X>: Number,
    {
        Agg::new(function($function), [double::<Base<Self>>(self.node()), double::<BaseOf<X>>(x.typed())])
    }
)*}}

/// What is not one already as `double precision`.
fn double<S: FieldType>(node: Node) -> Node {
    if S::TYPE.base() == SqlType::Float8 { node } else { Node::Cast(node.boxed(), SqlType::Float8) }
}

/// More aggregates; [`Aggregates`](crate::Aggregates) has the most common. Over nothing they are `None`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// let query = User::objects().values(|u| (u.username, u.posts.title.string_agg(", ").order_by(u.posts.views.desc())));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "user"."username", (SELECT STRING_AGG("post"."title", $1 ORDER BY "post"."views" DESC) FROM "post" WHERE "post"."author_id" = "user"."id") FROM "user""#
/// );
/// let query = Post::objects().aggregate(|p| (p.views.percentile_cont(0.5), p.views.stddev_pop(), p.views.gt(3).bool_and()));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT PERCENTILE_CONT($1) WITHIN GROUP (ORDER BY CAST("post"."views" AS double precision)), CAST(STDDEV_POP("post"."views") AS double precision), BOOL_AND("post"."views" > $2) FROM "post""#
/// );
/// ```
pub trait Statistics: Expression {
    /// The texts with another one between them, in no order unless `order_by` says one.
    fn string_agg<R: Operand<String>>(self, between: R) -> OfTwo<Self, R::Kind, Option<String>>
    where
        Base<Self>: Text,
    {
        Agg::new(function("STRING_AGG"), [super::text::text(self), between.into_node()])
    }

    /// All values, NULLs too, in no order unless `order_by` says one.
    fn array_agg(self) -> Of<Self, Option<Vec<Self::Value>>>
    where
        Vec<Self::Value>: FieldType,
    {
        Agg::new(function("ARRAY_AGG"), [self.node()])
    }

    /// All values as an array of JSON.
    #[cfg(feature = "serde-json-1")]
    fn jsonb_agg(self) -> Of<Self, Option<serde_json::Value>> {
        Agg::new(function("JSONB_AGG"), [self.node()])
    }

    /// One of the values, any (PostgreSQL 16 and later).
    fn any_value(self) -> Of<Self, Option<Base<Self>>> {
        Agg::new(function("ANY_VALUE"), [self.node()])
    }

    truth! {
        /// Whether all are true, NULLs passed over.
        bool_and: "BOOL_AND";
        /// Whether one is true, NULLs passed over.
        bool_or: "BOOL_OR";
    }
    whole! {
        /// The bits that all have.
        bit_and: "BIT_AND";
        /// The bits that at least one has.
        bit_or: "BIT_OR";
        /// The bits that an odd number of them has.
        bit_xor: "BIT_XOR";
    }
    floats! {
        /// The standard deviation of all there are (Django's `StdDev`).
        stddev_pop: "STDDEV_POP";
        /// The standard deviation, estimated from a sample (`StdDev(sample=True)`).
        stddev_samp: "STDDEV_SAMP";
        /// The variance of all there are (`Variance`).
        var_pop: "VAR_POP";
        /// The variance, estimated from a sample (`Variance(sample=True)`).
        var_samp: "VAR_SAMP";
    }
    pairs! {
        /// The correlation coefficient with `x`; rows where one is NULL are passed over, here and in what follows.
        corr: "CORR";
        /// The covariance with `x` of all there are.
        covar_pop: "COVAR_POP";
        /// The covariance with `x`, estimated from a sample.
        covar_samp: "COVAR_SAMP";
        /// The mean of the `x`.
        regr_avgx: "REGR_AVGX";
        /// The mean of the `y`, of which this is.
        regr_avgy: "REGR_AVGY";
        /// Where the line of least squares meets the axis of `y`.
        regr_intercept: "REGR_INTERCEPT";
        /// The square of the correlation coefficient.
        regr_r2: "REGR_R2";
        /// The slope of the line of least squares.
        regr_slope: "REGR_SLOPE";
        /// The sum of the squares of the distances of `x` from their mean.
        regr_sxx: "REGR_SXX";
        /// The sum of the products of both distances.
        regr_sxy: "REGR_SXY";
        /// The sum of the squares of the distances of `y` from their mean.
        regr_syy: "REGR_SYY";
    }

    /// How many rows have both values.
    fn regr_count<X: Typed>(self, x: X) -> OfTwo<Self, X::Kind, i64>
    where
        Base<Self>: Number,
        BaseOf<X>: Number,
    {
        let count = Function::named("REGR_COUNT", Nulls::Never);
        Agg::new(count, [double::<Base<Self>>(self.node()), double::<BaseOf<X>>(x.typed())])
    }

    /// The value below which a fraction of all lies, calculated between two of them: the median at 0.5.
    fn percentile_cont<R: Operand<f64>>(self, fraction: R) -> OfTwo<Self, R::Kind, Option<f64>>
    where
        Base<Self>: Number,
    {
        const FUNCTION: Function =
            Function::template("PERCENTILE_CONT($1) WITHIN GROUP (ORDER BY $2)", Nulls::Maybe);
        Agg::new(FUNCTION, [fraction.into_node(), double::<Base<Self>>(self.node())])
    }

    /// The first value that a fraction of all lies at or below.
    fn percentile_disc<R: Operand<f64>>(self, fraction: R) -> OfTwo<Self, R::Kind, Option<Base<Self>>> {
        const FUNCTION: Function =
            Function::template("PERCENTILE_DISC($1) WITHIN GROUP (ORDER BY $2)", Nulls::Maybe);
        Agg::new(FUNCTION, [fraction.into_node(), self.node()])
    }

    /// The most frequent value.
    fn mode(self) -> Of<Self, Option<Base<Self>>> {
        Agg::new(Function::template("MODE() WITHIN GROUP (ORDER BY $1)", Nulls::Maybe), [self.node()])
    }
}

impl<E: Expression> Statistics for E {}
