//! Ranges and multiranges: where they lie, their bounds, what comes of two
//! ([Range Functions](https://www.postgresql.org/docs/current/functions-range.html)).

use super::{With, asks, made};
use crate::{
    Agg, Base, Cond, Expr, Expression, FieldType, Function, Multirange, Node, Operand, Range, RangeElement,
    Value,
    ast::Nulls,
    kind::{Compared, Kind},
};

const fn template(sql: &'static str) -> Function {
    Function::template(sql, Nulls::Any)
}

/// How two ranges lie: name and operator.
macro_rules! places { ($($(#[$m:meta])* $name:ident: $sql:literal;)*) => {$(
    $(#[$m])*
    fn $name<W: Value, R: Operand<W>>(self, other: R) -> Cond<Compared<Self::Kind, R::Kind>>
    where
        Base<Self>: IsRange<Own = W>,
    {
        asks(self, template($sql), other)
    }
)*}}
/// What is so of one range: name and function.
macro_rules! facts { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Cond<<Self::Kind as Kind>::Cond>
    where
        Base<Self>: IsRange,
    {
        Cond::new(Node::call(Function::named($function, Nulls::Any), [self.node()]))
    }
)*}}
/// Bounds: name and function.
macro_rules! bounds { ($($(#[$m:meta])* $name:ident: $function:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Expr<Option<<Base<Self> as IsRange>::Bound>, Self::Kind>
    where
        Base<Self>: IsRange,
    {
        Expr::call(Function::named($function, Nulls::Maybe), [self.node()])
    }
)*}}
/// What comes of two: name and function.
macro_rules! of_two { ($($(#[$m:meta])* $name:ident: $function:expr;)*) => {$(
    $(#[$m])*
    fn $name<W: FieldType, R: Operand<W>>(self, other: R) -> With<Self, W, R, W>
    where
        Base<Self>: IsRange<Own = W>,
    {
        made(self, $function, other)
    }
)*}}

/// What ranges can do: fields of type [`Range<T>`](crate::Range) and [`Multirange<T>`](crate::Multirange). The other side
/// of a comparison is of the same type; ranges of Rust serve as well. `contains`, `contained_by`, `overlap` and `is_empty` are
/// in [`Containment`](crate::Containment).
///
/// | | PostgreSQL | Django |
/// |---|---|---|
/// | `fully_lt`, `fully_gt` | `<<`, `>>` | the same |
/// | `not_lt`, `not_gt` | `&>`, `&<` | the same |
/// | `adjacent_to` | `-\|-` | the same |
/// | `lower_bound()`, `upper_bound()` | `lower`, `upper` | `startswith`, `endswith` |
/// | `is_empty()`, `lower_inc()`, `lower_inf()`, `upper_inc()`, `upper_inf()` | the same | `isempty` and the same |
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/postgres.rs")); } use models::*;
/// assert_eq!(condition(|t| t.ages.contains(7)), r#""talk"."ages" @> $1"#);
/// assert_eq!(condition(|t| t.ages.contains(6..9)), r#""talk"."ages" @> $1"#);
/// assert_eq!(condition(|t| t.ages.overlap(6..=9)), r#""talk"."ages" && $1"#);
/// assert_eq!(condition(|t| t.ages.fully_lt(18..)), r#""talk"."ages" << $1"#);
/// assert_eq!(condition(|t| t.during.lower_bound().lt(Utc::now())), r#"LOWER("talk"."during") < $1"#);
/// assert_eq!(condition(|t| t.ages.upper_inf()), r#"UPPER_INF("talk"."ages")"#);
/// assert_eq!(value(|t| t.ages.intersection(6..18)), r#""talk"."ages" * $1"#); // Option<Range<i32>>
/// ```
pub trait RangeFunctions: Expression {
    places! {
        /// Lies wholly before another one (`<<`).
        fully_lt: "$1 << $2";
        /// Lies wholly after another one (`>>`).
        fully_gt: "$1 >> $2";
        /// Has nothing before the other one begins (`&>`).
        not_lt: "$1 &> $2";
        /// Has nothing after the other one ends (`&<`).
        not_gt: "$1 &< $2";
        /// Touches another one, with nothing between them and nothing in common (`-|-`).
        adjacent_to: "$1 -|- $2";
    }
    bounds! {
        /// The lower bound (`lower`); NULL if it is empty or has none.
        lower_bound: "LOWER";
        /// The upper bound (`upper`), which a range of integers or dates does not include; NULL if it is empty or has none.
        upper_bound: "UPPER";
    }
    facts! {
        /// Includes its lower bound.
        lower_inc: "LOWER_INC";
        /// Includes its upper bound: never so of integers and dates.
        upper_inc: "UPPER_INC";
        /// Has no lower bound.
        lower_inf: "LOWER_INF";
        /// Has no upper bound.
        upper_inf: "UPPER_INF";
    }
    of_two! {
        /// What is in one of them (`+`). Two ranges with a gap between them are an error of the query; two multiranges never.
        union: template("$1 + $2");
        /// What is in both (`*`).
        intersection: template("$1 * $2");
        /// What is in it and not in the other (`-`). A range that would come apart is an error of the query; a multirange never.
        difference: template("$1 - $2");
    }

    /// The smallest range that includes both.
    fn range_merge<T: RangeElement, R: Operand<Range<T>>>(self, other: R) -> With<Self, Range<T>, R, Range<T>>
    where
        Base<Self>: IsRange<Own = Range<T>>,
    {
        made(self, Function::named("RANGE_MERGE", Nulls::Any), other)
    }

    /// What is in one of all the ranges (`range_agg`).
    fn range_agg(
        self,
    ) -> Agg<Option<Multirange<<Base<Self> as IsRange>::Bound>>, <Self::Kind as Kind>::Aggregated>
    where
        Base<Self>: IsRange,
    {
        Agg::new(Function::named("RANGE_AGG", Nulls::Maybe), [self.node()])
    }

    /// What is in all the ranges (`range_intersect_agg`).
    fn range_intersect_agg(self) -> Agg<Option<Base<Self>>, <Self::Kind as Kind>::Aggregated>
    where
        Base<Self>: IsRange,
    {
        Agg::new(Function::named("RANGE_INTERSECT_AGG", Nulls::Maybe), [self.node()])
    }
}

impl<E: Expression> RangeFunctions for E {}

/// Ranges and multiranges.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a range",
    label = "this method is for fields of type `Range<_>` and `Multirange<_>`"
)]
pub trait IsRange: FieldType {
    /// The type of its bounds.
    type Bound: RangeElement;
    /// Itself.
    type Own: FieldType;
}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> IsRange for Range<T> {
    type Bound = T;
    type Own = Self;
}
#[diagnostic::do_not_recommend]
impl<T: RangeElement> IsRange for Multirange<T> {
    type Bound = T;
    type Own = Self;
}
