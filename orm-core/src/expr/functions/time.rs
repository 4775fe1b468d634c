//! Functions of dates, times and timestamps.

use crate::{
    Base, Expr, Expression, FieldType, Function, Interval, Like, Node, Operand, SqlType, Value, ast::Nulls,
    kind::Beside, value::Either,
};

const fn template(sql: &'static str) -> Function {
    Function::template(sql, Nulls::Any)
}

/// Types that hold a day: dates and timestamps.
#[diagnostic::on_unimplemented(message = "`{Self}` has no date", label = "this is for dates and timestamps")]
pub trait Dated: FieldType {
    /// The type of its date.
    type Date: FieldType;
}

/// Types that hold a time of day: times and timestamps.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no time of day",
    label = "this is for times and timestamps"
)]
pub trait Timed: FieldType {
    /// The type of its time.
    type Time: FieldType;
}

/// Timestamps, with a time zone or without.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a timestamp", label = "this is for timestamps")]
pub trait Timestamp: Dated + Timed {
    /// What it is in a time zone: of an instant the time there, of a time there the instant.
    type InZone: FieldType;
}

/// Instants: `timestamp with time zone`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an instant",
    label = "this is for timestamps with a time zone"
)]
pub trait Instant: Timestamp {}

/// Spans of time: the types of `interval`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a span of time", label = "this is for intervals")]
pub trait Span: FieldType {}
impl Span for Interval {}
impl Span for std::time::Duration {}

/// What a type is the sum of with a `B`.
#[diagnostic::on_unimplemented(
    message = "`{B}` cannot be added to `{Self}`",
    label = "not something to add to it"
)]
pub trait SumWith<B> {
    /// The type of the sum.
    type Output: FieldType;
}

/// What the difference of a type and a `B` is.
#[diagnostic::on_unimplemented(
    message = "`{B}` cannot be subtracted from `{Self}`",
    label = "not something to subtract from it"
)]
pub trait LessBy<B> {
    /// The type of the difference.
    type Output: FieldType;
}

macro_rules! sums { ($($a:ty, $b:ty => $sum:ty;)*) => {$(
    impl SumWith<$b> for $a {
        type Output = $sum;
    }
    impl LessBy<$b> for $a {
        type Output = $sum;
    }
)*}}
#[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
macro_rules! differences { ($($a:ty => $difference:ty;)*) => {$(
    impl LessBy<$a> for $a {
        type Output = $difference;
    }
)*}}
sums! {
    Interval, Interval => Interval;
    std::time::Duration, std::time::Duration => std::time::Duration;
}

/// Says of a crate's types what they are.
#[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
macro_rules! times { ($zoned:ty, $plain:ty, $date:ty, $time:ty, $span:ty) => {
    times!(@stamp $zoned, $plain, $date, $time, $span);
    times!(@stamp $plain, $zoned, $date, $time, $span);
    impl Instant for $zoned {}
    impl Dated for $date {
        type Date = $date;
    }
    impl Timed for $time {
        type Time = $time;
    }
    impl Span for $span {}
    sums! {
        $date, i32 => $date;
        $date, Interval => $plain;
        $time, Interval => $time;
        $time, $span => $time;
        $span, $span => $span;
    }
    differences! {
        $date => i32;
        $time => Interval;
    }
    crate::expr::arithmetic::summed!($zoned, $plain, $date, $time, $span);
};
(@stamp $stamp:ty, $other:ty, $date:ty, $time:ty, $span:ty) => {
    impl Dated for $stamp {
        type Date = $date;
    }
    impl Timed for $stamp {
        type Time = $time;
    }
    impl Timestamp for $stamp {
        type InZone = $other;
    }
    sums! {
        $stamp, Interval => $stamp;
        $stamp, $span => $stamp;
    }
    differences!($stamp => Interval;);
} }
crate::expr::arithmetic::summed!(Interval, std::time::Duration);
#[cfg(feature = "chrono-04")]
times!(
    chrono::DateTime<chrono::Utc>,
    chrono::NaiveDateTime,
    chrono::NaiveDate,
    chrono::NaiveTime,
    chrono::TimeDelta
);
#[cfg(feature = "time-03")]
times!(time::OffsetDateTime, time::PrimitiveDateTime, time::Date, time::Time, time::Duration);
#[cfg(feature = "jiff-1")]
times!(jiff::Timestamp, jiff::civil::DateTime, jiff::civil::Date, jiff::civil::Time, jiff::SignedDuration);

