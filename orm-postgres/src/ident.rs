//! Names of tables, columns and constraints as SQL identifiers.

use orm_core::SqlType;
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

/// A text in single quotes, each `'` in it doubled; for definitions, which take no parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Literal<'a>(pub(crate) &'a str);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escape = if self.0.contains('\\') { "E" } else { "" };
        write!(f, "{escape}'{}'", self.0.replace('\\', "\\\\").replace('\'', "''"))
    }
}

/// A type's name in SQL: PostgreSQL's own as they are, which are keywords, and others quoted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TypeName {
    pub(crate) ty: SqlType,
    pub(crate) array: bool,
}

impl TypeName {
    pub(crate) fn new(ty: SqlType) -> Self {
        TypeName { ty, array: false }
    }
}

impl fmt::Display for TypeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ty {
            SqlType::Named(named) => TableName::new(named.name).fmt(f)?,
            SqlType::Array(of) => TypeName { ty: *of, array: true }.fmt(f)?,
            ty => ty.fmt(f)?,
        }
        f.write_str(if self.array { "[]" } else { "" })
    }
}

/// A parameter by its place. One of a type whose OID is not known to us is told its type by a cast.
pub(crate) fn parameter(place: usize, ty: SqlType, array: bool) -> String {
    let oid = if array { ty.array_oid() } else { ty.oid() };
    match oid {
        0 => format!("CAST(${} AS {})", place + 1, TypeName { ty, array }),
        _ => format!("${}", place + 1),
    }
}

/// Items with commas between them.
pub(crate) fn list(items: impl Iterator<Item = impl fmt::Display>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
