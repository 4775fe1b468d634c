//! What managers change: which rows are related to an instance. Each change is some statements, all of them or none.

use super::{
    Between,
    owner::{Owner, at, is},
};
use crate::{
    Assign, Column, Db, Error, ErrorKind, ForeignKey, IntoValue, Key as _, KeyColumns, Model, ModelMeta,
    Node, Param, Path, Result, RowRef, RowSink, Statement, TransactionOptions,
    db::{Route, Target},
    lower,
    model::position,
    node::{Change, Conflict, Logic, Output, Query},
    queryset::{ToStatement, call::BoxFuture},
    transaction::in_frame,
    value::Storable,
};
use std::fmt;

/// A change of which rows are related to an instance, to be awaited: all of it, or in case of an error nothing. Gives how many
/// rows came or went.
#[must_use = "nothing is changed until it is awaited"]
pub struct Relate {
    how: How,
    owner: Option<Owner>,
    model: &'static ModelMeta,
    keys: Vec<Param>,
    using: Option<Db>,
}

/// What becomes of the rows with some keys.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    /// They are related too.
    Add,
    /// They are not related any more.
    Remove,
    /// They are related, and no others.
    Set,
    /// None is related; there are no keys.
    Clear,
}

/// One statement of a change.
enum Step {
    /// A statement.
    Run(Statement),
    /// A statement that changes so many rows, or an error.
    Exactly(u64, Statement, Error),
    /// A number that is so, or an error.
    Holds(u64, Statement, Error),
    /// New pairs, where the database does not tell which are there already.
    Missing(NewPairs),
}

/// Pairs to be added.
struct NewPairs {
    between: Between,
    /// Those that are there already.
    existing: Query,
    rows: Vec<Vec<Option<Param>>>,
}

impl Relate {
    pub(crate) fn new<M: Model, K: IntoValue<ForeignKey<M>>>(
        how: How,
        owner: Option<&Owner>,
        rows: impl IntoIterator<Item = K>,
    ) -> Self {
        let keys = rows.into_iter().map(|row| row.into_value().to_param()).collect();
        Relate { how, owner: owner.cloned(), model: M::meta(), keys, using: None }
    }

    /// On this database, whatever the default is.
    pub fn using(mut self, db: &Db) -> Self {
        self.using = Some(db.clone());
        self
    }

    fn steps(&self) -> Result<Vec<Step>> {
        let owner = Owner::of(self.owner.as_ref())?;
        let keys = distinct(&self.keys)?;
        match owner.link()?.between {
            Some(between) => Paired::new(owner.clone(), between).steps(self.how, &keys),
            None => Held::new(owner, self.model)?.steps(self.how, &keys),
        }
    }
}

/// The first of its statements.
impl ToStatement for Relate {
    fn to_statement(&self) -> Result<Statement> {
        match self.steps()?.into_iter().next() {
            Some(Step::Run(statement) | Step::Exactly(_, statement, _) | Step::Holds(_, statement, _)) => {
                Ok(statement)
            }
            Some(Step::Missing(pairs)) => lower::rows(&pairs.existing),
            None => Err(Error::usage("a change of no rows sends nothing")),
        }
    }
}

impl IntoFuture for Relate {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let (route, steps) = (Route::new(self.using.as_ref()), self.steps());
        Box::pin(async move {
            let (target, steps) = (route.target()?, steps?);
            match &steps[..] {
                [] => Ok(0),
                [Step::Run(statement)] => target.run(statement, &mut ()).await,
                _ => {
                    let options = TransactionOptions::default();
                    in_frame(&target, options, |inner| async move { run(&inner, steps).await }).await
                }
            }
        })
    }
}

impl fmt::Debug for Relate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} rows of {}", self.how, self.model.name)
    }
}

/// Runs all steps; gives how many rows they changed.
async fn run(on: &Target, steps: Vec<Step>) -> Result<u64> {
    let mut changed = 0;
    for step in steps {
        changed += match step {
            Step::Run(statement) => on.run(&statement, &mut ()).await?,
            Step::Exactly(wanted, statement, otherwise) => match on.run(&statement, &mut ()).await? {
                rows if rows == wanted => rows,
                _ => return Err(otherwise),
            },
            Step::Holds(wanted, statement, otherwise) => match on.rows::<i64>(&statement).await?[..] {
                [rows] if u64::try_from(rows) == Ok(wanted) => 0,
                _ => return Err(otherwise),
            },
            Step::Missing(pairs) => pairs.add(on).await?,
        };
    }
    Ok(changed)
}

/// The two keys of each row, as they are.
struct Keys(Vec<[Option<Vec<u8>>; 2]>);

impl RowSink for Keys {
    fn row(&mut self, mut row: RowRef<'_>) -> Result<()> {
        self.0.push([row.cell()?.map(<[u8]>::to_vec), row.cell()?.map(<[u8]>::to_vec)]);
        Ok(())
    }
}

