//! Statements on a connection: prepared once, checked against the model, their rows handed on as they arrive.

use crate::{
    connection::{Connection, Failure, Flight},
    error,
    ident::TableName,
    plan::{Columns, Plan},
};
use bytes::BytesMut;
use futures_util::TryStreamExt;
use orm_core::{Error, ErrorKind, Result, RowRef, RowSink, SqlType, ast::Params};
use std::{
    error::Error as StdError,
    fmt,
    pin::pin,
    sync::atomic::{AtomicU64, Ordering::*},
};
use tokio_postgres::{
    Column, Row, RowStream, Statement,
    types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked},
};

/// A statement to run: what it is, its values, and the epoch of the pool's prepared statements.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) params: &'a Params,
    pub(crate) epoch: &'a AtomicU64,
}

impl Connection {
    /// Runs a statement and hands its rows on; `seen` counts them. Returns how many were returned or changed.
    pub(crate) async fn run(
        &self,
        call: Call<'_>,
        sink: &mut (dyn RowSink + Send),
        seen: &mut u64,
    ) -> Result<u64, Failure> {
        let flight = Flight::new(&self.line);
        let rows = self.rows(call).await;
        let outcome = match rows {
            Ok(rows) => self.hand_on(rows, call.plan, sink, seen).await,
            Err(failure) => Err(failure),
        };
        // An error of the server ends the answer; one of the sink leaves it half read.
        if outcome.as_ref().map_or_else(|failure| failure.error.db().is_some(), |_| true) {
            flight.landed();
        }
        outcome.map_err(|failure| failure.of(call.plan))
    }

    async fn hand_on(
        &self,
        rows: RowStream,
        plan: &Plan,
        sink: &mut (dyn RowSink + Send),
        seen: &mut u64,
    ) -> Result<u64, Failure> {
        let mut rows = pin!(rows);
        let mut hand = Hand::default();
        while let Some(row) = rows.try_next().await.map_err(|error| self.failed(error))? {
            *seen += 1;
            hand.row(plan, &row, sink)?;
        }
        Ok(rows.rows_affected().unwrap_or(0).max(*seen))
    }

    /// Sends a statement; its rows are read by polling the stream.
    pub(crate) async fn rows(&self, call: Call<'_>) -> Result<RowStream, Failure> {
        let epoch = call.epoch.load(Acquire);
        let statement = match self.statements.get(call.plan.id, epoch) {
            Some(statement) => statement,
            None => Box::pin(self.prepared(call, epoch)).await?,
        };
        // A value is never sent as another type than it was encoded for.
        // One of a type that only the server knows was told its type by a cast.
        let as_wanted = |(wanted, given): (&Type, u32)| given == 0 || given == wanted.oid();
        let wanted = statement.params().iter();
        if wanted.len() != call.params.oids().len() || !wanted.zip(call.params.oids()).all(as_wanted) {
            let wanted: Vec<_> = statement.params().iter().map(Type::name).collect();
            let message =
                format!("the statement takes the parameters ({}), and others were given", wanted.join(", "));
            return Err(Error::new(ErrorKind::InvalidValue, message).into());
        }
        let sent = self.client.query_raw(&statement, call.params.iter().map(Value)).await;
        sent.map_err(|error| {
            let failure = self.failed(error);
            if error::is_stale(&failure.error) {
                // Once for all that find out at the same time.
                let _ = call.epoch.compare_exchange(epoch, epoch + 1, AcqRel, Relaxed);
            }
            failure
        })
    }

    async fn prepared(&self, call: Call<'_>, epoch: u64) -> Result<Statement, Failure> {
        let types: Vec<Type> = call.params.oids().map(type_of).collect();
        let statement =
            self.client.prepare_typed(&call.plan.sql, &types).await.map_err(|error| self.failed(error))?;
        check(call.plan, statement.columns())?;
        self.statements.put(call.plan.id, epoch, statement.clone());
        Ok(statement)
    }
}

impl Failure {
    /// Adds the statement, and its model where the server speaks of a value: it does not say of which column.
    pub(crate) fn of(mut self, plan: &Plan) -> Self {
        let of_value = self.error.is_invalid_value() || self.error.is_decode();
        if let (Some(model), Some(db)) = (plan.model, self.error.db()) {
            let fields = error::fields(model, db);
            self.error = self.error.with_fields(fields);
            if of_value {
                self.error = self.error.context(model.name);
            }
        }
        self.with_sql(&plan.sql)
    }

    pub(crate) fn with_sql(mut self, sql: &str) -> Self {
        self.error = self.error.with_sql(sql);
        self
    }
}

/// One of PostgreSQL's own types; the server tells us the others.
pub(crate) fn type_of(oid: u32) -> Type {
    Type::from_oid(oid).unwrap_or(Type::UNKNOWN)
}

