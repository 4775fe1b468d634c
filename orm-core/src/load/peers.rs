//! Rows of one QuerySet know each other: what `fetch` of a foreign key does with the others.

use super::{Instance, Load, Loaded, prefetch::reach};
use crate::{
    Column, Error, ErrorKind, Model, ModelMeta, Param, RelationKind, Result, RowRef, RowSink,
    db::resolve,
    lower::{self, only},
    node::Query,
    relation::link,
};
use std::{
    collections::HashMap,
    panic::Location,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What [`fetch`](crate::ForeignKey::fetch) of a row's foreign key does: Django's fetch modes, set by
/// [`fetch_mode`](crate::QuerySet::fetch_mode).
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

/// A foreign key of the rows of one QuerySet.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "it is shown by no one")]
pub struct Peers {
    mode: FetchMode,
    model: &'static ModelMeta,
    field: usize,
    fetched: AtomicUsize,
    /// The keys, all different, and the place of each; only for [`FetchMode::Peers`].
    keys: Vec<Param>,
    places: HashMap<Vec<u8>, usize>,
    rows: OnceLock<Vec<Option<Fetched>>>,
}

/// A row as it came: each `fetch` makes one of its own.
struct Fetched {
    cells: Vec<Option<Vec<u8>>>,
    row: OnceLock<Loaded>,
}

/// Makes the foreign keys of some rows know each other, and those of the rows joined to them.
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
        if matches!(kind, Some(RelationKind::ForeignKey { .. })) {
            let peers = Arc::new(Peers::new(instances, model, field, mode));
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
        mode: FetchMode,
    ) -> Self {
        let (mut keys, mut places) = (Vec::new(), HashMap::new());
        if mode == FetchMode::Peers && model.fields[field].parts.is_empty() {
            for key in instances.iter().map(|instance| instance.param(field)) {
                if let Ok(Some(bytes)) = key.bytes()
                    && !places.contains_key(bytes)
                {
                    places.insert(bytes.to_vec(), keys.len());
                    keys.push(key);
                }
            }
        }
        Peers { mode, model, field, fetched: AtomicUsize::new(0), keys, places, rows: OnceLock::new() }
    }

    /// The row of a key, if it was fetched with that of another.
    pub(crate) fn get<M: Model>(&self, key: &Param) -> Option<&M> {
        let fetched = self.fetched(self.rows.get()?, key)?;
        let row = match fetched.row.get() {
            Some(row) => row,
            None => {
                let row = Arc::new(fetched.read::<M>().ok()?);
                fetched.row.get_or_init(|| row)
            }
        };
        row.downcast_ref()
    }

    /// The row of a key, if it is not to be asked for by itself.
    pub(crate) async fn fetch<M: Model>(
        &self,
        key: &Param,
        at: &'static Location<'static>,
    ) -> Result<Option<M>> {
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
            FetchMode::Peers if self.keys.is_empty() => Ok(None), // of several columns
            FetchMode::Peers => {
                let rows = match self.rows.get() {
                    Some(rows) => rows,
                    None => {
                        let rows = self.ask(M::meta()).await?;
                        self.rows.get_or_init(|| rows)
                    }
                };
                self.fetched(rows, key).map(Fetched::read).transpose()
            }
        }
    }

    fn fetched<'a>(&self, rows: &'a [Option<Fetched>], key: &Param) -> Option<&'a Fetched> {
        rows[*self.places.get(key.bytes().ok()??)?].as_ref()
    }

    async fn ask(&self, target: &'static ModelMeta) -> Result<Vec<Option<Fetched>>> {
        let link = link(self.model, &self.model.fields[self.field])?;
        let column = only(link.to)?;
        let keys = Param::array(column.ty, self.keys.iter());
        let statement = lower::prefetch(&Query::new(target), link, &keys)?;
        let tie = target.columns().position(|field| Column(field) == column).unwrap_or_default();
        let rows = std::iter::repeat_with(|| None).take(self.keys.len()).collect();
        let mut rows = Rows { rows, places: &self.places, tie };
        resolve(None)?.executor().run(&statement, &mut rows).await?;
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
    places: &'a HashMap<Vec<u8>, usize>,
    tie: usize,
}

impl RowSink for Rows<'_> {
    fn row(&mut self, row: RowRef<'_>) -> Result<()> {
        if let Some(place) = row.peek(self.tie).and_then(|key| self.places.get(key)) {
            self.rows[*place] = Some(Fetched { cells: row.to_cells(), row: OnceLock::new() });
        }
        Ok(())
    }
}
