//! Types that models need and PostgreSQL has not: the statements that make them.

use crate::ident::{Ident, Literal, TableName, TypeName, list};
use orm_core::{Error, ErrorKind, ModelMeta, NamedKind, NamedType, Result, SqlType};

/// The types of the models' columns that are not PostgreSQL's own, each once and before those made of it.
pub(crate) fn types(models: &[&'static ModelMeta]) -> Result<Vec<&'static NamedType>> {
    let mut types = Vec::new();
    let mut columns = models.iter().flat_map(|model| model.columns());
    columns.try_for_each(|field| need(field.ty, &mut types))?;
    Ok(types)
}

fn need(ty: SqlType, types: &mut Vec<&'static NamedType>) -> Result<()> {
    let Some(named) = ty.named() else { return Ok(()) };
    if let Some(other) = types.iter().find(|other| **other == named) {
        return match other.kind == named.kind {
            true => Ok(()),
            false => Err(clash(named, "is the name of two types that differ")),
        };
    }
    match named.kind {
        NamedKind::Composite(fields) => fields.iter().try_for_each(|(_, ty)| need(*ty, types))?,
        NamedKind::Domain { base, .. } => need(base, types)?,
        _ => {}
    }
    types.push(named);
    Ok(())
}

fn clash(named: &NamedType, why: &str) -> Error {
    let (what, attribute) = match named.kind {
        NamedKind::Domain { .. } => ("domain", "domain"),
        NamedKind::Enum(_) => ("enum", "type_name"),
        _ => ("type", "type_name"),
    };
    let name = named.name;
    let message = format!("the {what} \"{name}\" {why}; give it another name: `#[orm({attribute} = \"…\")]`");
    Error::new(ErrorKind::Schema, message)
}

/// A type that the database has: its `typtype`, and its labels if it is an enum.
pub(crate) struct Existing {
    pub(crate) kind: String,
    pub(crate) labels: Vec<String>,
}

/// The statements that make a type, or, if it is there, bring it up to date: an enum gets the labels it lacks, each in the
/// place it is declared in. One of the name that is something else is an error.
pub(crate) fn create_type(named: &NamedType, existing: Option<&Existing>) -> Result<Vec<String>> {
    let wanted = match named.kind {
        NamedKind::Enum(_) => "e",
        NamedKind::Composite(_) => "c",
        NamedKind::Domain { .. } => "d",
        NamedKind::Extension(_) => return Ok(statements(named, None)),
    };
    match existing {
        Some(existing) if existing.kind != wanted => {
            Err(clash(named, "has the name of another type of the database"))
        }
        _ => Ok(statements(named, existing.map(|existing| &existing.labels[..]))),
    }
}

/// The statement that makes an extension.
pub(crate) fn create_extension(name: &str) -> String {
    format!("CREATE EXTENSION IF NOT EXISTS {}", Ident(name))
}

fn statements(named: &NamedType, existing: Option<&[String]>) -> Vec<String> {
    let name = TableName::new(named.name);
    match named.kind {
        NamedKind::Extension(extension) => {
            vec![create_extension(extension)]
        }
        NamedKind::Enum(labels) if let Some(existing) = existing => add_labels(name, labels, existing),
        _ if existing.is_some() => Vec::new(),
        NamedKind::Enum(labels) => {
            vec![format!("CREATE TYPE {name} AS ENUM ({})", list(labels.iter().map(|label| Literal(label))))]
        }
        NamedKind::Composite(fields) => {
            let fields = fields.iter().map(|(name, ty)| format!("{} {}", Ident(name), TypeName::new(*ty)));
            vec![format!("CREATE TYPE {name} AS ({})", list(fields))]
        }
        NamedKind::Domain { base, check } => {
            let check = check.map_or_else(String::new, |check| format!(" CHECK ({check})"));
            vec![format!("CREATE DOMAIN {name} AS {}{check}", TypeName::new(base))]
        }
    }
}

/// A label stands after the one declared before it, which is there by then, and the first before all others.
fn add_labels(name: TableName, labels: &[&str], existing: &[String]) -> Vec<String> {
    let missing = labels.iter().enumerate().filter(|(_, label)| existing.iter().all(|one| one != *label));
    let add = |(place, label): (usize, &&str)| {
        let at = match (place.checked_sub(1).map(|before| labels[before]), existing.first()) {
            (Some(before), _) => format!(" AFTER {}", Literal(before)),
            (None, Some(first)) => format!(" BEFORE {}", Literal(first)),
            (None, None) => String::new(),
        };
        format!("ALTER TYPE {name} ADD VALUE IF NOT EXISTS {}{at}", Literal(label))
    };
    missing.map(add).collect()
}
