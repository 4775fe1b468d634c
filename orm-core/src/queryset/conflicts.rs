//! `ON CONFLICT`: what happens to a new row where one is there already; and rows that come from a query.

use super::{
    Builder, QuerySet, ToStatement,
    bulk::{BulkCreate, insert_all},
    call::{BoxFuture, Call},
    nothing_inserted,
};
use crate::{
    Annotations, Assign, Assigns, Columns, Draft, Error, IntoCond, Model, Own, Result, Row, Statement,
    Writable,
    db::Route,
    lower,
    node::{Conflict, ConflictUpdate, Derived, Place, Query, Rows},
    path::{enter, enter_with},
};
use std::{fmt, marker::PhantomData, sync::Arc};

/// What an upsert gives back for the rows that were inserted or changed.
pub trait Outcome<M>: Sized + Send + 'static {
    #[doc(hidden)]
    fn of(rows: Vec<M>) -> Result<Self>;
}
/// One row, which is there in any case.
impl<M: Model> Outcome<M> for M {
    fn of(mut rows: Vec<M>) -> Result<M> {
        rows.pop().ok_or_else(nothing_inserted)
    }
}
/// One row, if it was inserted or changed.
impl<M: Model> Outcome<M> for Option<M> {
    fn of(mut rows: Vec<M>) -> Result<Self> {
        Ok(rows.pop())
    }
}
/// Those that were inserted or changed.
impl<M: Model> Outcome<M> for Vec<M> {
    fn of(rows: Vec<M>) -> Result<Self> {
        Ok(rows)
    }
}

/// Inserts that leave the row that is there alone, or change it, instead of failing
/// ([`ON CONFLICT`](https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT)).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let new = |email| User::objects().create().username("alice").email(email);
/// // Leaves out a row that is there: `None`.
/// let alice: Option<User> = new("a@example.org").ignore_conflicts().await?;
/// assert!(new("b@example.org").ignore_conflicts().await?.is_none());
/// // Or changes it: which fields are unique, and what to set. `new` is the row that could not be inserted.
/// let alice: User = new("c@example.org").update_conflicts(|u| u.username, |u, new| u.email.set(new.email)).await?;
/// assert_eq!(alice.email.as_deref(), Some("c@example.org"));
/// # Ok(())
/// # });
/// ```
pub trait Upsert: Sized {
    /// The model.
    type Model: Model;
    /// What is given if the row that is there is left alone.
    type Kept;
    /// What is given if it is changed.
    type Changed;
    #[doc(hidden)]
    fn into_parts(self) -> Parts<Self::Model>;

    /// Leaves out a row that would violate a unique constraint.
    fn ignore_conflicts(self) -> Upserted<Self::Model, Self::Kept> {
        Upserted::new(self.into_parts(), Conflict::Nothing)
    }

    /// Changes the row that is there with the same values of unique fields. The closure receives the fields of that row and
    /// those of the new one.
    ///
    /// # Errors
    /// If no unique constraint is over exactly these fields; if two of the new rows have the same values of them.
    fn update_conflicts<C: Columns, A: Assigns>(
        self,
        unique: impl FnOnce(Fields<Self::Model>) -> C,
        change: impl FnOnce(Fields<Self::Model>, Fields<Self::Model>) -> A,
    ) -> Upserted<Self::Model, Self::Changed> {
        Upserted::new(self.into_parts(), update::<Self::Model, _, _>(unique, change))
    }
}

/// Drafts, where they go, and why they cannot.
#[allow(missing_debug_implementations, reason = "nobody has one")]
pub struct Parts<M> {
    pub(super) route: Route,
    pub(super) drafts: Vec<Draft<M>>,
    pub(super) refused: Option<String>,
}

impl<M> Parts<M> {
    pub(super) fn check(&self) -> Result<()> {
        self.refused.as_ref().map_or(Ok(()), |why| Err(Error::usage(why.clone())))
    }
}

type Fields<M> = &'static <M as Model>::Fields<Own>;