impl NewPairs {
    async fn add(self, on: &Target) -> Result<u64> {
        let mut known = Keys(Vec::new());
        on.run(&lower::rows(&self.existing)?, &mut known).await?;
        let table = self.between.table.0;
        let places = [position(table, self.between.near)?, position(table, self.between.far)?];
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let key = |place: usize| -> Result<_> {
                match &row[place] {
                    Some(key) => Ok(key.bytes()?.map(<[u8]>::to_vec)),
                    None => Ok(None),
                }
            };
            let keys = [key(places[0])?, key(places[1])?];
            if !known.0.contains(&keys) {
                known.0.push(keys);
                rows.push(row);
            }
        }
        let mut added = 0;
        for statement in insert(table, &rows)? {
            added += on.run(&statement, &mut ()).await?;
        }
        Ok(added)
    }
}

/// The statements that insert rows, where they are not there already.
fn insert(table: &'static ModelMeta, rows: &[Vec<Option<Param>>]) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let (statement, taken) =
            lower::insert_many(table, rest.iter().map(|row| &row[..]), &Conflict::Nothing)?;
        statements.push(statement);
        rest = &rest[taken..];
    }
    Ok(statements)
}

/// Keys, each once.
fn distinct(keys: &[Param]) -> Result<Vec<Param>> {
    let mut seen = std::collections::HashSet::with_capacity(keys.len());
    let mut distinct = Vec::with_capacity(keys.len());
    for key in keys {
        let bytes = key.parts().iter().map(Param::bytes).collect::<Result<Vec<_>>>()?;
        if seen.insert(bytes) {
            distinct.push(key.clone());
        }
    }
    Ok(distinct)
}

/// The pairs of an instance in a table of pairs.
pub(crate) struct Paired {
    owner: Owner,
    between: Between,
    symmetrical: bool,
}

impl Paired {
    fn new(owner: Owner, between: Between) -> Self {
        Paired { symmetrical: owner.field().is_symmetrical(), owner, between }
    }

    pub(crate) fn of(owner: Option<&Owner>) -> Result<Self> {
        let owner = Owner::of(owner)?;
        let no_pairs = || Error::usage("the relation has no table of pairs");
        Ok(Paired::new(owner.clone(), owner.link()?.between.ok_or_else(no_pairs)?))
    }

    fn steps(&self, how: How, keys: &[Param]) -> Result<Vec<Step>> {
        let delete = |pairs: Query| Ok(vec![Step::Run(lower::changed(&pairs, &Change::Delete, &[])?)]);
        match how {
            How::Clear => delete(self.query(None, false)),
            How::Set => {
                // Those that stay are left alone.
                let mut steps = delete(self.query(Some(keys), true))?;
                steps.extend(self.add(keys)?);
                Ok(steps)
            }
            How::Add => self.add(keys),
            How::Remove if keys.is_empty() => Ok(Vec::new()),
            How::Remove => delete(self.query(Some(keys), false)),
        }
    }

    /// Pairs a new row.
    pub(crate) async fn insert<M: Model>(&self, on: &Target, row: &M) -> Result<()> {
        let steps = self.add(&[row.key().param()])?;
        run(on, steps).await.map(drop)
    }

    /// Pairs with these keys, where they are not there yet.
    fn add(&self, keys: &[Param]) -> Result<Vec<Step>> {
        let table = self.between.table.0;
        let extra = self.owner.extra(table)?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let places = [position(table, self.between.near)?, position(table, self.between.far)?];
        let pair = |near: &Param, far: &Param| {
            let mut row = extra.clone();
            (row[places[0]], row[places[1]]) = (Some(near.clone()), Some(far.clone()));
            row
        };
        let own = self.owner.key();
        let mut pairs: Vec<_> = keys.iter().map(|key| pair(&own, key)).collect();
        if self.symmetrical {
            pairs.extend(keys.iter().map(|key| pair(key, &own)));
        }
        if table.key.len() == 2 && places.iter().all(|place| table.key.contains(place)) {
            return Ok(insert(table, &pairs)?.into_iter().map(Step::Run).collect());
        }
        let Between { near, far, .. } = self.between;
        if !near.parts.is_empty() || !far.parts.is_empty() {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!(
                    "`add` by keys of several columns to `{}`, where no two pairs are kept apart by its primary key",
                    table.name
                ),
            ));
        }
        let output = [near, far].map(|key| (0, Output::Value(at(table, key), key.ty)));
        let existing = self.query(Some(keys), false);
        let existing = Query { output: output.into(), order: Some(Vec::new()), ..existing };
        Ok(vec![Step::Missing(NewPairs { between: self.between, existing, rows: pairs })])
    }

    /// The pairs of the instance: all, or those with some keys, or those with others.
    fn query(&self, keys: Option<&[Param]>, others: bool) -> Query {
        let Between { table, near, far } = self.between;
        let side = |own: Column, other: Column| {
            let own = is(table.0, KeyColumns::Field(own), self.owner.key());
            match keys {
                None => own,
                Some(keys) => {
                    let other = Node::key(Path::root(table.0, 0), KeyColumns::Field(other));
                    own.joined(Logic::And, one_of(other, keys, others))
                }
            }
        };
        let pairs = side(near, far);
        let pairs = if self.symmetrical { pairs.joined(Logic::Or, side(far, near)) } else { pairs };
        Query { filters: vec![(0, pairs)], ..Query::new(table.0) }
    }
}