/// What a date or a time is cut to, by [`trunc`](TimeFunctions::trunc).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each is what it says; a week begins on Monday")]
pub enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    const fn trunc(self) -> Function {
        template(match self {
            Unit::Second => "DATE_TRUNC('second', $1)",
            Unit::Minute => "DATE_TRUNC('minute', $1)",
            Unit::Hour => "DATE_TRUNC('hour', $1)",
            Unit::Day => "DATE_TRUNC('day', $1)",
            Unit::Week => "DATE_TRUNC('week', $1)",
            Unit::Month => "DATE_TRUNC('month', $1)",
            Unit::Quarter => "DATE_TRUNC('quarter', $1)",
            Unit::Year => "DATE_TRUNC('year', $1)",
        })
    }

    const fn trunc_in(self) -> Function {
        template(match self {
            Unit::Second => "DATE_TRUNC('second', $1, $2)",
            Unit::Minute => "DATE_TRUNC('minute', $1, $2)",
            Unit::Hour => "DATE_TRUNC('hour', $1, $2)",
            Unit::Day => "DATE_TRUNC('day', $1, $2)",
            Unit::Week => "DATE_TRUNC('week', $1, $2)",
            Unit::Month => "DATE_TRUNC('month', $1, $2)",
            Unit::Quarter => "DATE_TRUNC('quarter', $1, $2)",
            Unit::Year => "DATE_TRUNC('year', $1, $2)",
        })
    }
}

