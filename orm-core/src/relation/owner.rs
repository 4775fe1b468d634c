//! The row whose relation a field without a column is, and how it says which rows are related to it.

use super::{Between, Link, key::RawKey, link};
use crate::{
    BinaryOp, Column, Error, FieldMeta, Key, KeyColumns, Model, ModelMeta, Node, Param, Path, QuerySet,
    Result,
    node::{Output, Query},
};
use std::sync::Arc;

/// The row whose relation a field is.
#[derive(Clone)]
pub(crate) struct Owner {
    model: &'static ModelMeta,
    field: usize,
    key: RawKey,
    /// What new pairs get beside their two keys, by the fields of the model that holds them.
    extra: Option<Arc<Extra>>,
}

struct Extra {
    model: &'static ModelMeta,
    values: Vec<Option<Param>>,
}

impl Owner {
    pub(crate) fn new<K: Key>(model: &'static ModelMeta, field: usize, key: K) -> Self {
        Owner { model, field, key: RawKey::new(key), extra: None }
    }

    /// The owner, which is there if the instance was read.
    pub(crate) fn of(owner: Option<&Self>) -> Result<&Self> {
        owner.ok_or_else(|| {
            Error::usage("the instance was not read from the database, so it has no related rows")
        })
    }

    /// The same, with values for new pairs.
    pub(crate) fn with(&self, model: &'static ModelMeta, values: Vec<Option<Param>>) -> Self {
        Owner { extra: Some(Arc::new(Extra { model, values })), ..self.clone() }
    }

    pub(crate) fn field(&self) -> &'static FieldMeta {
        &self.model.fields[self.field]
    }

    pub(crate) fn link(&self) -> Result<Link> {
        link(self.model, self.field())
    }

    /// The owner's key, as a value.
    pub(crate) fn key(&self) -> Param {
        self.key.param()
    }

    /// What new pairs get beside their two keys.
    pub(crate) fn extra(&self, pairs: &'static ModelMeta) -> Result<Vec<Option<Param>>> {
        match &self.extra {
            None => Ok(vec![None; pairs.fields.len()]),
            Some(extra) if std::ptr::eq(extra.model, pairs) => Ok(extra.values.clone()),
            Some(extra) => Err(Error::usage(format!(
                "`through_defaults` of `{}` for `{}.{}`, whose pairs are in `{}`",
                extra.model.name,
                self.model.name,
                self.field().name,
                pairs.name
            ))),
        }
    }

    /// The related rows.
    pub(crate) fn rows<M: Model>(owner: Option<&Self>) -> QuerySet<M> {
        match Owner::of(owner).and_then(|owner| owner.related(M::meta())) {
            Ok(condition) => QuerySet::new().with(condition),
            Err(error) => QuerySet::refused(error.to_string()),
        }
    }

    /// That a row of the target is related to the owner.
    fn related(&self, target: &'static ModelMeta) -> Result<Node> {
        let link = self.link()?;
        Ok(match link.between {
            None => is(target, link.to, self.key()),
            Some(between) => {
                let far = KeyColumns::Field(between.far).iter();
                let output = far.map(|far| (0, Output::Value(at(between.table.0, far), far.ty)));
                let pairs = Query { output: output.collect(), ..self.pairs(between) };
                Node::InQuery(Node::key(Path::root(target, 0), link.to).boxed(), pairs.boxed())
            }
        })
    }

    /// The pairs of the owner.
    pub(crate) fn pairs(&self, between: Between) -> Query {
        let near = is(between.table.0, KeyColumns::Field(between.near), self.key());
        Query { filters: vec![(0, near)], ..Query::new(between.table.0) }
    }
}

/// A column of a query's own row.
pub(crate) fn at(model: &'static ModelMeta, column: Column) -> Node {
    Node::Column(Path::root(model, 0), column)
}

/// That a key of a query's own row has a value.
pub(crate) fn is(model: &'static ModelMeta, key: KeyColumns, value: Param) -> Node {
    Node::binary(Node::key(Path::root(model, 0), key), BinaryOp::Eq, Node::Param(value))
}