fn update<M: Model, C: Columns, A: Assigns>(
    unique: impl FnOnce(Fields<M>) -> C,
    change: impl FnOnce(Fields<M>, Fields<M>) -> A,
) -> Conflict {
    let mut target = Vec::new();
    enter::<M, _>(unique).1.columns(&mut target);
    let (depth, assigns) = both::<M, _>(change);
    let mut set = Vec::new();
    assigns.assigns(&mut set);
    Conflict::Update(Box::new(ConflictUpdate { target, target_filter: None, depth, set, filter: None }))
}

/// Runs a closure over the fields of the row that is there and, one level deeper, of the new one.
fn both<M: Model, T>(f: impl FnOnce(Fields<M>, Fields<M>) -> T) -> (u8, T) {
    enter::<M, _>(|old| enter::<M, _>(|new| f(old, new)).1)
}

impl<B: Builder + Future<Output = Result<B::Model>>> Upsert for B {
    type Model = B::Model;
    type Kept = Option<B::Model>;
    type Changed = B::Model;
    fn into_parts(self) -> Parts<B::Model> {
        self.into_new().into_parts()
    }
}

impl<M: Model> Upsert for BulkCreate<M> {
    type Model = M;
    type Kept = Vec<M>;
    type Changed = Vec<M>;
    fn into_parts(self) -> Parts<M> {
        self.0
    }
}

/// New rows, of which some may be there already; gives an `R`.
#[must_use = "nothing is inserted until it is awaited"]
pub struct Upserted<M, R> {
    parts: Parts<M>,
    conflict: Conflict,
    _r: PhantomData<fn() -> R>,
}

impl<M: Model, R> Upserted<M, R> {
    fn new(parts: Parts<M>, conflict: Conflict) -> Self {
        Upserted { parts, conflict, _r: PhantomData }
    }

    /// Changes the row that is there only if it meets a condition, which may speak of the new one; else it is left alone, and not
    /// given back.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let upsert = User::objects()
    ///     .bulk_create([User::draft().username("alice").email("a@example.org").build()])
    ///     .update_conflicts(|u| u.username, |u, new| u.email.set(new.email))
    ///     .filter(|u, new| u.email.ne(new.email));
    /// assert!(upsert.to_sql().contains(
    ///     r#"ON CONFLICT ("username") DO UPDATE SET "email" = "excluded"."email" WHERE "user"."email" IS DISTINCT FROM "excluded"."email""#
    /// ));
    /// ```
    pub fn filter<C: IntoCond>(
        mut self,
        f: impl FnOnce(Fields<M>, Fields<M>) -> C,
    ) -> Upserted<M, R::Sometimes>
    where
        R: Always,
    {
        let (depth, condition) = both::<M, _>(f);
        if let Conflict::Update(update) = &mut self.conflict {
            update.filter = Some((depth, condition.condition()));
        }
        Upserted::new(self.parts, self.conflict)
    }

    /// The condition of the unique index, if it is partial: PostgreSQL finds the index by its fields and by this.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// let upsert = User::objects()
    ///     .create()
    ///     .username("alice")
    ///     .update_conflicts(|u| u.username, |u, new| u.email.set(new.email))
    ///     .where_index(|u| u.email.is_not_null());
    /// assert!(upsert.to_sql().contains(r#"ON CONFLICT ("username") WHERE "user"."email" IS NOT NULL DO UPDATE"#));
    /// ```
    pub fn where_index<C: IntoCond>(mut self, f: impl FnOnce(Fields<M>) -> C) -> Self {
        let (depth, condition) = enter::<M, _>(f);
        if let Conflict::Update(update) = &mut self.conflict {
            update.target_filter = Some((depth, condition.condition()));
        }
        self
    }
}

/// What an upsert without a condition gives, and what one with a condition gives.
pub trait Always {
    /// With a condition.
    type Sometimes;
}
impl<M: Model> Always for M {
    type Sometimes = Option<M>;
}
impl<M: Model> Always for Vec<M> {
    type Sometimes = Self;
}

impl<M: Model, R> ToStatement for Upserted<M, R> {
    /// The first statement.
    fn to_statement(&self) -> Result<Statement> {
        self.parts.check()?;
        let values = self.parts.drafts.iter().map(Draft::values).collect::<Result<Vec<_>>>()?;
        match values[..] {
            [values] => lower::insert(M::meta(), values, &self.conflict),
            _ => Ok(lower::insert_many(M::meta(), values.into_iter(), &self.conflict)?.0),
        }
    }
}