/// Parts of a time, as whole numbers.
macro_rules! parts { ($($(#[$m:meta])* $name:ident $of:ident: $sql:literal;)*) => {$(
    $(#[$m])*
    fn $name(self) -> Expr<Like<Self, i32>, Self::Kind>
    where
        Base<Self>: $of,
    {
        Expr::new(Node::Cast(Node::call(template($sql), [self.node()]).boxed(), SqlType::Int4))
    }
)*}}

/// Functions of dates, times and timestamps. What they give is an expression with the methods of a field, so that each is a
/// lookup too. Instants are taken in UTC; [`at_time_zone`](TimeFunctions::at_time_zone) takes them elsewhere.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// assert_eq!(
///     condition(|p| p.published_at.year().eq(2024)),
///     r#"CAST(EXTRACT(YEAR FROM "post"."published_at") AS integer) = $1"#
/// );
/// assert_eq!(
///     condition(|p| p.published_at.at_time_zone("Europe/Berlin").hour().lt(6)),
///     r#"CAST(EXTRACT(HOUR FROM ("post"."published_at" AT TIME ZONE $1)) AS integer) < $2"#
/// );
/// assert_eq!(
///     condition(|p| p.published_at.gt(orm::now() - orm::Interval::days(7))),
///     r#""post"."published_at" > STATEMENT_TIMESTAMP() - $1"#
/// );
/// let query = Post::objects()
///     .group_by(|p| p.published_at.trunc(orm::TimeUnit::Month))
///     .annotate(|_| orm::count_all());
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT DATE_TRUNC('month', "post"."published_at"), COUNT(*) FROM "post" GROUP BY DATE_TRUNC('month', "post"."published_at")"#
/// );
/// ```
pub trait TimeFunctions: Expression {
    parts! {
        /// The year.
        year Dated: "EXTRACT(YEAR FROM $1)";
        /// The year that the week belongs to by ISO 8601.
        iso_year Dated: "EXTRACT(ISOYEAR FROM $1)";
        /// The quarter, 1 to 4.
        quarter Dated: "EXTRACT(QUARTER FROM $1)";
        /// The month, 1 to 12.
        month Dated: "EXTRACT(MONTH FROM $1)";
        /// The week of the year by ISO 8601, 1 to 53.
        week Dated: "EXTRACT(WEEK FROM $1)";
        /// The day of the month.
        day Dated: "EXTRACT(DAY FROM $1)";
        /// The day of the year, 1 to 366.
        day_of_year Dated: "EXTRACT(DOY FROM $1)";
        /// The day of the week as Django counts them: Sunday is 1, Saturday 7.
        week_day Dated: "(EXTRACT(DOW FROM $1) + 1)";
        /// The day of the week by ISO 8601: Monday is 1, Sunday 7.
        iso_week_day Dated: "EXTRACT(ISODOW FROM $1)";
        /// The hour, 0 to 23.
        hour Timed: "EXTRACT(HOUR FROM $1)";
        /// The minute.
        minute Timed: "EXTRACT(MINUTE FROM $1)";
        /// The second, without what is finer.
        second Timed: "FLOOR(EXTRACT(SECOND FROM $1))";
    }

    /// The day, as a date.
    fn date<D: FieldType>(self) -> Expr<Like<Self, D>, Self::Kind>
    where
        Base<Self>: Dated<Date = D>,
    {
        Expr::new(Node::Cast(self.node().boxed(), D::TYPE))
    }

    /// The time of day.
    fn time<D: FieldType>(self) -> Expr<Like<Self, D>, Self::Kind>
    where
        Base<Self>: Timed<Time = D>,
    {
        Expr::new(Node::Cast(self.node().boxed(), D::TYPE))
    }

    /// The beginning of the year, month, … that it is in; of an instant in UTC.
    fn trunc(self, to: Unit) -> Expr<Like<Self, Base<Self>>, Self::Kind>
    where
        Base<Self>: Dated,
    {
        let begin = Node::call(to.trunc(), [self.node()]);
        // PostgreSQL makes an instant of a date.
        Expr::new(match Base::<Self>::TYPE.base() {
            SqlType::Date => Node::Cast(begin.boxed(), Base::<Self>::TYPE),
            _ => begin,
        })
    }

    /// The beginning of the year, month, … that an instant is in at a time zone, as an instant.
    fn trunc_in<Z: Operand<String>>(
        self,
        to: Unit,
        zone: Z,
    ) -> Expr<Either<<Self::Value as Value>::Nulls, Z::Nulls, Base<Self>>, Beside<Self::Kind, Z::Kind>>
    where
        Base<Self>: Instant,
    {
        Expr::call(to.trunc_in(), [self.node(), zone.into_node()])
    }

    /// Of an instant the time on the clocks of a time zone, and of a time on these clocks the instant. A zone that the server
    /// does not know is an error of the query.
    fn at_time_zone<Z: Operand<String>, T: FieldType>(
        self,
        zone: Z,
    ) -> Expr<Either<<Self::Value as Value>::Nulls, Z::Nulls, T>, Beside<Self::Kind, Z::Kind>>
    where
        Base<Self>: Timestamp<InZone = T>,
    {
        Expr::call(template("($1 AT TIME ZONE $2)"), [self.node(), zone.into_node()])
    }

    /// The seconds since 1970-01-01, with fractions.
    fn epoch(self) -> Expr<Like<Self, f64>, Self::Kind>
    where
        Base<Self>: Dated,
    {
        epoch(self.node())
    }

    /// The length of an interval in seconds, with fractions; a month counts as 30 days.
    fn total_seconds(self) -> Expr<Like<Self, f64>, Self::Kind>
    where
        Base<Self>: Span,
    {
        epoch(self.node())
    }
}

fn epoch<T, K>(of: Node) -> Expr<T, K> {
    Expr::new(Node::Cast(Node::call(template("EXTRACT(EPOCH FROM $1)"), [of]).boxed(), SqlType::Float8))
}

impl<E: Expression> TimeFunctions for E {}
