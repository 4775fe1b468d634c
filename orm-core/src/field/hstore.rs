//! `Hstore`, texts by names.

use super::{
    Element, FieldType,
    reader::{Reader, count, counted},
};
use crate::{Error, ErrorKind, NamedKind, NamedType, Result, SqlType};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
};

/// Texts or NULLs by names, in a column of type `hstore`, of the extension of that name
/// ([hstore](https://www.postgresql.org/docs/current/hstore.html)).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::Hstore;
///
/// #[derive(Model)]
/// struct Item {
///     id: i64,
///     labels: Hstore,
/// }
///
/// # run(async |db| {
/// db.create_tables(orm::models![Item]).await?; // makes the extension too
/// let item = Item::objects().create().labels(Hstore::from_iter([("colour", "red")])).await?;
/// assert_eq!(item.labels["colour"].as_deref(), Some("red"));
/// assert_eq!(item.labels.get("size"), None);
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hstore(pub BTreeMap<String, Option<String>>);

#[diagnostic::do_not_recommend]
impl FieldType for Hstore {
    const TYPE: SqlType = SqlType::Named(&NamedType { name: "hstore", kind: NamedKind::Extension("hstore") });

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        let text = |text: &str, out: &mut Vec<u8>| {
            if text.contains('\0') {
                return Err(Error::new(ErrorKind::InvalidValue, "text cannot hold the character NUL"));
            }
            counted(out, |out| {
                out.extend_from_slice(text.as_bytes());
                Ok(())
            })
        };
        out.extend_from_slice(&count(self.0.len())?);
        self.0.iter().try_for_each(|(name, value)| {
            text(name, out)?;
            match value {
                Some(value) => text(value, out),
                None => {
                    out.extend_from_slice(&(-1i32).to_be_bytes());
                    Ok(())
                }
            }
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(Self::TYPE, bytes);
        let mut map = BTreeMap::new();
        for _ in 0..reader.count()? {
            let name = String::decode(reader.counted()?)?;
            let value = reader.nullable()?.map(String::decode).transpose()?;
            let other = map.insert(name, value);
            reader.expect(other.is_none())?;
        }
        reader.end()?;
        Ok(Hstore(map))
    }
}

impl Element for Hstore {}

impl Deref for Hstore {
    type Target = BTreeMap<String, Option<String>>;
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Hstore {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Hstore {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(texts: I) -> Self {
        Hstore(texts.into_iter().map(|(name, text)| (name.into(), Some(text.into()))).collect())
    }
}