/// That a value is one of some keys, or none of them.
fn one_of(value: Node, keys: &[Param], negated: bool) -> Node {
    let ty = keys.first().map_or(crate::SqlType::Bool, Param::sql_type);
    if keys.is_empty() {
        return Node::Bool(negated);
    }
    let listed = Node::InList(value.boxed(), Param::list(ty, keys));
    if negated { listed.negated() } else { listed }
}

/// The rows that hold an instance's key.
struct Held<'a> {
    owner: &'a Owner,
    model: &'static ModelMeta,
    key: Column,
}

impl<'a> Held<'a> {
    fn new(owner: &'a Owner, model: &'static ModelMeta) -> Result<Self> {
        match owner.link()?.to {
            KeyColumns::Field(key) => Ok(Held { owner, model, key }),
            KeyColumns::Primary(_) => Err(Error::usage("the relation is not the far side of a foreign key")),
        }
    }

    fn rows(&self, filters: impl IntoIterator<Item = Node>) -> Query {
        let filters = filters.into_iter().map(|filter| (0, filter)).collect();
        Query { filters, ..Query::new(self.model) }
    }

    fn mine(&self) -> Node {
        is(self.model, KeyColumns::Field(self.key), self.owner.key())
    }

    fn among(&self, keys: &[Param], others: bool) -> Node {
        one_of(Node::primary(Path::root(self.model, 0)), keys, others)
    }

    /// Writes the key of some rows.
    fn write(&self, rows: &Query, key: Param) -> Result<Statement> {
        let path = Path::root(self.model, 0);
        let set = vec![Assign { path, column: self.key, value: Node::Param(key) }];
        lower::changed(rows, &Change::Update(0, set), &[])
    }

    /// Takes the key from some rows.
    fn release(&self, rows: &Query) -> Result<Statement> {
        if !self.key.nullable {
            return Err(Error::usage(format!(
                "`{}.{}` is never NULL, so its row cannot be without one; delete the row, or give it to another",
                self.model.name, self.key.name
            )));
        }
        self.write(rows, Param::null(self.key.ty))
    }

    fn not_related(&self) -> Error {
        let message =
            format!("not all of these rows of `{}` are related; nothing was changed", self.model.name);
        Error::new(ErrorKind::NotFound, message)
    }

    fn vanished(&self) -> Error {
        let message =
            format!("not all of these rows of `{}` are there; nothing was changed", self.model.name);
        Error::new(ErrorKind::NotFound, message)
    }

    fn steps(&self, how: How, keys: &[Param]) -> Result<Vec<Step>> {
        let wanted = keys.len() as u64;
        match how {
            How::Clear => Ok(vec![Step::Run(self.release(&self.rows([self.mine()]))?)]),
            How::Set => self.set(keys),
            How::Remove => {
                let remove = self.release(&self.rows([self.mine(), self.among(keys, false)]))?;
                Ok(vec![Step::Exactly(wanted, remove, self.not_related())])
            }
            How::Add if keys.is_empty() => Ok(Vec::new()),
            How::Add => {
                let add = self.write(&self.rows([self.among(keys, false)]), self.owner.key())?;
                Ok(vec![Step::Exactly(wanted, add, self.vanished())])
            }
        }
    }

    /// A key that is never NULL can only be given to another: then no row may have to leave.
    fn set(&self, keys: &[Param]) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        let (mut otherwise, model) = (self.vanished(), self.model.name);
        if self.key.nullable {
            steps.push(Step::Run(self.release(&self.rows([self.mine(), self.among(keys, true)]))?));
        } else {
            otherwise = Error::usage(format!(
                "`set` of rows of `{model}` that are not there, or without some that are related: `{model}.{}` is never \
                 NULL, so none can leave; nothing was changed",
                self.key.name
            ));
        }
        if !keys.is_empty() {
            let others = self.rows([self.among(keys, false), self.mine().negated()]);
            steps.push(Step::Run(self.write(&others, self.owner.key())?));
        }
        let count = lower::count(&self.rows([self.mine()]))?;
        steps.push(Step::Holds(keys.len() as u64, count, otherwise));
        Ok(steps)
    }
}
