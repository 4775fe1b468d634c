//! Statements as lowered from queries: inert, printable, and with their parameters apart.
//!
//! A [`Shape`] is what a statement is without its values. Two queries of one shape share one plan,
//! so nothing that changes from call to call may stand in it.

mod expr;
#[cfg(test)]
mod tests;
mod window;

pub use expr::{Aggregate, BinaryOp, Expr, Function, Match, Nulls, Piece, UnaryOp, Written};
pub use window::{Edge, Exclude, Frame, FrameUnit, Window};

use crate::{Column, Error, ErrorKind, KeyColumns, Param, Result, SqlType, Table};

/// A statement ready to be rendered and run.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it is, without its values.
    pub shape: Shape,
    /// Its values; [`Expr::Param`] names one by its place.
    pub params: Params,
}

/// What a statement is, without its values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::large_enum_variant, reason = "most are the largest, and each statement has one")]
pub enum Shape {
    /// `SELECT`.
    Select(Select),
    /// `INSERT … RETURNING`.
    Insert(Insert),
    /// `UPDATE`.
    Update(Update),
    /// `UPDATE` of many rows, each with values of its own.
    UpdateRows(UpdateRows),
    /// `DELETE`.
    Delete(Delete),
    /// Raw SQL.
    Raw(Raw),
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh {
        /// The view.
        view: Table,
        /// While others read it.
        concurrently: bool,
    },
    /// `EXPLAIN` of another statement.
    Explain {
        /// What is asked for, each once.
        options: Vec<ExplainOption>,
        /// The statement.
        of: Box<Shape>,
    },
}

/// An option of `EXPLAIN`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(
    missing_docs,
    reason = "they are named as PostgreSQL's, those that are the default as what turns them off"
)]
pub enum ExplainOption {
    Analyze,
    Verbose,
    NoCosts,
    Settings,
    GenericPlan,
    Buffers,
    Wal,
    NoTiming,
    Memory,
    Json,
}

/// The name of a table in a statement: unique in the whole statement, subqueries included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Alias(pub u16);

/// A `SELECT`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Select {
    /// `WITH`: what it or its parts read by a name.
    pub with: Vec<With>,
    /// `SELECT DISTINCT`.
    pub distinct: bool,
    /// `DISTINCT ON`: the first row of each of these values, by the order, which begins with them.
    pub distinct_on: Vec<Expr>,
    /// The names of what a row holds, by which it is read elsewhere.
    pub named: Named,
    /// What a row holds.
    pub output: Vec<Output>,
    /// Where rows come from.
    pub from: Source,
    /// Joined to it, in order: each refers to those before it.
    pub joins: Vec<Join>,
    /// Other `SELECT`s, each asked for every row of those before it (`LATERAL`).
    pub laterals: Vec<(Select, Alias)>,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `GROUP BY`.
    pub group: Vec<Expr>,
    /// `HAVING`.
    pub having: Option<Expr>,
    /// `ORDER BY`.
    pub order: Vec<OrderBy>,
    /// `LIMIT`: the place of a parameter of type `bigint`.
    pub limit: Option<u16>,
    /// `OFFSET`: the place of a parameter of type `bigint`.
    pub offset: Option<u16>,
    /// `FOR UPDATE` and its relatives.
    pub lock: Option<Lock>,
    /// A function or SQL of the user's stands in it, so nobody knows what it does.
    pub foreign: bool,
}

/// What a `SELECT` reads from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A table.
    Table(Table, Alias),
    /// The rows of other `SELECT`s.
    Query(Box<Selects>, Alias),
    /// Rows of a [`With`], by its name, about a table.
    With(Alias, Alias, Table),
    /// Another `SELECT` for each element of an array, which [`Expr::Item`] names in it (`unnest`, `LATERAL`).
    Each {
        /// The array.
        list: Box<Expr>,
        /// Whether the item is the subscript of the element, by which others of the same length are read too.
        subscripts: bool,
        /// The name of its elements.
        item: Alias,
        /// What is selected for each.
        rows: Box<Select>,
        /// Its name.
        alias: Alias,
    },
    /// Nothing: one row, of what is asked about a table.
    Nothing(Table),
}

