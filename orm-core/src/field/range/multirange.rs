//! Several ranges as one value.

use super::{
    super::reader::{Reader, count, counted},
    Range, RangeElement, bounds,
};
use crate::{Element, FieldType, Result, SqlType};
use std::{cmp::Ordering, fmt, ops::Bound};

/// Ranges without overlaps, in order ([Range Types](https://www.postgresql.org/docs/current/rangetypes.html)).
///
/// Those that overlap or touch become one, and empty ones vanish, as in PostgreSQL, which has them since version 14.
///
/// ```
/// use orm::{Multirange, Range};
///
/// let open = Multirange::from_iter([14..18, 8..10, 9..12].map(Range::from));
/// assert_eq!(open.to_string(), "{[8,12),[14,18)}");
/// assert!(open.contains(&11) && !open.contains(&12));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Multirange<T>(Vec<Range<T>>);

impl<T> Multirange<T> {
    /// The ranges.
    pub fn ranges(&self) -> &[Range<T>] {
        &self.0
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: RangeElement> Multirange<T> {
    /// Whether a value lies in one of the ranges.
    pub fn contains(&self, value: &T) -> bool {
        self.0.iter().any(|range| range.contains(value))
    }
}

impl<T> Default for Multirange<T> {
    fn default() -> Self {
        Multirange(Vec::new())
    }
}

impl<T: RangeElement> FromIterator<Range<T>> for Multirange<T> {
    fn from_iter<I: IntoIterator<Item = Range<T>>>(ranges: I) -> Self {
        let mut parts: Vec<_> = ranges.into_iter().filter_map(|range| range.0).collect();
        parts.sort_by(|(a, _), (b, _)| {
            let included = |bound: &Bound<T>| matches!(bound, Bound::Included(_));
            let order = match (bounds::value(a), bounds::value(b)) {
                (Some(a), Some(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
                (a, b) => a.is_some().cmp(&b.is_some()),
            };
            order.then(included(b).cmp(&included(a)))
        });
        let mut merged: Vec<(Bound<T>, Bound<T>)> = Vec::with_capacity(parts.len());
        for (lower, upper) in parts {
            // What is the wrong way round stays as it is, to be refused.
            let reversed = |(lower, upper)| bounds::order(lower, upper) == Some(Ordering::Greater);
            match merged.last_mut() {
                Some((start, end))
                    if touches(&lower, end) && !reversed((start, end)) && !reversed((&lower, &upper)) =>
                {
                    if is_above(&upper, end) {
                        *end = upper;
                    }
                }
                _ => merged.push((lower, upper)),
            }
        }
        Multirange(merged.into_iter().map(|bounds| Range(Some(bounds))).collect())
    }
}

/// Whether no value lies between the end of a range and the beginning of one that begins later.
fn touches<T: PartialOrd>(lower: &Bound<T>, end: &Bound<T>) -> bool {
    match bounds::order(lower, end) {
        None | Some(Ordering::Less) => true,
        Some(Ordering::Equal) => !matches!((lower, end), (Bound::Excluded(_), Bound::Excluded(_))),
        Some(Ordering::Greater) => false,
    }
}

/// Whether one upper bound is above another.
fn is_above<T: PartialOrd>(upper: &Bound<T>, other: &Bound<T>) -> bool {
    match (bounds::value(upper), bounds::value(other)) {
        (_, None) => false,
        (None, _) => true,
        (Some(a), Some(b)) => a > b || a == b && matches!(upper, Bound::Included(_)),
    }
}

#[diagnostic::do_not_recommend]
impl<T: RangeElement> FieldType for Multirange<T> {
    const TYPE: SqlType = T::MULTIRANGE;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&count(self.0.len())?);
        self.0.iter().try_for_each(|range| counted(out, |out| range.encode(out)))
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(T::MULTIRANGE, bytes);
        let ranges = (0..reader.count()?).map(|_| Range::decode(reader.counted()?)).collect::<Result<_>>()?;
        reader.end()?;
        Ok(Multirange(ranges))
    }
}

impl<T: RangeElement> Element for Multirange<T> {}

/// As PostgreSQL writes it, without quotes.
impl<T: fmt::Display> fmt::Display for Multirange<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, range) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{range}")?;
        }
        f.write_str("}")
    }
}
