//! Related rows that are loaded with the rows of a query: what was asked for, as a tree of hops, and where it goes.

mod keys;
mod peers;
mod prefetch;

use crate::{
    Annotations, Column, Error, KeyColumns, Model, ModelMeta, Null, One, Param, Path, QuerySet, Reach, Rel,
    Result, RowRef, Table, lower, model::position, node::Query, path::Hop,
};
pub use peers::FetchMode;
pub(crate) use peers::{Peers, tie};
pub(crate) use prefetch::load;
use std::{any::Any, sync::Arc};

/// A loaded row, or a `Vec` of them.
#[doc(hidden)]
pub type Loaded = Arc<dyn Any + Send + Sync>;

/// A row of a model with relations, without its type.
#[doc(hidden)]
pub trait Instance: Send + Sync {
    /// Where the rows of a relation go; `None` if its key is NULL.
    fn slot(&mut self, field: usize) -> Option<&mut dyn Slot>;
    /// The value of a column, encoded.
    fn param(&self, field: usize) -> Param;
    /// The model.
    fn model(&self) -> &'static ModelMeta;
}

impl<M: Model> Instance for M {
    fn slot(&mut self, field: usize) -> Option<&mut dyn Slot> {
        Model::slot(self, field)
    }
    fn param(&self, field: usize) -> Param {
        Model::param(self, field)
    }
    fn model(&self) -> &'static ModelMeta {
        M::meta()
    }
}

/// A field that keeps related rows; it knows their type.
#[doc(hidden)]
pub trait Slot {
    /// Reads a joined row, and what is joined to that.
    ///
    /// # Errors
    /// If a cell does not fit.
    fn read(&mut self, _row: &mut RowRef<'_>) -> Result<()> {
        Err(Error::usage("only a relation to one row can be joined"))
    }
    /// Puts rows in that were read elsewhere; `None` says that there is none.
    fn put(&mut self, rows: Option<Loaded>);
    /// The rows, if they are loaded, and held by nobody else.
    fn rows<'a>(&'a mut self, out: &mut Vec<&'a mut dyn Instance>) -> bool;
    /// Makes its `fetch` one of those of several rows.
    #[doc(hidden)]
    fn tie(&mut self, _peers: &Arc<Peers>) {}
    /// Makes something to collect rows in for so many keys.
    fn batch(&self) -> fn(keys: usize) -> Box<dyn Batch>;
}

/// Related rows on their way to several slots.
#[doc(hidden)]
pub trait Batch: Send {
    /// Reads a row that belongs to a key.
    ///
    /// # Errors
    /// If a cell does not fit.
    fn row(&mut self, key: usize, row: &mut RowRef<'_>) -> Result<()>;
    /// All rows.
    fn instances(&mut self) -> Vec<&mut dyn Instance>;
    /// What goes into the slots of each key.
    fn into_rows(self: Box<Self>) -> Vec<Option<Loaded>>;
}

/// What is loaded with the rows of a query.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loads {
    pub(crate) tree: Vec<Load>,
    pub(crate) mode: FetchMode,
}

/// A relation that is loaded.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    pub(crate) hop: &'static Hop,
    /// The place of the relation among its model's fields.
    pub(crate) field: usize,
    /// Which column of a joined row is NULL where there is no row.
    key: usize,
    pub(crate) how: How,
}

/// How a relation is loaded.
#[derive(Clone, Debug)]
pub(crate) enum How {
    /// With the row itself, by a join; and what is loaded with that row.
    Joined(Vec<Load>),
    /// For all rows together, by a query of its own.
    Asked(Box<Query>),
}

impl Load {
    fn new(hop: &'static Hop, how: How) -> Result<Self> {
        let (field, target) = (position(hop.from.model(), Column(hop.field))?, hop.target());
        let first = KeyColumns::Primary(Table(target)).iter().next();
        let key = target.columns().position(|column| Some(Column(column)) == first).unwrap_or_default();
        Ok(Load { hop, field, key, how })
    }