/// The rows of a `SELECT`, or of several put together from left to right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selects {
    /// The first one.
    pub first: Select,
    /// The others.
    pub more: Vec<(Combine, Select)>,
}

/// How the rows of two `SELECT`s are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Combine {
    /// `UNION`: those of both, each once.
    Union,
    /// `UNION ALL`: those of both.
    UnionAll,
    /// `INTERSECT`: those of the first that the second has too, each once.
    Intersect,
    /// `EXCEPT`: those of the first that the second has not, each once.
    Except,
}

/// Rows with a name, made once for a whole statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct With {
    /// Its name.
    pub name: Alias,
    /// Its rows.
    pub rows: WithRows,
    /// Whether its rows refer to itself.
    pub recursive: bool,
    /// `MATERIALIZED`.
    pub materialized: bool,
}

/// The rows of a [`With`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WithRows {
    /// Those that are read.
    Selects(Box<Selects>),
    /// Those that are changed.
    Changed(Box<Changed>),
}

/// A change of rows, which returns some of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Changed {
    /// `UPDATE`.
    Update(Update),
    /// `DELETE`.
    Delete(Delete),
}

/// How the parts of a row are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// They are not: nobody speaks of them.
    No,
    /// By their places.
    ByPlace,
    /// The columns of the model at first as they are called, what follows by its place.
    AfterModel,
}

/// One thing a row holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// All columns of a model, in the order of its fields.
    Model(Table, Alias),
    /// One value of a type.
    Value(Expr, SqlType),
    /// All columns of a model, which a row of a derived table holds from a place on.
    Given(Table, Alias, u16),
    /// All that a row of a `SELECT` in `FROM` holds.
    All(Alias),
    /// The constant 1, for `EXISTS`.
    One,
}

/// A table joined by equality of its columns with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Join {
    /// `LEFT JOIN`, else `INNER JOIN`.
    pub left: bool,
    /// The table joined.
    pub table: Table,
    /// Its name.
    pub alias: Alias,
    /// Its columns.
    pub columns: KeyColumns,
    /// The table it is joined to.
    pub to: Alias,
    /// The columns there, as many.
    pub to_columns: KeyColumns,
    /// A column that is NULL in the rows that are joined.
    pub null: Option<Column>,
}

