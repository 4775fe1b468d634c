//! Assignments, and the columns of a `save_fields`.

use crate::{
    BinaryOp, Column, Field, FieldMeta, IntoExpr, Local, Model, Node, Null, One, Own, Param, Path, Reach,
    Rel, Value,
    node::{Deleted, Output, Query},
};

/// An assignment of `update`: `p.views.set(p.views + 1)`.
#[derive(Clone, Debug)]
#[must_use = "an assignment does nothing unless it is given to `update`"]
pub struct Assign {
    pub(crate) path: Path,
    pub(crate) column: Column,
    pub(crate) value: Node,
}

impl Assign {
    /// Of the column of a relation; `path` leads to its target.
    pub(crate) fn of_relation(path: Path, value: Node) -> Self {
        let (from, field) = path.hop.map_or((path, path.root.key()), |hop| (hop.from, hop.field));
        let value = match field.relation.and_then(|relation| relation.to) {
            None => value,
            Some(place) => unique(field, place, value),
        };
        Assign { path: from, column: Column(field), value }
    }
}

/// What a foreign key to a unique column holds, for the row that has a primary key.
fn unique(field: &'static FieldMeta, place: usize, key: Node) -> Node {
    let target = field.target();
    let Node::Param(key) = key else {
        return Node::Param(Param::refused(
            field.ty,
            "it is an expression, and a key to a unique column is set to a row or a primary key; set it by a query of the column",
        ));
    };
    let (row, column) = (Path::root(target, 0), Column(&target.fields[place]));
    let it = Node::binary(Node::primary(row), BinaryOp::Eq, Node::Param(key));
    let output = vec![(0, Output::Value(Node::Column(row, column), column.ty))];
    let query = Query { filters: vec![(0, it)], output, deleted: Deleted::Shown, ..Query::new(target) };
    Node::First(query.boxed())
}

impl<T: Value, N: Reach> Field<T, N> {
    /// Assigns a value or an expression of the row, in `update`.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let change = Post::objects().filter(|p| p.id.eq(7)).update(|p| p.views.set(p.views + 1));
    /// assert_eq!(
    ///     change.to_sql(),
    ///     r#"UPDATE "post" SET "views" = "post"."views" + $1 WHERE "post"."id" = $2"#
    /// );
    /// ```
    pub fn set(self, value: impl IntoExpr<T>) -> Assign
    where
        N: Local,
    {
        Assign { path: self.path, column: self.column(), value: value.into_node() }
    }
}

/// What `update` takes: assignments, one or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an assignment",
    label = "expected `p.field.set(…)` or a tuple of them"
)]
pub trait Assigns {
    /// Appends the assignments.
    fn assigns(self, out: &mut Vec<Assign>);
}
impl Assigns for Assign {
    fn assigns(self, out: &mut Vec<Assign>) {
        out.push(self);
    }
}

/// The row's own columns, one or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of the model",
    label = "expected the model's own columns"
)]
pub trait Columns {
    /// Appends the columns.
    fn columns(self, out: &mut Vec<Column>);
}
impl<T: Value> Columns for Field<T, Own> {
    fn columns(self, out: &mut Vec<Column>) {
        out.push(self.column());
    }
}
impl<M: Model> Columns for Rel<M, One> {
    fn columns(self, out: &mut Vec<Column>) {
        out.extend(self.path().hop.map(|hop| Column(hop.field)));
    }
}
impl<M: Model> Columns for Rel<M, Null> {
    fn columns(self, out: &mut Vec<Column>) {
        out.extend(self.path().hop.map(|hop| Column(hop.field)));
    }
}
