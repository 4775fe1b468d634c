//! How ranges are made, what they hold, and what makes two of them equal.

use super::{Range, RangeElement};
use std::{
    cmp::Ordering,
    ops::{self, Bound},
};

impl<T> Range<T> {
    /// The range that holds nothing.
    pub const EMPTY: Self = Range(None);

    /// Whether it is [`EMPTY`](Range::EMPTY).
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Both bounds; `None` of an empty range.
    ///
    /// ```
    /// use std::ops::Bound::*;
    ///
    /// let range = orm::Range::from(3..);
    /// assert_eq!(range.bounds(), Some((Included(&3), Unbounded)));
    /// ```
    pub fn bounds(&self) -> Option<(Bound<&T>, Bound<&T>)> {
        self.0.as_ref().map(|(lower, upper)| (lower.as_ref(), upper.as_ref()))
    }

    /// The lower bound, if there is one.
    pub fn lower(&self) -> Option<&T> {
        self.0.as_ref().and_then(|(lower, _)| value(lower))
    }

    /// The upper bound, if there is one. A range of integers or dates does not include it.
    pub fn upper(&self) -> Option<&T> {
        self.0.as_ref().and_then(|(_, upper)| value(upper))
    }
}

impl<T: RangeElement> Range<T> {
    /// A range of two bounds.
    ///
    /// ```
    /// use orm::Range;
    /// use std::ops::Bound::*;
    ///
    /// assert_eq!(Range::new(Excluded(0), Included(9)), Range::from(1..10));
    /// assert_eq!(Range::new(Included(1), Excluded(1)), Range::EMPTY);
    /// ```
    pub fn new(lower: Bound<T>, upper: Bound<T>) -> Self {
        let lower = match (lower, T::NEXT) {
            (Bound::Excluded(value), Some(next)) => {
                next(&value).map_or(Bound::Excluded(value), Bound::Included)
            }
            (lower, _) => lower,
        };
        let upper = match (upper, T::NEXT) {
            (Bound::Included(value), Some(next)) => {
                next(&value).map_or(Bound::Included(value), Bound::Excluded)
            }
            (upper, _) => upper,
        };
        let both = matches!((&lower, &upper), (Bound::Included(_), Bound::Included(_)));
        match order(&lower, &upper) == Some(Ordering::Equal) && !both {
            true => Range::EMPTY,
            false => Range(Some((lower, upper))),
        }
    }

    /// Whether a value lies in the range.
    pub fn contains(&self, value: &T) -> bool {
        self.bounds().is_some_and(|bounds| ops::RangeBounds::contains(&bounds, value))
    }
}

pub(super) fn value<T>(bound: &Bound<T>) -> Option<&T> {
    match bound {
        Bound::Included(value) | Bound::Excluded(value) => Some(value),
        Bound::Unbounded => None,
    }
}

/// How a lower and an upper bound lie, if there are both.
pub(super) fn order<T: PartialOrd>(lower: &Bound<T>, upper: &Bound<T>) -> Option<Ordering> {
    value(lower)?.partial_cmp(value(upper)?)
}

macro_rules! from { ($($range:ty, $range_of:pat => $lower:expr, $upper:expr;)*) => {$(
    impl<T: RangeElement> From<$range> for Range<T> {
        fn from($range_of: $range) -> Self {
            Range::new($lower, $upper)
        }
    }
)*}}
from! {
    ops::Range<T>, range => Bound::Included(range.start), Bound::Excluded(range.end);
    ops::RangeFrom<T>, range => Bound::Included(range.start), Bound::Unbounded;
    ops::RangeTo<T>, range => Bound::Unbounded, Bound::Excluded(range.end);
    ops::RangeToInclusive<T>, range => Bound::Unbounded, Bound::Included(range.end);
    ops::RangeFull, _ => Bound::Unbounded, Bound::Unbounded;
}

impl<T: RangeElement> From<ops::RangeInclusive<T>> for Range<T> {
    fn from(range: ops::RangeInclusive<T>) -> Self {
        let (lower, upper) = range.into_inner();
        Range::new(Bound::Included(lower), Bound::Included(upper))
    }
}
