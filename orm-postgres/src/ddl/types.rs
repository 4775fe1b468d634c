//! Types that models need and PostgreSQL has not: the statements that make them.

use crate::ident::{Ident, Literal, TableName, TypeName, list};
use orm_core::{ModelMeta, NamedKind, NamedType, SqlType};

/// The types of the models' columns that are not PostgreSQL's own, each once and before those made of it.
pub(crate) fn types(models: &[&'static ModelMeta]) -> Vec<&'static NamedType> {
    let mut types = Vec::new();
    let columns = models.iter().flat_map(|model| model.columns());
    columns.for_each(|field| need(field.ty, &mut types));
    types
}

fn need(ty: SqlType, types: &mut Vec<&'static NamedType>) {
    let Some(named) = ty.named().filter(|named| !types.contains(named)) else { return };
    match named.kind {
        NamedKind::Composite(fields) => fields.iter().for_each(|(_, ty)| need(*ty, types)),
        NamedKind::Domain { base, .. } => need(base, types),
        _ => {}
    }
    types.push(named);
}

/// The statements that make a type, or, if it is there, bring it up to date: an enum gets the labels it lacks, each in the
/// place it is declared in. `existing` are the labels that the database has, none for what is no enum.
pub(crate) fn create_type(named: &NamedType, existing: Option<&[String]>) -> Vec<String> {
    let name = TableName::new(named.name);
    match named.kind {
        NamedKind::Extension(extension) => {
            vec![format!("CREATE EXTENSION IF NOT EXISTS {}", Ident(extension))]
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
