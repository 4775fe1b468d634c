//! How a relation ties two tables: which columns of the one equal which of the other, and what lies between them. Joins,
//! conditions, managers and loading all go by it.

use crate::{Column, Error, FieldMeta, KeyColumns, ModelMeta, Pairs, Relation, RelationKind, Result, Table};

/// What ties the rows of two tables.
#[derive(Clone, Copy)]
pub(crate) struct Link {
    /// The columns on this side.
    pub(crate) from: KeyColumns,
    /// The columns on the other side; they equal those on this side, or what lies between.
    pub(crate) to: KeyColumns,
    /// Whether it may lead to no row, where it leads to one at most.
    pub(crate) nullable: bool,
    /// The table of pairs that lies between.
    pub(crate) between: Option<Between>,
}

/// A table of pairs, as seen from one side.
#[derive(Clone, Copy)]
pub(crate) struct Between {
    /// The table.
    pub(crate) table: Table,
    /// The key to this side.
    pub(crate) near: Column,
    /// The key to the other side.
    pub(crate) far: Column,
}

/// What ties the rows of a model to those that one of its relations leads to.
pub(crate) fn link(model: &'static ModelMeta, field: &'static FieldMeta) -> Result<Link> {
    match field.relation.map(|relation| relation.kind) {
        Some(RelationKind::HasMany { via }) => {
            let key = reverse(model, field, via)?;
            let to = KeyColumns::Field(Column(key));
            Ok(Link { from: held(key), to, nullable: false, between: None })
        }
        Some(RelationKind::HasOne { via }) => {
            let key = reverse(model, field, via)?;
            let target = field.target();
            if !key.unique && (target.key.len() > 1 || !target.is_key(key)) {
                return Err(mistake(
                    model,
                    field,
                    &format!(
                        "`{}.{}` is not unique, so there may be several rows; add `#[orm(unique)]` to it, or make this a `HasMany`",
                        target.name, key.name
                    ),
                ));
            }
            let to = KeyColumns::Field(Column(key));
            Ok(Link { from: held(key), to, nullable: true, between: None })
        }
        Some(RelationKind::ManyToMany { pairs, .. }) => {
            let between = between(model, field, pairs)?;
            if let Some(key) = [between.near, between.far].iter().find(|key| to(key.0).is_some()) {
                let why = format!(
                    "`{}.{}` holds a unique value, and pairs are of primary keys; use the model between, by a `HasMany` to it",
                    between.table.name, key.name
                );
                return Err(mistake(model, field, &why));
            }
            let (from, to) = (held(between.near.0), held(between.far.0));
            Ok(Link { from, to, nullable: false, between: Some(between) })
        }
        _ => {
            let from = KeyColumns::Field(Column(field));
            Ok(Link { from, to: held(field), nullable: field.nullable, between: None })
        }
    }
}

/// The columns whose values a foreign key holds.
fn held(key: &'static FieldMeta) -> KeyColumns {
    match key.relation {
        Some(Relation { target, to, .. }) => KeyColumns::to(target(), to),
        None => KeyColumns::Field(Column(key)),
    }
}

/// The table of pairs of a many-to-many field.
fn between(model: &'static ModelMeta, field: &'static FieldMeta, pairs: Pairs) -> Result<Between> {
    let target = field.target();
    match pairs {
        Pairs::Made(table) => {
            let [near, far] = [0, 1].map(|place| Column(&table.fields[place]));
            Ok(Between { table: Table(table), near, far })
        }
        Pairs::Via(name) => {
            let other = target.fields.iter().find(|field| field.name == name);
            match other.and_then(|other| Some((other, other.relation?.kind))) {
                Some((other, RelationKind::ManyToMany { pairs, .. }))
                    if !matches!(pairs, Pairs::Via(_)) && std::ptr::eq(other.target(), model) =>
                {
                    let Between { table, near, far } = between(target, other, pairs)?;
                    Ok(Between { table, near: far, far: near })
                }
                _ => Err(mistake(
                    model,
                    field,
                    &format!(
                        "`{}.{name}` is no many-to-many field that leads to `{}` and says where the pairs are",
                        target.name, model.name
                    ),
                )),
            }
        }
        Pairs::Through { model: through, fields } => {
            let through = through();
            let named = |at: usize| fields.map(|fields| fields[at]);
            let (near, far) = match std::ptr::eq(model, target) && fields.is_none() {
                false => (key_to(through, model, named(0)), key_to(through, target, named(1))),
                // The first of its keys to the model is this side, the second the other.
                true => match keys_to(through, model).collect::<Vec<_>>()[..] {
                    [near, far] => (Ok(near), Ok(far)),
                    _ => (Err(Vec::new()), Err(Vec::new())),
                },
            };
            match (near, far) {
                (Ok(near), Ok(far)) => {
                    Ok(Between { table: Table(through), near: Column(near), far: Column(far) })
                }
                _ => Err(mistake(
                    model,
                    field,
                    &format!(
                        "`{}` needs one foreign key to `{}` and one to `{}`; where there are several, say which: \
                     `#[orm(through_fields = [\"…\", \"…\"])]`",
                        through.name, model.name, target.name
                    ),
                )),
            }
        }
    }
}

/// The foreign keys of a model to another.
fn keys_to(of: &'static ModelMeta, to: &'static ModelMeta) -> impl Iterator<Item = &'static FieldMeta> {
    let leads = move |key: &&'static FieldMeta| {
        key.is_column() && key.relation.is_some_and(|relation| std::ptr::eq((relation.target)(), to))
    };
    of.fields.iter().filter(leads)
}

/// The only foreign key of a model to another, or the one of a name; else all there are.
fn key_to(
    of: &'static ModelMeta,
    to: &'static ModelMeta,
    named: Option<&str>,
) -> Result<&'static FieldMeta, Vec<&'static FieldMeta>> {
    let mut keys = keys_to(of, to).filter(|key| named.is_none_or(|name| name == key.name));
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key),
        (first, second) => Err(first.into_iter().chain(second).collect()),
    }
}

/// The foreign key of the target that a field without a column is the reverse side of.
fn reverse(
    model: &'static ModelMeta,
    field: &'static FieldMeta,
    via: Option<&str>,
) -> Result<&'static FieldMeta> {
    let target = field.target();
    let key = key_to(target, model, via).map_err(|keys| match keys[..] {
        [first, second, ..] => mistake(model, field, &format!(
            "`{}` has several foreign keys to `{}`; say which, as `#[orm(via = \"{}\")]` or `#[orm(via = \"{}\")]`",
            target.name, model.name, first.name, second.name
        )),
        _ => mistake(model, field, &format!("`{}` has no foreign key to `{}`", target.name, model.name)),
    })?;
    match (to(field), to(key)) {
        (own, held) if own == held => Ok(key),
        (_, held) => {
            let what = held.map_or("the primary key", |place| model.fields[place].name);
            let say = held.map_or_else(
                || "remove `to_field`".to_owned(),
                |_| format!("add `#[orm(to_field = \"{what}\")]`"),
            );
            Err(mistake(model, field, &format!("`{}.{}` holds `{what}`; {say}", target.name, key.name)))
        }
    }
}

/// The place of the unique field that a relation is by.
fn to(field: &'static FieldMeta) -> Option<usize> {
    field.relation.and_then(|relation| relation.to)
}

fn mistake(model: &ModelMeta, field: &FieldMeta, what: &str) -> Error {
    Error::usage(format!("`{}.{}`: {what}", model.name, field.name))
}