    /// What is joined to the joined row.
    pub(crate) fn joined(&self) -> Option<&[Load]> {
        match &self.how {
            How::Joined(inner) => Some(inner),
            How::Asked(_) => None,
        }
    }

    /// What is loaded with the rows.
    fn inner(&mut self) -> &mut Vec<Load> {
        match &mut self.how {
            How::Joined(inner) => inner,
            How::Asked(query) => &mut query.loads_mut().tree,
        }
    }

    /// How many cells a row takes, with all that is joined to it.
    fn width(model: &'static ModelMeta, inner: &[Load]) -> usize {
        let joined = inner.iter().filter_map(|load| Some(Load::width(load.hop.target(), load.joined()?)));
        model.columns().count() + joined.sum::<usize>()
    }

    pub(crate) fn depth(&self) -> usize {
        1 + match &self.how {
            How::Joined(inner) => inner.iter().map(Load::depth).max().unwrap_or_default(),
            How::Asked(query) => query.depth(),
        }
    }

    /// Joins no longer; what is asked for behind it still is.
    fn unjoined(mut self) -> Option<Self> {
        if let How::Joined(inner) = self.how {
            let tree = unjoined(inner);
            if tree.is_empty() {
                return None;
            }
            let loads = Some(Arc::new(Loads { tree, ..Loads::default() }));
            self.how = How::Asked(Box::new(Query { loads, ..Query::new(self.hop.target()) }));
        }
        Some(self)
    }

    /// Asks no longer.
    fn unasked(mut self) -> Option<Self> {
        match self.how {
            How::Joined(inner) => {
                self.how = How::Joined(unasked(inner));
                Some(self)
            }
            How::Asked(_) => None,
        }
    }
}

fn unjoined(tree: Vec<Load>) -> Vec<Load> {
    tree.into_iter().filter_map(Load::unjoined).collect()
}

fn unasked(tree: Vec<Load>) -> Vec<Load> {
    tree.into_iter().filter_map(Load::unasked).collect()
}

impl Query {
    pub(crate) fn loads_mut(&mut self) -> &mut Loads {
        Arc::make_mut(self.loads.get_or_insert_default())
    }
}

impl Loads {
    /// The relations that are loaded, if any are.
    pub(crate) fn tree(loads: Option<&Self>) -> &[Load] {
        loads.map_or(&[], |loads| &loads.tree)
    }

    /// Whether more is asked for than the rows themselves.
    pub(crate) fn asks(tree: &[Load]) -> bool {
        tree.iter().any(|load| load.joined().is_none_or(Loads::asks))
    }

    /// Joins the relations at the ends of some paths, and on their way; no path takes back what was joined.
    pub(crate) fn join(&mut self, model: &'static ModelMeta, depth: u8, paths: Vec<Path>) -> Result<()> {
        if paths.is_empty() {
            self.tree = unjoined(std::mem::take(&mut self.tree));
        }
        for path in paths {
            self.place(model, depth, path, true)?;
        }
        Ok(())
    }

    /// Asks for the relations at the ends of some paths, and on their way; no path takes back what was asked for.
    pub(crate) fn ask(
        &mut self,
        model: &'static ModelMeta,
        depth: u8,
        relations: Vec<(Path, Option<Query>)>,
    ) -> Result<()> {
        if relations.is_empty() {
            self.tree = unasked(std::mem::take(&mut self.tree));
        }
        for (path, query) in relations {
            let Some(load) = self.place(model, depth, path, false)? else { continue };
            let Some(mut query) = query else { continue };
            check(load.hop, &query)?;
            let How::Asked(known) = &mut load.how else {
                return Err(Error::usage(format!(
                    "`{path:?}` is loaded by `select_related` and cannot have a QuerySet of its own"
                )));
            };
            for load in known.loads.take().map(Arc::unwrap_or_clone).unwrap_or_default().tree {
                let tree = &mut query.loads_mut().tree;
                if tree.iter().all(|known| known.field != load.field) {
                    tree.push(load);
                }
            }
            **known = query;
        }
        Ok(())
    }

