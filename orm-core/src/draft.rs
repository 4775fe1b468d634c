//! `Draft` and `Changes`: values of a model's columns that are not a row yet, given in code or by a client.

mod content;
mod get;
mod input;

pub use get::Stored;
pub use input::Input;

use crate::{
    Assign, Assigns, Column, Db, Model, Node, Own, Param, Path, Result, Statement, ValidationErrors, lower,
    model::position,
    path::enter,
    queryset::{
        ToStatement,
        call::{BoxFuture, Call},
        nothing_inserted,
    },
};
use std::{fmt, marker::PhantomData};

/// Values of a row that is not saved yet: which columns were given, and what.
///
/// A builder's `build()` makes one, in which no required field is missing. With `#[derive(Input)]` one is deserialized
/// from what a client sent; fields that are not `editable` are passed over there, and given by [`with`](Draft::with). What is
/// no value of its field is kept as an error: [`full_clean`](Draft::full_clean) tells all of them at once, and `save` refuses.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let draft: orm::Draft<User> = User::draft().username("alice").build();
/// assert_eq!(format!("{draft:?}"), r#"Draft of User{"username"}"#);
/// let alice = draft.save().await?;
///
/// let draft = Post::draft().title("Hi").author(&alice).build();
/// let post = draft.with(|p| p.views.set(7)).save().await?;
/// assert_eq!(post.views, 7);
/// # Ok(())
/// # });
/// ```
pub struct Draft<M>(Values<M>);

/// Changes of a row's columns: which are given, and to what.
///
/// With `#[derive(Input)]` one is deserialized from what a client sent. [`Model::update`] makes the changes to one row;
/// given to `update`, they are made to all rows of a query.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// use orm::Changes;
///
/// let mut alice = User::objects().create().username("alice").await?;
/// let changes = Changes::<User>::default().with(|u| u.email.set("alice@example.org"));
/// alice.update(changes.clone()).await?;
/// assert_eq!(alice.email.as_deref(), Some("alice@example.org"));
/// assert_eq!(User::objects().update(|_| changes).await?, 1);
/// # Ok(())
/// # });
/// ```
pub struct Changes<M>(Values<M>);

/// For each field of the model its value, if it was given.
pub(crate) struct Values<M> {
    pub(crate) of: Vec<Option<Param>>,
    /// What was sent and is no value.
    pub(crate) errors: ValidationErrors,
    _m: PhantomData<fn() -> M>,
}

impl<M: Model> Values<M> {
    pub(crate) fn none() -> Self {
        Values {
            of: vec![None; M::meta().fields.len()],
            errors: ValidationErrors::default(),
            _m: PhantomData,
        }
    }

    /// The values, if nothing is known to be wrong with them.
    fn checked(&self) -> Result<&Self> {
        self.errors.clone().into_result()?;
        Ok(self)
    }

    pub(crate) fn put(&mut self, field: usize, value: Param) {
        if let Some(place) = self.of.get_mut(field) {
            *place = Some(value);
            self.errors.remove(M::meta().fields[field].name);
        }
    }

    fn with<A: Assigns>(mut self, f: impl FnOnce(&'static M::Fields<Own>) -> A) -> Self {
        let mut assigns = Vec::new();
        enter::<M, _>(f).1.assigns(&mut assigns);
        for Assign { column, value, .. } in assigns {
            let value = match value {
                _ if !column.is_column() => {
                    self.of.fill(Some(Param::refused(
                        column.ty,
                        "the far side of a relation has no column; set the key over there",
                    )));
                    continue;
                }
                Node::Param(param) => param,
                _ => Param::refused(
                    column.ty,
                    "it is an expression, and drafts and changes take values; give it to `update` of a query",
                ),
            };
            match position(M::meta(), column) {
                Ok(place) => self.put(place, value),
                Err(_) => self.of.fill(Some(Param::refused(column.ty, "it is a column of another model"))),
            }
        }
        self
    }

    fn given(&self) -> impl Iterator<Item = (Column, &Param)> {
        let fields = M::meta().fields.iter().zip(&self.of);
        fields.filter_map(|(field, value)| Some((Column(field), value.as_ref()?)))
    }

    fn debug(&self, what: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{what} of {}", M::meta().name)?;
        f.debug_set().entries(self.given().map(|(column, _)| column.name)).finish()
    }
}

impl<M: Model> Draft<M> {
    pub(crate) fn none() -> Self {
        Draft(Values::none())
    }

    pub(crate) fn put(&mut self, field: usize, value: Param) {
        self.0.put(field, value);
    }

    /// The values by field.
    ///
    /// # Errors
    /// If some of what was sent is no value.
    pub(crate) fn values(&self) -> Result<&[Option<Param>]> {
        Ok(&self.0.checked()?.of)
    }

