//! `Value` of serde_json 1 and `Json<T>`, as `jsonb`
//! ([JSON Types](https://www.postgresql.org/docs/current/datatype-json.html)).

mod format;
mod number;

use super::{Element, FieldType, malformed};
use crate::{Error, ErrorKind, Result, SqlType};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, error::Category};
use std::ops::{Deref, DerefMut};

/// Anything that serde can write and read, in a column of type `jsonb`.
///
/// What is nested more than 127 deep, or holds the character NUL, is refused, and so is what could not be read back: a
/// float that is no number is written as null, as serde_json does. Numbers are read as `T` reads them. For JSON of no fixed form take `serde_json::Value`: there
/// a number of more digits than it can hold is an error. An `Option` of either is `None` for NULL, which is not JSON's null.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::Json;
///
/// #[derive(serde::Serialize, serde::Deserialize, Clone)]
/// struct Address {
///     street: String,
///     number: u32,
/// }
///
/// #[derive(Model, Clone)]
/// struct Shop {
///     id: i64,
///     address: Json<Address>,
///     notes: serde_json::Value,
/// }
///
/// # run(async |db| {
/// db.create_tables(orm::models![Shop]).await?;
/// let address = Address { street: "Elm Street".into(), number: 7 };
/// let shop = Shop::objects().create().address(Json(address)).notes(serde_json::json!({"open": true})).await?;
/// assert_eq!((shop.address.number, &shop.notes["open"]), (7, &true.into()));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Json(value)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> FieldType for Json<T> {
    const TYPE: SqlType = SqlType::Jsonb;
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let start = out.len();
        encode(&self.0, out)?;
        // A float that is no number is written as null, and a type may write what it does not read.
        Self::decode(&out[start..]).map(drop).map_err(|error| {
            let message = format!("what it is written as could not be read back: {error}");
            Error::new(ErrorKind::InvalidValue, message)
        })
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(json(bytes)?).map(Json).map_err(|error| unreadable(&error))
    }
}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Element for Json<T> {}

#[diagnostic::do_not_recommend]
impl FieldType for Value {
    const TYPE: SqlType = SqlType::Jsonb;
    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        encode(self, out)
    }
    fn decode(bytes: &[u8]) -> Result<Self> {
        let json = json(bytes)?;
        let value = serde_json::from_slice(json).map_err(|error| unreadable(&error))?;
        number::check(json)?;
        Ok(value)
    }
}

impl Element for Value {}

/// The format is that of `jsonb_send`: the version, which is 1, and the text.
const VERSION: u8 = 1;

fn encode(value: &impl Serialize, out: &mut Vec<u8>) -> Result<()> {
    out.push(VERSION);
    let mut serializer = serde_json::Serializer::with_formatter(out, format::Strict::default());
    value.serialize(&mut serializer).map_err(|error| {
        let why = match error.classify() {
            // What a `Serialize` says of itself may show the value.
            Category::Data => "its `Serialize` refuses".to_owned(),
            _ => error.to_string(),
        };
        Error::new(ErrorKind::InvalidValue, format!("the value cannot be written as JSON: {why}"))
    })
}

fn json(bytes: &[u8]) -> Result<&[u8]> {
    bytes.strip_prefix(&[VERSION]).ok_or_else(|| malformed(SqlType::Jsonb, bytes))
}

/// What does not fit, without the value that does not.
#[cold]
fn unreadable(error: &serde_json::Error) -> Error {
    let text = error.to_string();
    let why = match text.rsplit_once(", expected ") {
        Some((_, wanted)) => format!("expected {wanted}"),
        None if error.classify() != Category::Data || text.starts_with("missing field") => text,
        None => format!("its `Deserialize` refuses at line {} column {}", error.line(), error.column()),
    };
    Error::new(ErrorKind::Decode, format!("the JSON does not fit the field's type: {why}"))
}