/// One part of an `ORDER BY`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderBy {
    /// What to order by.
    pub expr: Expr,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` or `NULLS LAST`; PostgreSQL counts NULL as larger than any value.
    pub nulls_first: Option<bool>,
}

/// `FOR UPDATE` and its relatives, of the rows of some tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lock {
    /// How they are locked.
    pub strength: LockStrength,
    /// The tables whose rows are locked.
    pub of: Vec<Alias>,
    /// What to do about rows that somebody else has locked.
    pub wait: LockWait,
}

/// How rows are locked: what others cannot do meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockStrength {
    /// `FOR UPDATE`: change them, delete them or lock them.
    Update,
    /// `FOR NO KEY UPDATE`: the same, but rows that refer to them can be made.
    NoKeyUpdate,
    /// `FOR SHARE`: change or delete them.
    Share,
    /// `FOR KEY SHARE`: change their key or delete them.
    KeyShare,
}

/// What to do about rows that somebody else has locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LockWait {
    /// Wait for them.
    Wait,
    /// `NOWAIT`: fail.
    NoWait,
    /// `SKIP LOCKED`: leave them out.
    SkipLocked,
}

/// An `INSERT` that returns all columns of each new row, in the order of the rows given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Insert {
    /// The table.
    pub into: Table,
    /// The columns given; the others take their defaults.
    pub columns: Vec<Column>,
    /// Where the rows come from.
    pub rows: Rows,
    /// What happens to a row that would violate a unique constraint.
    pub conflict: Conflict,
    /// `RETURNING`: what is read of each row.
    pub returning: Inserted,
}

/// What is read of the rows that an `INSERT` wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Inserted {
    /// Nothing.
    Nothing,
    /// All columns.
    Row,
    /// All columns, and whether it is new: an upsert changes others.
    RowAndWhether,
}

/// Where the rows of an `INSERT` come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rows {
    /// One row, one parameter a column.
    One,
    /// Any number by `unnest`: one array parameter a column. A column of arrays has three, as `unnest` takes arrays of
    /// arrays apart: all elements of all rows, and where each row's begin and end.
    Unnest,
    /// So many rows of defaults only; `columns` is empty.
    Defaults(u32),
    /// Those of a query.
    Select(Box<Select>),
}

/// What an `INSERT` does about a row that would violate a unique constraint (`ON CONFLICT`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Conflict {
    /// It fails.
    Fail,
    /// `DO NOTHING`: the row is left out.
    Nothing,
    /// `DO UPDATE`: the row that is there is changed.
    Update(Box<ConflictUpdate>),
}

/// A change of the row that is there already.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConflictUpdate {
    /// The columns that are unique.
    pub target: Vec<Column>,
    /// The condition of their index, if it is partial.
    pub target_filter: Option<Expr>,
    /// The name of the row that is there.
    pub alias: Alias,
    /// The name of the row that could not be inserted (`excluded`).
    pub new: Alias,
    /// What to set.
    pub set: Vec<(Column, Expr)>,
    /// `WHERE`: only then.
    pub filter: Option<Expr>,
}

/// An `UPDATE`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Update {
    /// The table.
    pub table: Table,
    /// Its name.
    pub alias: Alias,
    /// What to set.
    pub set: Vec<(Column, Expr)>,
    /// Whether that is how rows are deleted.
    pub hides: bool,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`: what is read of each changed row.
    pub returning: Vec<Output>,
    /// The names of that.
    pub named: Named,
}

/// An `UPDATE` of many rows by their keys, each with values of its own. The parameters are arrays, as in [`Rows::Unnest`]: of
/// the key's columns, and of those set.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UpdateRows {
    /// The table.
    pub table: Table,
    /// The columns that tell which row.
    pub key: Vec<Column>,
    /// The columns set.
    pub set: Vec<Column>,
    /// A column that is one more than it was.
    pub count: Option<Column>,
    /// Whether the changed rows are read.
    pub returning: bool,
}

/// A `DELETE`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Delete {
    /// The table.
    pub from: Table,
    /// Its name.
    pub alias: Alias,
    /// `WHERE`.
    pub filter: Option<Expr>,
    /// `RETURNING`: what is read of each deleted row.
    pub returning: Vec<Output>,
    /// The names of that.
    pub named: Named,
}

/// Raw SQL, of which nothing is known but what its rows are read as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Raw {
    /// The word it begins with.
    pub operation: &'static str,
    /// The text, with `$1`, `$2`, … for its values.
    pub sql: String,
    /// What its rows must be.
    pub output: RawOutput,
}

/// What the rows of raw SQL must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RawOutput {
    /// Nothing: they are thrown away.
    Nothing,
    /// Columns of these types.
    Values(Vec<SqlType>),
    /// The columns of a model by their names, in any order, and perhaps others.
    Model(Table),
}

impl Shape {
    /// Whether running it twice is the same as running it once.
    pub fn is_read_only(&self) -> bool {
        match self {
            Shape::Select(select) if select.with.iter().any(With::writes) => false,
            Shape::Select(select) => select.lock.is_none() && !select.foreign,
            Shape::Explain { options, of } => !options.contains(&ExplainOption::Analyze) || of.is_read_only(),
            _ => false,
        }
    }

    /// The table it is about, if that is known.
    pub fn table(&self) -> Option<Table> {
        Some(match self {
            Shape::Select(select) => select.table(),
            Shape::Explain { of, .. } => return of.table(),
            Shape::Insert(insert) => insert.into,
            Shape::Update(update) => update.table,
            Shape::UpdateRows(update) => update.table,
            Shape::Delete(delete) => delete.from,
            Shape::Refresh { view, .. } => *view,
            Shape::Raw(Raw { output: RawOutput::Model(table), .. }) => *table,
            Shape::Raw(_) => return None,
        })
    }