    /// The values by field, and what was sent and is no value.
    pub(crate) fn sent(&self) -> (&[Option<Param>], &ValidationErrors) {
        (&self.0.of, &self.0.errors)
    }

    /// With the defaults of the fields that were not given.
    pub(crate) fn filled(&self) -> Self {
        let mut filled = self.clone();
        for (field, value) in M::meta().fields.iter().zip(&mut filled.0.of) {
            if value.is_none() {
                *value = field.default.map(|default| default());
            }
        }
        filled
    }

    /// Gives more columns their values: one assignment or a tuple of them.
    #[must_use]
    pub fn with<A: Assigns>(self, f: impl FnOnce(&'static M::Fields<Own>) -> A) -> Self {
        Draft(self.0.with(f))
    }

    /// Inserts the row; gives it as the database holds it.
    ///
    /// # Errors
    /// As [`create`](crate::QuerySet::create); [`is_validation`](crate::Error::is_validation) if a client sent what is no
    /// value of its field.
    pub fn save(self) -> SaveDraft<M>
    where
        M: crate::Writable,
    {
        SaveDraft { draft: self, using: None }
    }
}

impl<M: Model> Changes<M> {
    /// Gives more columns their values: one assignment or a tuple of them.
    #[must_use]
    pub fn with<A: Assigns>(self, f: impl FnOnce(&'static M::Fields<Own>) -> A) -> Self {
        Changes(self.0.with(f))
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.0.given().next().is_none()
    }

    pub(crate) fn put(&mut self, field: usize, value: Param) {
        self.0.put(field, value);
    }

    /// What a row would be with them.
    pub(crate) fn applied_to(&self, row: &M) -> Draft<M> {
        let mut values = self.0.clone();
        for (place, (field, value)) in M::meta().fields.iter().zip(&mut values.of).enumerate() {
            if field.is_column() {
                value.get_or_insert_with(|| row.param(place));
            }
        }
        Draft(values)
    }

    /// # Errors
    /// If some of what was sent is no value.
    pub(crate) fn given(&self) -> Result<impl Iterator<Item = (Column, &Param)>> {
        Ok(self.0.checked()?.given())
    }

    pub(crate) fn into_values(self) -> Vec<Option<Param>> {
        self.0.of
    }
}

/// No change.
impl<M: Model> Default for Changes<M> {
    fn default() -> Self {
        Changes(Values::none())
    }
}

/// What a draft gives, as changes of a row that is there already.
impl<M> From<Draft<M>> for Changes<M> {
    fn from(draft: Draft<M>) -> Self {
        Changes(draft.0)
    }
}

impl<M: Model> Assigns for Changes<M> {
    fn assigns(self, out: &mut Vec<Assign>) {
        let path = Path::root(M::meta(), 0);
        if let Err(errors) = self.0.errors.clone().into_result() {
            let column = Column(M::meta().key());
            out.push(Assign { path, column, value: Node::Param(Param::invalid(column.ty, errors)) });
        }
        out.extend(self.0.given().map(|(column, value)| Assign {
            path,
            column,
            value: Node::Param(value.clone()),
        }));
    }
}

impl<M: Model> ToStatement for Draft<M> {
    fn to_statement(&self) -> Result<Statement> {
        lower::insert(M::meta(), self.values()?, &crate::node::Conflict::Fail)
    }
}

/// Inserting a draft, to be awaited.
#[must_use = "nothing is inserted until it is awaited"]
pub struct SaveDraft<M> {
    draft: Draft<M>,
    using: Option<Db>,
}

impl<M> SaveDraft<M> {
    /// Into this database, whatever the default is.
    pub fn using(mut self, db: &Db) -> Self {
        self.using = Some(db.clone());
        self
    }
}

impl<M: Model> ToStatement for SaveDraft<M> {
    fn to_statement(&self) -> Result<Statement> {
        self.draft.to_statement()
    }
}

impl<M: Model> IntoFuture for SaveDraft<M> {
    type Output = Result<M>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.using.as_ref(), &self);
        Box::pin(async move { call.rows().await?.pop().ok_or_else(nothing_inserted) })
    }
}

impl<M> Clone for Values<M> {
    fn clone(&self) -> Self {
        Values { of: self.of.clone(), errors: self.errors.clone(), _m: PhantomData }
    }
}

macro_rules! values { ($($name:ident)*) => {$(
    impl<M> Clone for $name<M> {
        fn clone(&self) -> Self {
            $name(self.0.clone())
        }
    }

    impl<M: Model> fmt::Debug for $name<M> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.debug(stringify!($name), f)
        }
    }
)*}}
values!(Draft Changes);

impl<M: Model> fmt::Debug for SaveDraft<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SaveDraft").field(&self.draft).finish()
    }
}