    /// The place of a path's relation, made if it is new.
    fn place(
        &mut self,
        model: &'static ModelMeta,
        depth: u8,
        path: Path,
        joined: bool,
    ) -> Result<Option<&mut Load>> {
        if path.depth != depth || !std::ptr::eq(path.root, model) {
            return Err(Error::usage(format!("`{path:?}` is of another query than the one it is loaded by")));
        }
        path.hop.map(|hop| place(&mut self.tree, hop, joined)).transpose()
    }
}

/// The place of a relation in a tree, made if it is new.
fn place<'a>(tree: &'a mut Vec<Load>, hop: &'static Hop, joined: bool) -> Result<&'a mut Load> {
    let tree = match hop.from.hop {
        Some(before) => place(tree, before, joined)?.inner(),
        None => tree,
    };
    let at = match tree.iter().position(|load| std::ptr::eq(load.hop.field, hop.field)) {
        Some(at) => at,
        None => {
            let asked = || How::Asked(Box::new(Query::new(hop.target())));
            tree.push(Load::new(hop, if joined { How::Joined(Vec::new()) } else { asked() })?);
            tree.len() - 1
        }
    };
    let load = &mut tree[at];
    if let How::Asked(query) = &mut load.how
        && joined
    {
        if !query.is_plain() {
            return Err(Error::usage(format!(
                "`{hop:?}` is loaded by `prefetch_related` with a QuerySet of its own; it cannot be joined too"
            )));
        }
        load.how = How::Joined(std::mem::take(&mut query.loads_mut().tree));
    }
    Ok(load)
}

/// Whether a QuerySet can be that of a relation's rows.
fn check(hop: &'static Hop, query: &Query) -> Result<()> {
    if query.db.is_some() {
        return Err(Error::usage(format!(
            "the QuerySet of `{hop:?}` names a database; name it in the outer one"
        )));
    }
    if !hop.field.is_many() && query.is_sliced() {
        return Err(Error::usage(format!(
            "the QuerySet of `{hop:?}` has a limit, and there is one row at most"
        )));
    }
    let lowered = lower::rows(query);
    lowered
        .map(drop)
        .map_err(|error| error.context(format!("the QuerySet of `{hop:?}`, one query for the rows of all")))
}

/// Reads what is joined to an instance's row, in the order of the tree.
pub(crate) fn read_joined(instance: Option<&mut dyn Instance>, row: &mut RowRef<'_>) -> Result<()> {
    let loads = std::mem::take(&mut row.loads);
    let Some(instance) = instance else { return Ok(()) };
    for load in loads {
        let Some(inner) = load.joined() else { continue };
        let none = row.is_null(load.key);
        match instance.slot(load.field) {
            Some(slot) if !none => {
                row.loads = inner;
                slot.read(row)?;
            }
            slot => {
                row.skip(Load::width(load.hop.target(), inner));
                if let Some(slot) = slot {
                    slot.put(None);
                }
            }
        }
    }
    Ok(())
}

/// A relation and the QuerySet of its rows: what [`Rel::with`] makes.
#[derive(Clone, Debug)]
#[must_use = "it is for `prefetch_related`"]
pub struct Prefetch {
    path: Path,
    query: Query,
}

