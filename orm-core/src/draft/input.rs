//! Drafts and changes from what a client sent, by serde.

use super::{Changes, Draft, Values, content::Content};
use crate::{FieldMeta, Model, Param, ValidationError};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, IntoDeserializer, MapAccess, Visitor},
};
use std::{fmt, marker::PhantomData};

/// A model whose [`Draft`] and [`Changes`] can be deserialized; `#[derive(Input)]` implements it.
#[diagnostic::on_unimplemented(
    message = "drafts and changes of `{Self}` cannot be deserialized",
    label = "not an `Input`",
    note = "add `#[derive(Input)]` to `{Self}`, beside `Model` or `Flatten`"
)]
pub trait Input {
    /// Reads the value of a field, by its place.
    ///
    /// # Errors
    /// If it is not a value of the field's type.
    fn read<'de, D: Deserializer<'de>>(field: usize, sent: D) -> Result<Param, D::Error>;
}

/// Reads a map of fields; `complete` for a new row, which may be given its key.
struct Fields<M> {
    complete: bool,
    _m: PhantomData<fn() -> M>,
}

impl<'de, M: Model + Input> Visitor<'de> for Fields<M> {
    type Value = Values<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fields of `{}`", M::meta().name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values<M>, A::Error> {
        let mut values = Values::<M>::none();
        let fields = M::meta().fields;
        while let Some(name) = map.next_key::<String>()? {
            let Some(place) = fields.iter().position(|field| field.name == name) else {
                map.next_value::<IgnoredAny>()?;
                values.errors.add(name, ValidationError::new("unknown", unknown(M::meta().name, fields)));
                continue;
            };
            let field = &fields[place];
            // The key of a row that is there tells which it is.
            let is_key = M::meta().key.contains(&place) && !self.complete;
            if is_key || !field.is_editable() {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let sent = map.next_value::<Content>()?;
            if values.of[place].is_some() || !values.errors.field(field.name).is_empty() {
                values
                    .errors
                    .add(field.name, ValidationError::new("duplicate", "This field is given twice."));
                continue;
            }
            let is_null = matches!(sent, Content::Null);
            match M::read(place, IntoDeserializer::<A::Error>::into_deserializer(sent)) {
                Ok(value) => values.put(place, value),
                Err(_) if is_null => {
                    values.errors.add(field.name, ValidationError::new("null", "This field cannot be null."));
                }
                Err(error) => values.errors.add(field.name, error.to_string()),
            }
        }
        Ok(values)
    }
}

fn unknown(model: &str, fields: &[FieldMeta]) -> String {
    let known: Vec<_> = fields.iter().filter(|field| field.is_editable()).map(|field| field.name).collect();
    format!("`{model}` has no such field; it takes {}.", known.join(", "))
}

/// Takes the fields by name; those that are not editable are passed over, as in a row that is sent back.
///
/// Only what is no map of fields is an error here. What is wrong with a field, unknown, given twice or of another type, is
/// kept, for [`full_clean`](Draft::full_clean) to tell all of it at once; a `save` refuses it too.
impl<'de, M: Model + Input> Deserialize<'de> for Draft<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields { complete: true, _m: PhantomData }).map(Draft)
    }
}

/// As a [`Draft`], but the primary key is passed over.
impl<'de, M: Model + Input> Deserialize<'de> for Changes<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields { complete: false, _m: PhantomData }).map(Changes)
    }
}
