//! Drafts and changes from what a client sent, by serde.

use super::{Changes, Draft, Values};
use crate::{FieldMeta, Model, Param, lower};
use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// A model whose [`Draft`] and [`Changes`] can be deserialized; `#[derive(Input)]` implements it.
#[diagnostic::on_unimplemented(
    message = "drafts and changes of `{Self}` cannot be deserialized",
    label = "not an `Input`",
    note = "add `#[derive(Input)]` to `{Self}`, beside `Model`"
)]
pub trait Input: Model {
    /// Reads the value of a field of the model, by its place.
    ///
    /// # Errors
    /// If it is not a value of the field's type.
    fn read<'de, A: MapAccess<'de>>(field: usize, map: &mut A) -> Result<Param, A::Error>;
}

/// Reads a map of fields; `complete` if none that is required may be missing.
struct Fields<M> {
    complete: bool,
    _m: PhantomData<fn() -> M>,
}

impl<'de, M: Input> Visitor<'de> for Fields<M> {
    type Value = Values<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of `{}`", M::meta().name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values<M>, A::Error> {
        let mut values = Values::<M>::none();
        let fields = M::meta().fields;
        while let Some(name) = map.next_key::<String>()? {
            let Some(place) = fields.iter().position(|field| field.name == name) else {
                return Err(A::Error::custom(unknown(M::meta().name, &name, fields)));
            };
            let field = &fields[place];
            // The key of a row that is there tells which it is.
            let is_key = M::meta().key.contains(&place) && !self.complete;
            if is_key || !field.is_editable() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            if values.of[place].is_some() {
                return Err(A::Error::duplicate_field(field.name));
            }
            let value = M::read(place, &mut map).map_err(|error| about::<A::Error>(field, &error))?;
            lower::fits(field, &value).map_err(|error| about::<A::Error>(field, &error))?;
            values.put(place, value);
        }
        let missing = |(field, value): &(&FieldMeta, &Option<Param>)| {
            value.is_none() && field.is_required() && field.is_editable()
        };
        match fields.iter().zip(&values.of).find(missing) {
            Some((field, _)) if self.complete => Err(A::Error::missing_field(field.name)),
            _ => Ok(values),
        }
    }
}

fn about<E: Error>(field: &FieldMeta, error: &dyn fmt::Display) -> E {
    E::custom(format_args!("{}: {error}", field.name))
}

fn unknown(model: &str, name: &str, fields: &[FieldMeta]) -> String {
    let known: Vec<_> = fields.iter().filter(|field| field.is_editable()).map(|field| field.name).collect();
    format!("unknown field `{}`; `{model}` takes {}", name.escape_debug(), known.join(", "))
}

/// Takes the fields by name; those that are not editable are passed over, as in a row that is sent back.
///
/// An error names the field: an unknown one, one that is given twice, one that is required and missing, a value of
/// another type, or one that its column cannot hold.
impl<'de, M: Input> Deserialize<'de> for Draft<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields { complete: true, _m: PhantomData }).map(Draft)
    }
}

/// As a [`Draft`], but nothing is required, and the primary key is passed over.
impl<'de, M: Input> Deserialize<'de> for Changes<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields { complete: false, _m: PhantomData }).map(Changes)
    }
}
