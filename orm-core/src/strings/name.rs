//! Names such as `author__username__icontains`: which relations, column and lookup of a model they mean.

use super::{invalid, listed, lookup::Lookup, read};
use crate::{
    Column, FieldMeta, ModelMeta, Node, Path, Result,
    node::{OrderBy, Quantifier, Related},
    path::Hop,
    relation::link,
};
use std::sync::{PoisonError, RwLock};

/// The most relations that a path can follow: each is a join.
const MOST_STEPS: usize = 16;

/// What a name means.
pub(super) struct Named {
    steps: Vec<&'static Hop>,
    /// The model that the steps lead to.
    model: &'static ModelMeta,
    /// Its column; `None` for the rows of a to-many relation themselves.
    column: Option<&'static FieldMeta>,
    lookup: Option<Lookup>,
}

impl Named {
    pub(super) fn find(model: &'static ModelMeta, name: &str) -> Result<Named> {
        let mut named = Named { steps: Vec::new(), model, column: None, lookup: None };
        let mut rest = Some(name);
        while let Some(at) = rest {
            let Some((field, after)) = split(named.model, at) else {
                named.lookup = Some(named.lookup_of_relation(at)?);
                break;
            };
            rest = after;
            let Some(relation) = field.relation else {
                named.column = Some(field);
                named.lookup = after.map(|lookup| Lookup::of(named.model, field, lookup)).transpose()?;
                break;
            };
            if named.steps.len() == MOST_STEPS {
                let message = format!("a path can follow {MOST_STEPS} relations, and this one follows more");
                return Err(invalid(message));
            }
            named.steps.push(step(named.model, field));
            named.model = (relation.target)();
        }
        // What a foreign key holds is read where it is: no join.
        if let Some(hop) = named.steps.last().copied()
            && hop.field.is_column()
            && let link = link(hop.from.model(), hop.field)?
            && let Some(held) = named
                .column
                .map_or(Some(Column(hop.field)), |column| link.from.beside(link.to, Column(column)))
        {
            named.steps.pop();
            (named.model, named.column) = (hop.from.model(), Some(held.0));
        }
        Ok(named)
    }

    /// The lookup that stands after a relation, where a name has no field: of its key, so none of texts.
    fn lookup_of_relation(&self, name: &str) -> Result<Lookup> {
        let known = Lookup::ALL.iter().copied().filter(|lookup| !lookup.is_text());
        if let Some(lookup) = known.clone().find(|lookup| lookup.name() == name && !self.steps.is_empty()) {
            return Ok(lookup);
        }
        let written = name.split("__").next().unwrap_or(name);
        let fields = self.model.fields.iter().map(|field| field.name);
        let (what, listed) = match self.steps.last() {
            None => ("field", listed(written, fields)),
            Some(_) => ("field or lookup", listed(written, fields.chain(known.map(Lookup::name)))),
        };
        let written = written.escape_debug();
        let error = invalid(format!("`{}` has no {what} `{written}`{listed}", self.model.name));
        Err(self.steps.iter().rev().fold(error, |error, step| error.context(format!("{:?}", step))))
    }

    /// The name of what it leads to, without the lookup.
    pub(super) fn path(&self) -> String {
        let fields = self.steps.iter().map(|step| step.field).chain(self.column);
        fields.map(|field| field.name).collect::<Vec<_>>().join("__")
    }

    pub(super) fn lookup(&self) -> Lookup {
        self.lookup.unwrap_or(Lookup::Exact)
    }

    /// The condition, with a value as a text.
    pub(super) fn condition(&self, text: &str) -> Result<Node> {
        let to_many = self.steps.last().is_some_and(|step| step.field.is_many());
        if self.column.is_none() && to_many && self.lookup == Some(Lookup::IsNull) {
            let some = self.across(Node::Bool(true));
            return Ok(if read::truth(text)? { some.negated() } else { some });
        }
        let (column, field) = self.end()?;
        let condition = self.lookup().condition(column, field, text);
        Ok(self.across(condition.map_err(|error| error.in_field(self.model, field))?))
    }

    /// The order by it, ascending.
    pub(super) fn order(&self) -> Result<OrderBy> {
        if let Some(step) = self.steps.iter().find(|step| step.field.is_many()) {
            return Err(invalid(format!("`{step:?}` leads to any number of rows: there is no order by it")));
        }
        if let Some(lookup) = self.lookup {
            return Err(invalid(format!("an order is by `{}`, without `{}`", self.path(), lookup.name())));
        }
        Ok(OrderBy { by: self.across(self.end()?.0), descending: false, nulls_first: None })
    }

    /// The column, of the row at the end of the steps.
    fn end(&self) -> Result<(Node, &'static FieldMeta)> {
        let field = match self.column {
            Some(field) => field,
            None if self.model.key.len() == 1 => self.model.key(),
            None => {
                return Err(invalid(format!(
                    "the key of `{}` has several columns; name one of them",
                    self.model.name
                )));
            }
        };
        Ok((Node::Column(Path::root(self.model, 0), Column(field)), field))
    }

    /// What is said of the row at the end of the steps: of any of them, where there may be several.
    fn across(&self, inner: Node) -> Node {
        self.steps.iter().rfold(inner, |inner, step| match step.field.is_many() {
            true => Node::Related(Box::new(Related {
                path: Path { hop: Some(step), ..step.from },
                quantifier: Quantifier::Any,
                depth: 0,
                condition: inner.part(),
            })),
            false => Node::Across(step, inner.boxed()),
        })
    }
}

/// The step along a relation from the model it belongs to. There is one for each relation of the program that a text has
/// named, and none for longer paths: what a client sends leaves nothing behind.
fn step(model: &'static ModelMeta, field: &'static FieldMeta) -> &'static Hop {
    static STEPS: RwLock<Vec<&'static Hop>> = RwLock::new(Vec::new());
    let is = |step: &&'static Hop| std::ptr::eq(step.field, field) && std::ptr::eq(step.from.root, model);
    let known = |steps: &[&'static Hop]| steps.iter().copied().find(is);
    let found = known(&STEPS.read().unwrap_or_else(PoisonError::into_inner));
    found.unwrap_or_else(|| {
        let mut steps = STEPS.write().unwrap_or_else(PoisonError::into_inner);
        known(&steps).unwrap_or_else(|| {
            let step = Box::leak(Box::new(Hop { from: Path::root(model, 0), field }));
            steps.push(step);
            step
        })
    })
}

/// The field that a name begins with, the longest one, and what comes after it. `pk` is the primary key.
fn split<'a>(model: &'static ModelMeta, name: &'a str) -> Option<(&'static FieldMeta, Option<&'a str>)> {
    let after = |known: &str| match name.strip_prefix(known)? {
        "" => Some(None),
        rest => rest.strip_prefix("__").map(Some),
    };
    let fields = model.fields.iter().filter_map(|field| Some((field, after(field.name)?)));
    let longest = fields.max_by_key(|(field, _)| field.name.len());
    let single = model.key.len() == 1;
    longest.or_else(|| single.then(|| Some((model.key(), after("pk")?))).flatten())
}
