//! Rows of one QuerySet know each other: what `fetch` of a relation to one row does with the others.

use super::{
    Instance, Load, Loaded,
    keys::{Keys, key_of},
    prefetch::reach,
};
use crate::{
    Error, ErrorKind, Model, ModelMeta, Param, RelationKind, Result, RowRef, RowSink,
    db::resolve,
    lower,
    node::Query,
    relation::{Link, link},
};
use std::{
    panic::Location,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What [`fetch`](crate::ForeignKey::fetch) of a row's relation to one row does, a foreign key or a
/// [`HasOne`](crate::HasOne::fetch): Django's fetch modes, set by [`fetch_mode`](crate::QuerySet::fetch_mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchMode {
    /// Asks for the one row. A debug build warns of the second time in the rows of one QuerySet, `orm::fetch` in `tracing`.
    #[default]
    One,
    /// Asks for the rows of all rows that were read by the same QuerySet; later ones are there, for
    /// [`get`](crate::ForeignKey::get) too.
    Peers,
    /// Is an error, [`is_not_loaded`](crate::Error::is_not_loaded).
    Raise,
}

impl FetchMode {
    /// Whether rows have to know each other.
    pub(crate) fn ties(self) -> bool {
        cfg!(debug_assertions) || self != FetchMode::One
    }
}

/// A relation to one row of the rows of one QuerySet.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "it is shown by no one")]
pub struct Peers {
    mode: FetchMode,
    model: &'static ModelMeta,
    field: usize,
    link: Link,
    fetched: AtomicUsize,
    /// The keys; only for [`FetchMode::Peers`].
    keys: Keys,
    rows: OnceLock<Vec<Option<Fetched>>>,
}

/// A row as it came: each `fetch` makes one of its own.
struct Fetched {
    cells: Vec<Option<Vec<u8>>>,
    row: OnceLock<Loaded>,
}

/// Makes the relations to one row of some rows know each other, and those of the rows joined to them.
pub(crate) fn tie(
    instances: &mut [&mut dyn Instance],
    model: &'static ModelMeta,
    tree: &[Load],
    mode: FetchMode,
) {
    if instances.len() < 2 && mode != FetchMode::Raise {
        return;
    }
    for (field, meta) in model.fields.iter().enumerate() {
        let kind = meta.relation.map(|relation| relation.kind);
        if matches!(kind, Some(RelationKind::ForeignKey { .. } | RelationKind::HasOne { .. }))
            && let Ok(link) = link(model, meta)
        {
            let peers = Arc::new(Peers::new(instances, model, field, link, mode));
            for slot in instances.iter_mut().filter_map(|instance| instance.slot(field)) {
                slot.tie(&peers);
            }
        }
    }
    for load in tree {
        if let Some(inner) = load.joined() {
            tie(&mut reach(instances, &[load]).0, load.hop.target(), inner, mode);
        }
    }
}

impl Peers {
    fn new(
        instances: &[&mut dyn Instance],
        model: &'static ModelMeta,
        field: usize,
        link: Link,
        mode: FetchMode,
    ) -> Self {
        let mut keys = Keys::new(link.from, 0);
        if mode == FetchMode::Peers {
            for instance in instances {
                let _ = keys.add(model, &**instance); // one that cannot be sent is asked for by itself, and says why
            }
        }
        Peers { mode, model, field, link, fetched: AtomicUsize::new(0), keys, rows: OnceLock::new() }
    }

    /// The row of a key, or that there is none, if that was asked for with those of others.
    pub(crate) fn get<M: Model>(&self, key: &Param) -> Option<Option<&M>> {
        let Some(fetched) = self.fetched(self.rows.get()?, key)? else { return Some(None) };
        let row = match fetched.row.get() {
            Some(row) => row,
            None => {
                let row = Arc::new(fetched.read::<M>().ok()?);
                fetched.row.get_or_init(|| row)
            }
        };
        row.downcast_ref().map(Some)
    }

    /// The row of a key, or that there is none, if it is not to be asked for by itself.
    pub(crate) async fn fetch<M: Model>(
        &self,
        key: &Param,
        at: &'static Location<'static>,
    ) -> Result<Option<Option<M>>> {
        match self.mode {
            FetchMode::Raise => Err(Error::new(
                ErrorKind::NotLoaded,
                format!(
                    "{} is fetched at {at}, and `FetchMode::Raise` forbids it; {}",
                    self.name(),
                    self.advice()
                ),
            )),
            FetchMode::One => {
                if self.fetched.fetch_add(1, Ordering::Relaxed) == 1 {
                    let what = format!("{} is fetched row by row at {at}; {}", self.name(), self.advice());
                    resolve(None)?.db.backend().advise(&what);
                }
                Ok(None)
            }
            FetchMode::Peers => {
                let rows = match self.rows.get() {
                    Some(rows) => rows,
                    None => {
                        let rows = self.ask(M::meta()).await?;
                        self.rows.get_or_init(|| rows)
                    }
                };
                let row = self.fetched(rows, key);
                row.map(|row| row.map(Fetched::read).transpose()).transpose()
            }
        }
    }

    fn fetched<'a>(&self, rows: &'a [Option<Fetched>], key: &Param) -> Option<Option<&'a Fetched>> {
        let bytes = key.parts().iter().map(Param::bytes).collect::<Result<Vec<_>>>().ok()?;
        Some(rows[self.keys.place(&key_of(bytes.into_iter())?)?].as_ref())
    }

    async fn ask(&self, target: &'static ModelMeta) -> Result<Vec<Option<Fetched>>> {
        let statement = lower::prefetch(&Query::new(target), self.link, &self.keys.arrays())?;
        let tie: Vec<_> = self.link.to.places(target).map(usize::from).collect();
        let rows = std::iter::repeat_with(|| None).take(self.keys.len()).collect();
        let mut rows = Rows { rows, keys: &self.keys, tie };
        resolve(None)?.run(&statement, &mut rows).await?;
        Ok(rows.rows)
    }

    fn name(&self) -> String {
        format!("`{}.{}`", self.model.name, self.model.fields[self.field].name)
    }

    fn advice(&self) -> String {
        let (model, field) = (self.model.name, self.model.fields[self.field].name);
        let row = model.chars().next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
        format!(
            "load it with the rows: `{model}::objects().select_related(|{row}| {row}.{field})`, or `prefetch_related`, \
             which reads each row once"
        )
    }
}

impl Fetched {
    fn read<M: Model>(&self) -> Result<M> {
        let cells: Vec<_> = self.cells.iter().map(Option::as_deref).collect();
        M::read_row(&mut RowRef::new(&cells))
    }
}

/// Keeps rows as they come, each at the place of its key.
struct Rows<'a> {
    rows: Vec<Option<Fetched>>,
    keys: &'a Keys,
    tie: Vec<usize>,
}

impl RowSink for Rows<'_> {
    fn row(&mut self, row: RowRef<'_>) -> Result<()> {
        let key = key_of(self.tie.iter().map(|cell| row.peek(*cell)));
        if let Some(place) = key.and_then(|key| self.keys.place(&key)) {
            self.rows[place] = Some(Fetched { cells: row.to_cells(), row: OnceLock::new() });
        }
        Ok(())
    }
}