impl<M: Model, R: Outcome<M>> IntoFuture for Upserted<M, R> {
    type Output = Result<R>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.parts.check()?;
            let target = self.parts.route.target()?;
            R::of(insert_all(&target, &self.parts.drafts, &self.conflict).await?)
        })
    }
}

impl<M: Model> QuerySet<M> {
    /// Inserts a row for each row of a query (`INSERT … SELECT`), in one statement and without reading them; gives their number. The
    /// closure receives the fields of the new row and what closures of a query over those rows receive: the fields of a model, or
    /// values. Fields that are not set have their defaults.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let popular = Post::objects().filter(|p| p.views.gt(100));
    /// let copied: u64 = Post::objects()
    ///     .insert_from(popular, |new, p| (new.title.set(p.title.upper()), new.author.set(p.author.id)))
    ///     .await?;
    /// let names = Post::objects().values(|p| p.title).distinct();
    /// let users: u64 = User::objects().insert_from(names, |new, title| new.username.set(title)).ignore_conflicts().await?;
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`create`](QuerySet::create); if a field has no value and no default.
    pub fn insert_from<N: Model, R: Row, B: Annotations, A: Assigns>(
        self,
        rows: QuerySet<N, R, B>,
        f: impl FnOnce(Fields<M>, <R::Over as Annotations>::Arg<R::Lead<N>>) -> A,
    ) -> InsertFrom<M>
    where
        M: Writable,
    {
        let into = self.into_query();
        let from = rows.into_query();
        let (depth, assigns) = enter_with::<R::Lead<N>, R::Over, _>(|row| enter::<M, _>(|new| f(new, row)).1);
        let mut set = Vec::new();
        assigns.assigns(&mut set);
        // What only has conditions is read without a subquery.
        let mut from = match from.output.is_empty() && from.annotations.is_empty() && !from.is_sliced() {
            true => from,
            false => {
                let from = from.part();
                let rows = Rows::Of(crate::ast::Combine::Union, vec![from.clone()]);
                from.over(Arc::new(Derived { rows, place: Place::From, leads: R::LEADS }))
            }
        };
        from.order = Some(Vec::new());
        from.refused = into.refused_as_target("insert_from").or(from.refused);
        from.db = into.db;
        InsertFrom { from, depth, set, conflict: Conflict::Fail, _m: PhantomData }
    }
}

/// Rows of a query as new rows of another model, to be awaited; gives the number of rows inserted.
#[must_use = "nothing is inserted until it is awaited"]
pub struct InsertFrom<M> {
    pub(super) from: Query,
    depth: u8,
    set: Vec<Assign>,
    conflict: Conflict,
    _m: PhantomData<fn() -> M>,
}

impl<M: Model> InsertFrom<M> {
    /// Leaves out rows that would violate a unique constraint.
    pub fn ignore_conflicts(self) -> Self {
        InsertFrom { conflict: Conflict::Nothing, ..self }
    }

    /// Changes the rows that are there with the same values of unique fields, as [`Upsert::update_conflicts`] does.
    pub fn update_conflicts<C: Columns, A: Assigns>(
        self,
        unique: impl FnOnce(Fields<M>) -> C,
        change: impl FnOnce(Fields<M>, Fields<M>) -> A,
    ) -> Self {
        InsertFrom { conflict: update::<M, _, _>(unique, change), ..self }
    }
}

impl<M: Model> ToStatement for InsertFrom<M> {
    fn to_statement(&self) -> Result<Statement> {
        lower::insert_from(M::meta(), &self.from, self.depth, &self.set, &self.conflict)
    }
}

impl<M: Model> IntoFuture for InsertFrom<M> {
    type Output = Result<u64>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.from.db.as_ref(), &self);
        let none = self.from.none;
        Box::pin(async move { if none { Ok(0) } else { call.run(&mut ()).await } })
    }
}

impl<M, R> fmt::Debug for Upserted<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Upserted").field(&self.conflict).finish()
    }
}

impl<M> fmt::Debug for InsertFrom<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InsertFrom").field(&self.from).field(&self.set).finish()
    }
}
