//! `DbEnum`: enums whose variants are stored by name or by number.

use super::FieldType;
use crate::{Error, ErrorKind, Result};
use std::fmt::Display;

/// An enum without values in its variants, as `#[derive(DbEnum)]` makes it a column type.
///
/// ```
/// use orm::prelude::*;
///
/// #[derive(DbEnum, Clone, Copy, Debug, PartialEq)]
/// enum Status {
///     Draft,
///     #[orm(label = "Waiting for review")]
///     InReview,
/// }
///
/// assert_eq!(Status::VARIANTS, [Status::Draft, Status::InReview]);
/// assert_eq!(Status::NAMES, ["draft", "in_review"]);
/// assert_eq!(Status::LABELS, ["Draft", "Waiting for review"]);
/// assert_eq!((Status::InReview.name(), Status::InReview.label()), ("in_review", "Waiting for review"));
/// assert_eq!(Status::named("draft"), Some(Status::Draft));
/// ```
// No `FieldType` is asked for, or one that cannot be derived would be two mistakes.
pub trait DbEnum: Sized + 'static {
    /// The variants in the order of declaration.
    const VARIANTS: &'static [Self];

    /// The names of the variants in the database; for an enum stored as numbers, in what is written for machines.
    const NAMES: &'static [&'static str];

    /// What people read for the variants.
    const LABELS: &'static [&'static str];

    /// The place of the variant in [`VARIANTS`](DbEnum::VARIANTS).
    fn place(&self) -> usize;

    /// The variant's name in the database.
    fn name(&self) -> &'static str {
        Self::NAMES.get(self.place()).copied().unwrap_or_default()
    }

    /// What people read for the variant.
    fn label(&self) -> &'static str {
        Self::LABELS.get(self.place()).copied().unwrap_or_default()
    }

    /// The variant of a name.
    fn named(name: &str) -> Option<Self>
    where
        Self: Clone,
    {
        variant(|one| *one == name, Self::NAMES)
    }
}

/// Appends the variant's name.
#[doc(hidden)]
pub fn encode_name<E: DbEnum>(variant: &E, out: &mut Vec<u8>) -> Result<()> {
    out.extend_from_slice(variant.name().as_bytes());
    Ok(())
}

/// The variant of a name in the database.
#[doc(hidden)]
pub fn decode_name<E: DbEnum + FieldType>(bytes: &[u8]) -> Result<E> {
    variant(|name| name.as_bytes() == bytes, E::NAMES)
        .ok_or_else(|| unknown::<E>(&String::from_utf8_lossy(bytes), E::NAMES))
}

/// The variant of a number in the database; `numbers` are those of all.
#[doc(hidden)]
pub fn decode_number<E: DbEnum + FieldType, N: FieldType + PartialEq + Display>(
    bytes: &[u8],
    numbers: &[N],
) -> Result<E> {
    let number = N::decode(bytes)?;
    variant(|one| *one == number, numbers).ok_or_else(|| unknown::<E>(&number, numbers))
}

fn variant<E: DbEnum + Clone, T>(is: impl Fn(&T) -> bool, stored: &[T]) -> Option<E> {
    E::VARIANTS.get(stored.iter().position(is)?).cloned()
}

#[cold]
fn unknown<E: DbEnum>(found: &dyn Display, known: &[impl Display]) -> Error {
    let path = std::any::type_name::<E>();
    let name = path.rsplit("::").next().unwrap_or(path);
    let known: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
    let message =
        format!("the database holds `{found}`, which is no variant of `{name}`; it has {}", known.join(", "));
    Error::new(ErrorKind::Decode, message)
}
