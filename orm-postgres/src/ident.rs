//! Names of tables, columns and constraints as SQL identifiers.

use std::fmt;

/// The most bytes of a name that PostgreSQL keeps; it cuts off the rest without an error.
pub(crate) const MAX_LEN: usize = 63;

/// A name in double quotes, each `"` in it doubled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ident<'a>(pub(crate) &'a str);

impl fmt::Display for Ident<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

/// A table's name. A model may say `schema.table`: all before the first `.` is the schema, so a table without
/// one has no `.` in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableName {
    pub(crate) schema: Option<&'static str>,
    pub(crate) table: &'static str,
}

impl TableName {
    pub(crate) fn new(name: &'static str) -> Self {
        match name.split_once('.') {
            Some((schema, table)) => TableName { schema: Some(schema), table },
            None => TableName { schema: None, table: name },
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = self.schema {
            write!(f, "{}.", Ident(schema))?;
        }
        Ident(self.table).fmt(f)
    }
}

/// Items with commas between them.
pub(crate) fn list(items: impl Iterator<Item = impl fmt::Display>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
