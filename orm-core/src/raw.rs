//! Raw SQL: into models, tuples and scalars, or for what it does. Values come in by name, and only as parameters.

pub(crate) mod fragment;
mod names;

use crate::{
    Db, Element, Error, ErrorKind, FieldType, Model, ModelMeta, Param, Result, Row, RowStream, Statement,
    Table,
    ast::{self, Params, RawOutput, Shape},
    queryset::{
        ToStatement,
        call::{BoxFuture, Call},
    },
    strings::meant,
    value::Storable,
};
use std::{borrow::Cow, fmt, marker::PhantomData};

/// Rows of raw SQL, read as a scalar, an `Option` of one, a model with all its columns in their order, or a tuple of these.
///
/// `:name` in the SQL is a parameter, to be given by [`bind`](Raw::bind); one in a string, a quoted name or a comment is none,
/// nor is a cast `::`. [`Model::raw`] reads a model by its columns' names, [`execute`] runs what gives no rows.
///
/// The types are compared with what the server says, and a lost connection is never asked again: who knows what the SQL does.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let n: i64 = orm::raw(r#"SELECT count(*) FROM "user" WHERE username = :name"#).bind("name", "alice").one().await?;
/// assert_eq!(n, 0);
/// let rows: Vec<(i32, Option<String>)> =
///     orm::raw("SELECT n, NULL::text FROM generate_series(1, :most) n").bind("most", 2).await?;
/// assert_eq!(rows, [(1, None), (2, None)]);
/// # Ok(())
/// # });
/// ```
pub fn raw<R: Row>(sql: impl Into<RawSql>) -> Raw<R> {
    Raw { text: Text::new(sql.into()), model: None, _r: PhantomData }
}

/// Raw SQL that is run for what it does; gives the number of rows it changed or returned.
///
/// Transactions are begun and ended by [`atomic`](crate::atomic), so what would do that is refused, and so is what changes the
/// connection itself.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// User::objects().create().username("alice").await?;
/// let changed = orm::execute(r#"UPDATE "user" SET email = lower(:email) WHERE username = :name"#)
///     .bind("email", "Alice@Example.org")
///     .bind("name", "alice")
///     .await?;
/// assert_eq!(changed, 1);
/// assert!(orm::execute("COMMIT").await.is_err());
/// # Ok(())
/// # });
/// ```
pub fn execute(sql: impl Into<RawSql>) -> Execute {
    Execute { text: Text::new(sql.into()) }
}

/// The text of a statement: one that stands in the program, or one that is vouched for.
///
/// ```
/// use orm::types::RawSql;
///
/// let table = "user"; // from a list of our own, never from a client
/// let sql = RawSql::trusted(format!(r#"SELECT count(*) FROM "{table}""#));
/// let query = orm::raw::<i64>(sql).one();
/// ```
#[derive(Clone, Debug)]
pub struct RawSql(Cow<'static, str>);

impl RawSql {
    /// A text made by the program: what stands in it is run as it is, so no value may ever be a part of it.
    pub fn trusted(sql: String) -> Self {
        RawSql(sql.into())
    }
}

impl From<&'static str> for RawSql {
    fn from(sql: &'static str) -> Self {
        RawSql(sql.into())
    }
}

/// What raw SQL takes as a value: all field types, `Option`s of them, `&str`, slices for `= ANY(:list)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value",
    label = "expected a value of a column type",
    note = "a list is a `Vec` or a slice: `WHERE id = ANY(:ids)`"
)]
pub trait Bind {
    /// The value, encoded.
    fn to_param(self) -> Param;
}
impl<S: FieldType> Bind for S {
    fn to_param(self) -> Param {
        Storable::to_param(&self)
    }
}
impl<S: FieldType> Bind for Option<S> {
    fn to_param(self) -> Param {
        Storable::to_param(&self)
    }
}
impl Bind for &str {
    fn to_param(self) -> Param {
        Storable::to_param(&self.to_owned())
    }
}
impl Bind for Option<&str> {
    fn to_param(self) -> Param {
        Storable::to_param(&self.map(str::to_owned))
    }
}
impl Bind for &String {
    fn to_param(self) -> Param {
        Storable::to_param(self)
    }
}
impl<S: FieldType + Element> Bind for &[S] {
    fn to_param(self) -> Param {
        Param::array(S::TYPE, self.iter().map(Storable::to_param).collect::<Vec<_>>().iter())
    }
}

/// SQL, its values by name, and where it goes.
#[derive(Clone)]
struct Text {
    sql: RawSql,
    values: Vec<(Cow<'static, str>, Param)>,
    using: Option<Db>,
}

impl Text {
    fn new(sql: RawSql) -> Self {
        Text { sql, values: Vec::new(), using: None }
    }