/// Whether the rows are what the model says.
pub(crate) fn check(plan: &Plan, columns: &[Column]) -> Result<()> {
    let output = &plan.output;
    match plan.columns {
        Columns::Any => return Ok(()),
        Columns::ByName => {
            let found = by_name(plan, columns)?;
            return output
                .iter()
                .zip(found)
                .try_for_each(|(wanted, place)| is_typed(wanted, &columns[place]));
        }
        Columns::InOrder => {}
    }
    if output.len() != columns.len() {
        let message =
            format!("{} columns were asked for, and the server answers {}", output.len(), columns.len());
        return Err(Error::new(ErrorKind::Schema, message));
    }
    output.iter().zip(columns).try_for_each(|(wanted, column)| is_typed(wanted, column))
}

fn is_typed((name, wanted): &(String, SqlType), column: &Column) -> Result<()> {
    let found = column.type_();
    if is(found, *wanted) {
        return Ok(());
    }
    let advice = match *found {
        Type::MONEY => "; `money` depends on the server's locale: make it `numeric`",
        _ => "",
    };
    let message = format!(
        "column \"{name}\" is `{}` in the database, but the model's field needs `{wanted}`{advice}",
        spelled(found)
    );
    Err(Error::new(ErrorKind::Schema, message))
}

/// The places of the columns that raw SQL must give for a model.
fn by_name(plan: &Plan, columns: &[Column]) -> Result<Vec<usize>> {
    let place = |(name, _): &(String, SqlType)| {
        columns.iter().position(|column| column.name() == name).ok_or_else(|| {
            let found: Vec<_> = columns.iter().map(Column::name).collect();
            let (model, found) = (plan.model.map_or("", |model| model.name), found.join(", "));
            let message =
                format!("the SQL gives no column \"{name}\", which `{model}` needs; it gives {found}");
            Error::new(ErrorKind::Schema, message)
        })
    };
    plan.output.iter().map(place).collect()
}

/// Whether a type is the one wanted, or a domain over it: by its OID, or by its name where only the server knows that.
fn is(found: &Type, wanted: SqlType) -> bool {
    match (wanted, found.kind()) {
        (SqlType::Array(wanted), Kind::Array(found)) => is(found, *wanted),
        _ => match (wanted.base(), found.kind()) {
            (SqlType::Named(named), kind) => {
                let name = TableName::new(named.name).table;
                found.name() == name || matches!(kind, Kind::Domain(base) if base.name() == name)
            }
            (wanted, _) => [found.oid(), oid(found)].contains(&wanted.oid()),
        },
    }
}

/// A type's name as SQL spells it; the server's short names are for its own use.
fn spelled(ty: &Type) -> &str {
    match ty.name() {
        "bool" => "boolean",
        "float4" => "real",
        "float8" => "double precision",
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "timestamptz" => "timestamp with time zone",
        other => other,
    }
}

/// The OID of the type whose binary format a type has: all texts are one, bits too, and a domain is what it is made of.
fn oid(ty: &Type) -> u32 {
    match (ty, ty.kind()) {
        (_, Kind::Domain(base)) => oid(base),
        (&Type::VARCHAR | &Type::BPCHAR | &Type::NAME, _) => Type::TEXT.oid(),
        (&Type::BIT, _) => Type::VARBIT.oid(),
        _ => ty.oid(),
    }
}

/// Hands rows on to sinks: the places of the columns, found in the first row, where they are told by their names.
#[derive(Default)]
pub(crate) struct Hand(Option<Vec<usize>>);

impl Hand {
    pub(crate) fn row(&mut self, plan: &Plan, row: &Row, sink: &mut dyn RowSink) -> Result<()> {
        if plan.columns == Columns::ByName && self.0.is_none() {
            self.0 = Some(by_name(plan, row.columns())?);
        }
        match &self.0 {
            None => hand(row, 0..row.len(), sink),
            Some(places) => hand(row, places.iter().copied(), sink),
        }
    }
}

/// Hands a row to a sink, without a copy of anything.
fn hand(row: &Row, places: impl ExactSizeIterator<Item = usize>, sink: &mut dyn RowSink) -> Result<()> {
    const FEW: usize = 32;
    let cell = |place| row.try_get::<_, Cell<'_>>(place).map(|cell| cell.0).map_err(unreadable);
    let len = places.len();
    if len <= FEW {
        let mut cells = [None; FEW];
        for (slot, place) in cells.iter_mut().zip(places) {
            *slot = cell(place)?;
        }
        sink.row(RowRef::new(&cells[..len]))
    } else {
        let cells: Vec<_> = places.map(cell).collect::<Result<_>>()?;
        sink.row(RowRef::new(&cells))
    }
}

#[cold]
fn unreadable(error: tokio_postgres::Error) -> Error {
    Error::new(ErrorKind::Decode, "a row of the server could not be read").with_source(error)
}

/// A cell's bytes as they came.
struct Cell<'a>(Option<&'a [u8]>);

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(_: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Cell(Some(bytes)))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Cell(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A value that is encoded already; its type was checked by us.
pub(crate) struct Value<'a>(pub(crate) Option<&'a [u8]>);

impl ToSql for Value<'_> {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        Ok(match self.0 {
            Some(bytes) => {
                out.extend_from_slice(bytes);
                IsNull::No
            }
            None => IsNull::Yes,
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Without the value: tokio-postgres logs the parameters of a statement by their `Debug`.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}