impl<M: Model, N: Reach> Rel<M, N> {
    /// The relation, with a QuerySet of its own for its rows: filtered, ordered, with what it loads itself. A limit is that
    /// of each row's related rows. Django's `Prefetch`.
    ///
    /// The rows that it leaves out are missing in [`HasMany::get`](crate::HasMany::get); to ask for them all,
    /// there is [`HasMany::query`](crate::HasMany::query).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// # let alice = User::objects().create().username("alice").await?;
    /// # for views in [5, 70, 60, 80] {
    /// #     Post::objects().create().title("Hi").views(views).author(&alice).await?;
    /// # }
    /// let top = Post::objects().filter(|p| p.views.gt(10)).order_by(|p| p.views.desc()).limit(2);
    /// let users = User::objects().prefetch_related(|u| u.posts.with(top)).await?;
    /// let views: Vec<i32> = users[0].posts.get()?.iter().map(|post| post.views).collect();
    /// assert_eq!(views, [80, 70]);
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// An annotated QuerySet can be filtered and ordered by its annotations, as Django's can; what is loaded are its models.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// // Editors who have written more than three posts; others are not loaded.
    /// let busy = User::objects().annotate(|u| u.posts.count()).filter(|(_, posts)| posts.gt(3));
    /// let posts = Post::objects().prefetch_related(|p| p.editor.with(busy));
    /// ```
    pub fn with<R: OfModel<M>, A: Annotations>(self, rows: QuerySet<M, R, A>) -> Prefetch {
        let mut query = rows.into_query();
        if query.is_grouped() {
            query.refused =
                Some("groups of rows as the rows of a relation; they are none of its rows".to_owned());
        }
        query.output.clear();
        Prefetch { path: self.path(), query: query.part() }
    }
}

/// One or more relations, each perhaps with a QuerySet: what [`prefetch_related`](crate::QuerySet::prefetch_related)
/// takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation",
    label = "expected relations, perhaps with `.with(query)`, or a tuple of them"
)]
pub trait Relations {
    /// Appends the paths to them.
    fn relations(self, out: &mut Vec<(Path, Option<Query>)>);
}
impl<M: Model, N: Reach> Relations for Rel<M, N> {
    fn relations(self, out: &mut Vec<(Path, Option<Query>)>) {
        out.push((self.path(), None));
    }
}
impl Relations for Prefetch {
    fn relations(self, out: &mut Vec<(Path, Option<Query>)>) {
        out.push((self.path, Some(self.query)));
    }
}
impl Relations for () {
    fn relations(self, _: &mut Vec<(Path, Option<Query>)>) {}
}

/// A row that is the model `M`, or begins with it: annotated.
#[diagnostic::on_unimplemented(
    message = "related rows are loaded with rows of `{M}`, and these are `{Self}`",
    label = "not rows of `{M}`",
    note = "a relation among the values of `values` is read as its model"
)]
pub trait OfModel<M> {}
impl<M: Model> OfModel<M> for M {}

/// One or more relations that each lead to one row: what [`select_related`](crate::QuerySet::select_related) takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation to one row",
    label = "expected foreign keys, or a tuple of them",
    note = "a relation to any number of rows is for `prefetch_related`; `values` reads columns"
)]
pub trait ToOne {
    /// Appends the paths to them.
    fn to_one(self, out: &mut Vec<Path>);
}
impl<M: Model> ToOne for Rel<M, One> {
    fn to_one(self, out: &mut Vec<Path>) {
        out.push(self.path());
    }
}
impl<M: Model> ToOne for Rel<M, Null> {
    fn to_one(self, out: &mut Vec<Path>) {
        out.push(self.path());
    }
}
impl ToOne for () {
    fn to_one(self, _: &mut Vec<Path>) {}
}

macro_rules! tuples { ($(($($t:ident),*))*) => {$(
    impl<M, $($t),*> OfModel<M> for ($($t,)*) where A: OfModel<M> {}
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$($t: ToOne),*> ToOne for ($($t,)*) {
        fn to_one(self, out: &mut Vec<Path>) {
            let ($($t,)*) = self;
            $($t.to_one(out);)*
        }
    }
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$($t: Relations),*> Relations for ($($t,)*) {
        fn relations(self, out: &mut Vec<(Path, Option<Query>)>) {
            let ($($t,)*) = self;
            $($t.relations(out);)*
        }
    }
)*}}
crate::for_tuples!(tuples);