    /// The word it begins with.
    pub fn operation(&self) -> &'static str {
        match self {
            Shape::Select(_) => "SELECT",
            Shape::Explain { .. } => "EXPLAIN",
            Shape::Insert(_) => "INSERT",
            Shape::Update(_) | Shape::UpdateRows(_) => "UPDATE",
            Shape::Delete(_) => "DELETE",
            Shape::Refresh { .. } => "REFRESH",
            Shape::Raw(raw) => raw.operation,
        }
    }
}

impl With {
    /// Whether making its rows changes others.
    fn writes(&self) -> bool {
        matches!(self.rows, WithRows::Changed(_))
    }
}

impl Select {
    /// One thing of all rows of a source.
    pub fn plain(from: Source, output: Output) -> Self {
        Select {
            with: Vec::new(),
            distinct: false,
            distinct_on: Vec::new(),
            named: Named::No,
            output: vec![output],
            from,
            joins: Vec::new(),
            laterals: Vec::new(),
            filter: None,
            group: Vec::new(),
            having: None,
            order: Vec::new(),
            limit: None,
            offset: None,
            lock: None,
            foreign: false,
        }
    }

    /// The table it is about, through any number of subqueries in `FROM`.
    pub fn table(&self) -> Table {
        match &self.from {
            Source::Table(table, _) | Source::Nothing(table) | Source::With(_, _, table) => *table,
            Source::Query(rows, _) => rows.first.table(),
            Source::Each { rows: select, .. } => select.table(),
        }
    }
}

/// The values of a statement, encoded one after the other.
#[derive(Clone, Default)]
pub struct Params {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

#[derive(Clone, Copy)]
struct Place {
    end: usize,
    null: bool,
    oid: u32,
}

impl Params {
    /// The most parameters a statement can have.
    pub const MAX: usize = 65_535;
    /// The most bytes of values: a message of 1 GiB is refused, and some of it is not values.
    const MAX_BYTES: usize = (1 << 30) - (1 << 20);

    /// Appends a value; returns its place.
    ///
    /// # Errors
    /// If it could not be encoded, if there are too many, or if it is so large that no message can hold it.
    pub fn push(&mut self, param: &Param) -> Result<u16> {
        let place = u16::try_from(self.places.len()).ok().filter(|place| usize::from(*place) < Self::MAX);
        let place = place.ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidValue,
                "a statement can have 65,535 parameters; give a list to `in_`",
            )
        })?;
        let bytes = param.bytes()?;
        if self.bytes.len() + bytes.map_or(0, <[u8]>::len) > Self::MAX_BYTES {
            return Err(Error::new(
                ErrorKind::InvalidValue,
                "the values of one statement are larger than 1 GiB, the most that PostgreSQL takes; send them in parts",
            ));
        }
        self.bytes.extend_from_slice(bytes.unwrap_or_default());
        let ty = param.sql_type();
        let oid = if param.is_array() { ty.array_oid() } else { ty.oid() };
        self.places.push(Place { end: self.bytes.len(), null: bytes.is_none(), oid });
        Ok(place)
    }

    /// Takes back all but the first values.
    pub(crate) fn truncate(&mut self, places: usize) {
        self.places.truncate(places);
        self.bytes.truncate(self.places.last().map_or(0, |place| place.end));
    }

    /// The values in order, encoded; `None` is NULL.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<&[u8]>> {
        let mut start = 0;
        self.places.iter().map(move |place| {
            let value = (!place.null).then(|| &self.bytes[start..place.end]);
            start = place.end;
            value
        })
    }

    /// The OIDs of the values' types in order.
    pub fn oids(&self) -> impl ExactSizeIterator<Item = u32> {
        self.places.iter().map(|place| place.oid)
    }
}

/// Shows the number of values, never the values.
impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Params({})", self.places.len())
    }
}