    fn statement(&self, output: RawOutput) -> Result<Statement> {
        let refused = |message: String| Error::usage(message).with_sql(&*self.sql.0);
        let numbered = names::number(&self.sql.0).map_err(refused)?;
        let known = || self.values.iter().map(|(name, _)| &**name);
        for (place, name) in known().enumerate() {
            if known().take(place).any(|other| other == name) {
                return Err(refused(format!("`{name}` is bound twice")));
            }
            if !numbered.names.contains(&name) {
                let meant = meant(name, numbered.names.iter().copied());
                return Err(refused(format!(
                    "`{name}` is bound, and there is no `:{name}` in the SQL{meant}"
                )));
            }
        }
        let mut params = Params::default();
        for name in &numbered.names {
            let Some((_, value)) = self.values.iter().find(|(known, _)| known == name) else {
                let meant = meant(name, known());
                return Err(refused(format!(
                    "`:{name}` stands in the SQL, and nothing is bound to it{meant}"
                )));
            };
            params.push(value).map_err(|error| error.context(format!(":{name}")))?;
        }
        let shape = Shape::Raw(ast::Raw { operation: numbered.operation, sql: numbered.sql, output });
        Ok(Statement { shape, params })
    }
}

macro_rules! refining { ($([$($g:tt)*] $ty:ty;)*) => {$(
    impl<$($g)*> $ty {
        /// The value of `:name`, wherever it stands in the SQL.
        pub fn bind(mut self, name: impl Into<Cow<'static, str>>, value: impl Bind) -> Self {
            self.text.values.push((name.into(), value.to_param()));
            self
        }

        /// Asks this database, whatever the default is. In an `atomic` on it, it is part of the transaction.
        pub fn using(mut self, db: &Db) -> Self {
            self.text.using = Some(db.clone());
            self
        }
    }
)*}}
refining! {
    [R] Raw<R>;
    [] Execute;
}

/// What [`raw`] and [`Model::raw`] return: await it for all rows, or [`one`](Raw::one) of them, or [`stream`](Raw::stream) them.
#[must_use = "nothing is asked until it is awaited"]
pub struct Raw<R> {
    text: Text,
    /// Whose columns are found by their names.
    model: Option<&'static ModelMeta>,
    _r: PhantomData<fn() -> R>,
}

impl<M: Model> Raw<M> {
    /// Rows of a model, whose columns are found by their names.
    pub(crate) fn of_model(sql: RawSql) -> Self {
        Raw { text: Text::new(sql), model: Some(M::meta()), _r: PhantomData }
    }
}

impl<R: Row> Raw<R> {
    /// The only row.
    ///
    /// # Errors
    /// [`is_not_found`](Error::is_not_found) if there is none,
    /// [`is_multiple_found`](Error::is_multiple_found) if there are more.
    pub fn one(self) -> RawOne<R> {
        RawOne(self)
    }

    /// The rows one by one, as they are asked for; see [`QuerySet::stream`](crate::QuerySet::stream). Inside of a transaction the
    /// SQL is that of a cursor, which reads only.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut numbers = orm::raw::<i32>("SELECT generate_series(1, 100000)").stream();
    /// assert_eq!(numbers.try_next().await?, Some(1));
    /// # Ok(())
    /// # });
    /// ```
    pub fn stream(self) -> RowStream<R> {
        RowStream::new(Call::new(self.text.using.as_ref(), &self), None)
    }
}

impl<R: Row> ToStatement for Raw<R> {
    fn to_statement(&self) -> Result<Statement> {
        self.text.statement(match self.model {
            Some(model) => RawOutput::Model(Table(model)),
            None => {
                let mut types = Vec::new();
                R::types(&mut types);
                RawOutput::Values(types)
            }
        })
    }
}

impl<R: Row> IntoFuture for Raw<R> {
    type Output = Result<Vec<R>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(Call::new(self.text.using.as_ref(), &self).rows())
    }
}

/// The only row of raw SQL, to be awaited.
#[must_use = "nothing is asked until it is awaited"]
pub struct RawOne<R>(Raw<R>);

impl<R: Row> ToStatement for RawOne<R> {
    fn to_statement(&self) -> Result<Statement> {
        self.0.to_statement()
    }
}

impl<R: Row> IntoFuture for RawOne<R> {
    type Output = Result<R>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let rows = self.0.into_future();
        Box::pin(async move {
            let mut rows = rows.await?.into_iter();
            match (rows.next(), rows.next()) {
                (Some(row), None) => Ok(row),
                (None, _) => Err(Error::new(ErrorKind::NotFound, "the raw SQL gives no row")),
                (Some(_), Some(_)) => {
                    Err(Error::new(ErrorKind::MultipleFound, "the raw SQL gives more than one row"))
                }
            }
        })
    }
}

/// What [`execute`] returns, to be awaited.
#[derive(Clone)]
#[must_use = "nothing is done until it is awaited"]
pub struct Execute {
    text: Text,
}

impl ToStatement for Execute {
    fn to_statement(&self) -> Result<Statement> {
        self.text.statement(RawOutput::Nothing)
    }
}

impl IntoFuture for Execute {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.text.using.as_ref(), &self);
        Box::pin(async move { call.run(&mut ()).await })
    }
}

impl<R> Clone for Raw<R> {
    fn clone(&self) -> Self {
        Raw { text: self.text.clone(), ..*self }
    }
}

macro_rules! debug { ($([$($g:tt)*] $ty:ty, $text:tt;)*) => {$(
    /// The SQL and the names of the values.
    impl<$($g)*> fmt::Debug for $ty {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            debug!(@ self $text, f)
        }
    }
)*};
    (@ $self:ident $text:ident, $f:ident) => { fmt::Debug::fmt(&$self.$text, $f) };
    (@ $self:ident 0, $f:ident) => { fmt::Debug::fmt(&$self.0, $f) };
}
debug! {
    [R] Raw<R>, text;
    [R] RawOne<R>, 0;
    [] Execute, text;
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.sql.0)?;
        f.debug_set().entries(self.values.iter().map(|(name, _)| name)).finish()
    }
}
