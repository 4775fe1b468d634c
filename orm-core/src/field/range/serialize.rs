//! Ranges for serde: `{"lower": 1, "upper": 10, "bounds": "[)"}`, a bound that is not there as null, or `{"empty": true}`.

use super::{Multirange, Range, RangeElement, bounds};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::ops::Bound;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "T: Deserialize<'de>"))]
struct Parts<T> {
    #[serde(deserialize_with = "Option::deserialize")]
    lower: Option<T>,
    #[serde(deserialize_with = "Option::deserialize")]
    upper: Option<T>,
    #[serde(default)]
    bounds: Ends,
}

#[derive(Serialize, Deserialize, Default)]
enum Ends {
    #[serde(rename = "[]")]
    Both,
    #[serde(rename = "[)")]
    #[default]
    Lower,
    #[serde(rename = "(]")]
    Upper,
    #[serde(rename = "()")]
    Neither,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Form<T> {
    Empty { empty: bool },
    Parts(Parts<T>),
}

impl<T: Serialize> Serialize for Range<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some((lower, upper)) = &self.0 else {
            return Form::<T>::Empty { empty: true }.serialize(serializer);
        };
        let included = |bound| matches!(bound, &Bound::Included(_));
        let bounds = match (included(lower), included(upper)) {
            (true, true) => Ends::Both,
            (true, false) => Ends::Lower,
            (false, true) => Ends::Upper,
            (false, false) => Ends::Neither,
        };
        let parts = Parts { lower: bounds::value(lower), upper: bounds::value(upper), bounds };
        parts.serialize(serializer)
    }
}

impl<'de, T: RangeElement + Deserialize<'de>> Deserialize<'de> for Range<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Parts { lower, upper, bounds } = match Form::deserialize(deserializer)? {
            Form::Empty { empty: true } => return Ok(Range::EMPTY),
            Form::Empty { empty: false } => {
                return Err(D::Error::custom("a range that is not empty has bounds"));
            }
            Form::Parts(parts) => parts,
        };
        let bound = |value: Option<T>, included| match (value, included) {
            (None, _) => Bound::Unbounded,
            (Some(value), true) => Bound::Included(value),
            (Some(value), false) => Bound::Excluded(value),
        };
        let lower = bound(lower, matches!(bounds, Ends::Both | Ends::Lower));
        let upper = bound(upper, matches!(bounds, Ends::Both | Ends::Upper));
        Ok(Range::new(lower, upper))
    }
}

/// As a list of ranges.
impl<T: Serialize> Serialize for Multirange<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ranges().serialize(serializer)
    }
}

impl<'de, T: RangeElement + Deserialize<'de>> Deserialize<'de> for Multirange<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Multirange::from_iter)
    }
}
