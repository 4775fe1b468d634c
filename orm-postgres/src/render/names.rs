//! The names of the tables of one statement.

use crate::ident::{MAX_LEN, TableName};
use orm_core::{Column, Table, ast::Alias};
use sea_query::{DynIden, Expr, IntoIden, SchemaName, TableRef};

/// Which alias has which name. A name is given out once in a statement, subqueries included, so none hides another.
#[derive(Default)]
pub(super) struct Names(Vec<(Alias, String)>);

impl Names {
    /// Names a table: as it is called at its first use, `post_2` and so on at later ones.
    pub(super) fn table(&mut self, table: Table, alias: Alias) -> TableRef {
        let table = TableName::new(table.table);
        let name = self.give(alias, table.table);
        let own = name == table.table;
        let table = TableRef::Table(table.into(), None);
        if own { table } else { table.alias(name.to_owned()) }
    }

    /// Names a subquery in `FROM`.
    pub(super) fn query(&mut self, alias: Alias) -> DynIden {
        self.give(alias, "rows").to_owned().into_iden()
    }

    /// Names the row that is there and the one that could not be inserted: they have names already.
    pub(super) fn inserted(&mut self, table: Table, alias: Alias, new: Alias) {
        self.0.push((alias, TableName::new(table.table).table.to_owned()));
        self.0.push((new, "excluded".to_owned()));
    }

    /// Names what stands before the statement.
    pub(super) fn with(&mut self, alias: Alias) -> DynIden {
        self.give(alias, "cte").to_owned().into_iden()
    }

    /// A value of a row of a derived table.
    pub(super) fn given(&self, alias: Alias, place: u16) -> Expr {
        Expr::col((self.get(alias), of_place(place)))
    }

    /// Names the elements of an array in `FROM`: the table, and its only column.
    pub(super) fn items(&mut self, alias: Alias) -> DynIden {
        self.give(alias, "key").to_owned().into_iden()
    }

    /// The element.
    pub(super) fn item(&self, alias: Alias) -> Expr {
        Expr::col((self.get(alias), self.get(alias)))
    }

    /// The name behind an alias.
    pub(super) fn get(&self, alias: Alias) -> DynIden {
        let named = self.0.iter().find(|named| named.0 == alias);
        named.expect("a statement refers only to tables that it reads").1.clone().into_iden()
    }

    /// A column with the name of its table.
    pub(super) fn column(&self, alias: Alias, column: Column) -> Expr {
        Expr::col((self.get(alias), column.column))
    }

    fn give(&mut self, alias: Alias, wanted: &str) -> &str {
        // A value that stands twice in a statement brings its tables twice.
        if let Some(known) = self.0.iter().position(|named| named.0 == alias) {
            return &self.0[known].1;
        }
        let numbered = (2..).map(|n| format!("{wanted}_{n}")).take_while(|name| name.len() <= MAX_LEN);
        let short = (1..).map(|n| format!("t{n}"));
        let name = std::iter::once(wanted.to_owned())
            .chain(numbered)
            .chain(short)
            .find(|name| self.0.iter().all(|named| named.1 != *name))
            .expect("there are more numbers than aliases");
        self.0.push((alias, name));
        &self.0[self.0.len() - 1].1
    }
}

/// The name of a subquery that nobody speaks of.
pub(super) const UNNAMED: &str = "part";

/// The name of a part of a row by its place.
pub(super) fn of_place(place: u16) -> String {
    format!("c{place}")
}

impl From<TableName> for sea_query::TableName {
    fn from(name: TableName) -> Self {
        sea_query::TableName(name.schema.map(SchemaName::from), name.table.into_iden())
    }
}
