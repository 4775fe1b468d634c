//! `CiText`, a text whose case the database ignores.

use super::{Element, FieldType};
use crate::{NamedKind, NamedType, Result, SqlType, Text};
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Deref};

/// A text in a column of type `citext`, of the extension of that name: all comparisons, lookups, orders and constraints of
/// the database ignore upper and lower case ([citext](https://www.postgresql.org/docs/current/citext.html)).
///
/// The text itself keeps its case, and `==` in Rust compares as it stands.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::CiText;
///
/// #[derive(Model)]
/// struct Account {
///     id: i64,
///     #[orm(unique)]
///     email: CiText,
/// }
///
/// # run(async |db| {
/// db.create_tables(orm::models![Account]).await?; // makes the extension too
/// Account::objects().create().email("Alice@example.org").await?;
/// let alice = Account::objects().filter(|a| a.email.eq("alice@EXAMPLE.org")).one().await?;
/// assert_eq!(alice.email, CiText::from("Alice@example.org"));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CiText(pub String);

#[diagnostic::do_not_recommend]
impl FieldType for CiText {
    const TYPE: SqlType = SqlType::Named(&NamedType { name: "citext", kind: NamedKind::Extension("citext") });

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        self.0.encode(out)
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        String::decode(bytes).map(CiText)
    }
}

impl Element for CiText {}
#[diagnostic::do_not_recommend]
impl Text for CiText {}

impl Deref for CiText {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for CiText {
    fn from(text: String) -> Self {
        CiText(text)
    }
}

impl From<&str> for CiText {
    fn from(text: &str) -> Self {
        CiText(text.to_owned())
    }
}

impl fmt::Display for CiText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
