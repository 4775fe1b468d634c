//! `TsVector`, the words of a document as full text search has them.

use super::{
    Element, FieldType,
    reader::{Reader, count},
};
use crate::{Error, ErrorKind, Result, SqlType};
use std::{collections::BTreeMap, fmt};

/// The lexemes of a text in a column of type `tsvector`, each with where it stands
/// ([Text Search Types](https://www.postgresql.org/docs/current/datatype-textsearch.html)). The server makes them; here they
/// are read, and written back as they were.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::{TsVector, types::Weight};
///
/// #[derive(Model)]
/// struct Page {
///     id: i64,
///     #[orm(db_default = "setweight(to_tsvector('english', 'two cats'), 'A')")]
///     words: TsVector,
/// }
///
/// # run(async |db| {
/// db.create_tables(orm::models![Page]).await?;
/// let page = Page::objects().create().await?;
/// assert_eq!(page.words.to_string(), "'cat':2A 'two':1A");
/// let (lexeme, places) = page.words.lexemes().next().expect("there are two");
/// assert_eq!((lexeme, places[0].place, places[0].weight), ("cat", 2, Weight::A));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TsVector(BTreeMap<String, Vec<Position>>);

/// Where a lexeme stands in its text; the first word is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The number of the word, at most 16,383.
    pub place: u16,
    /// How much it counts.
    pub weight: Weight,
}

/// How much a word counts in a search: `D`, the least, is what `to_tsvector` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "PostgreSQL says no more of them")]
pub enum Weight {
    D,
    C,
    B,
    A,
}

impl TsVector {
    /// The lexemes in order, each with where it stands; nowhere, if the vector was stripped.
    pub fn lexemes(&self) -> impl ExactSizeIterator<Item = (&str, &[Position])> {
        self.0.iter().map(|(lexeme, positions)| (&**lexeme, &**positions))
    }
}

/// The bits of a position that are not its weight.
const PLACE: u16 = 0x3fff;

/// The format is that of `tsvectorsend` in PostgreSQL's `tsvector.c`.
#[diagnostic::do_not_recommend]
impl FieldType for TsVector {
    const TYPE: SqlType = SqlType::Tsvector;

    fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(&count(self.0.len())?);
        for (lexeme, positions) in &self.0 {
            let many = u16::try_from(positions.len())
                .map_err(|_| Error::new(ErrorKind::InvalidValue, "a lexeme stands at too many places"))?;
            out.extend_from_slice(lexeme.as_bytes());
            out.push(0);
            out.extend_from_slice(&many.to_be_bytes());
            for Position { place, weight } in positions {
                out.extend_from_slice(&((*weight as u16) << 14 | place).to_be_bytes());
            }
        }
        Ok(())
    }

    fn decode(bytes: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(Self::TYPE, bytes);
        let mut lexemes = BTreeMap::new();
        for _ in 0..reader.count()? {
            let lexeme = reader.text()?.to_owned();
            let mut positions = Vec::new();
            for _ in 0..reader.array().map(u16::from_be_bytes)? {
                let position = reader.array().map(u16::from_be_bytes)?;
                let weight = [Weight::D, Weight::C, Weight::B, Weight::A][usize::from(position >> 14)];
                positions.push(Position { place: position & PLACE, weight });
            }
            reader.expect(positions.is_sorted_by(|a, b| a.place < b.place))?;
            let other = lexemes.insert(lexeme, positions);
            reader.expect(other.is_none())?;
        }
        reader.end()?;
        Ok(TsVector(lexemes))
    }
}

impl Element for TsVector {}

/// As PostgreSQL writes it.
impl fmt::Display for TsVector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for (lexeme, positions) in &self.0 {
            write!(f, "{between}'{}'", lexeme.replace('\\', "\\\\").replace('\'', "''"))?;
            between = " ";
            for (n, Position { place, weight }) in positions.iter().enumerate() {
                write!(f, "{}{place}", if n == 0 { ":" } else { "," })?;
                if *weight != Weight::D {
                    write!(f, "{weight:?}")?;
                }
            }
        }
        Ok(())
    }
}
