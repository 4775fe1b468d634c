//! `full_clean`: all that is wrong with the values of a row, the database's constraints among it.

use super::{NON_FIELD_ERRORS, ValidationError, ValidationErrors, fields::judge};
use crate::{
    BinaryOp, Changes, Column, Columns, Db, Draft, FieldMeta, Model, Node, Own, Param, Path, Result, RowRef,
    RowSink,
    db::Route,
    lower,
    node::{Deleted, Logic, Query},
    path::enter,
    queryset::call::BoxFuture,
};
use std::fmt;

/// Validating a row, to be awaited: the validators of its fields, the model's own
/// `#[orm(clean = …)]`, whether what is unique is taken, and whether the rows that its keys lead to exist.
#[must_use = "nothing is validated until it is awaited"]
pub struct FullClean<M> {
    draft: Draft<M>,
    /// Whether it is in the database already.
    stored: bool,
    exclude: Vec<Column>,
    using: Option<Db>,
}

impl<M: Model> FullClean<M> {
    /// Looks only at the other columns.
    pub fn exclude<C: Columns>(mut self, f: impl FnOnce(&'static M::Fields<Own>) -> C) -> Self {
        enter::<M, _>(f).1.columns(&mut self.exclude);
        self
    }

    /// Asks this database, whatever the default is.
    pub fn using(mut self, db: &Db) -> Self {
        self.using = Some(db.clone());
        self
    }

    /// All that is wrong without asking the database.
    fn known(&self) -> ValidationErrors {
        let mut errors = wrong_fields(&self.draft);
        if let Err(own) = M::clean(&self.draft) {
            errors.extend(own);
        }
        for column in &self.exclude {
            errors.remove(column.name);
        }
        errors
    }

    /// What the database is asked of the fields that nothing is wrong with; what it says yes to is a mistake.
    fn questions(&self, wrong: &ValidationErrors) -> Vec<Question> {
        let model = M::meta();
        let (values, _) = self.draft.sent();
        let value = |place: usize| {
            values[place].as_ref().filter(|value| !value.is_null() && value.parts().len() == 1)
        };
        let is_asked = |place: usize| {
            let field = &model.fields[place];
            wrong.field(field.name).is_empty() && !self.exclude.contains(&Column(field))
        };
        // That some columns have the values of the draft; nothing, where one has none.
        let same = |places: &[usize]| -> Option<Node> {
            let path = Path::root(model, 0);
            let equal = places.iter().map(|place| Some(equal(path, &model.fields[*place], value(*place)?)));
            equal.collect::<Option<Vec<_>>>()?.into_iter().reduce(|a, b| a.joined(Logic::And, b))
        };
        let own = self.stored.then(|| same(model.key)).flatten();
        let taken = |places: &[usize]| {
            let places_asked = places.iter().all(|place| is_asked(*place));
            let mut query = Query::new(model);
            if places == model.key {
                query.deleted = Deleted::Shown; // which holds its key
            }
            query.filters.push((0, same(places).filter(|_| places_asked)?));
            query.filters.extend(own.clone().map(|own| (0, own.negated())));
            let labels: Vec<_> = places.iter().map(|place| label(&model.fields[*place])).collect();
            let (field, code) = match places {
                [place] => (model.fields[*place].name, "unique"),
                _ => (NON_FIELD_ERRORS, "unique_together"),
            };
            let message = format!("{} with this {} already exists.", model.name, labels.join(" and "));
            Some((field, Node::Exists(query.boxed()), ValidationError::new(code, message)))
        };
        let missing = |place: usize| {
            let field = &model.fields[place];
            let relation = field.relation?;
            let target = (relation.target)();
            let key = match (relation.to, target.key) {
                (Some(place), _) => place,
                (None, [key]) => *key,
                (None, _) => return None,
            };
            let mut query = Query { deleted: Deleted::Shown, ..Query::new(target) };
            query.filters.push((0, equal(Path::root(target, 0), &target.fields[key], value(place)?)));
            let missing = Node::Exists(query.boxed()).negated();
            let message = format!("This {} does not exist.", target.name);
            Some((field.name, missing, ValidationError::new("does_not_exist", message)))
        };
        let key = (!self.stored).then(|| taken(model.key)).flatten();
        let of_fields = (0..values.len()).filter(|place| is_asked(*place)).flat_map(|place| {
            let field = &model.fields[place];
            let unique = field.unique && model.key != [place];
            [unique.then(|| taken(&[place])).flatten(), missing(place).filter(|_| field.is_column())]
        });
        key.into_iter().chain(of_fields.flatten()).collect()
    }
}

/// A field, what is asked about it, and the mistake if so.
type Question = (&'static str, Node, ValidationError);

fn equal(path: Path, field: &'static FieldMeta, value: &Param) -> Node {
    Node::binary(Node::Column(path, Column(field)), BinaryOp::Eq, Node::Param(value.clone()))
}

/// `date of birth`, or `born_on` → `born on`.
fn label(field: &FieldMeta) -> String {
    field.verbose_name.map_or_else(|| field.name.replace('_', " "), str::to_owned)
}

impl<M: Model> IntoFuture for FullClean<M> {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let route = Route::new(self.using.as_ref());
        Box::pin(async move {
            let mut errors = self.known();
            let questions = self.questions(&errors);
            if !questions.is_empty() {
                let statement = lower::answers(M::meta(), questions.iter().map(|(_, question, _)| question))?;
                let mut answers = Answers(vec![false; questions.len()]);
                route.target()?.run(&statement, &mut answers).await?;
                let wrong = questions.into_iter().zip(answers.0).filter(|(_, is_wrong)| *is_wrong);
                wrong.for_each(|((field, _, error), _)| errors.add(field, error));
            }
            Ok(errors.into_result()?)
        })
    }
}

/// The one row of answers.
struct Answers(Vec<bool>);

impl RowSink for Answers {
    fn row(&mut self, mut row: RowRef<'_>) -> Result<()> {
        for answer in &mut self.0 {
            *answer = row.value()?;
        }
        Ok(())
    }
}

impl<M: Model> fmt::Debug for FullClean<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FullClean").field(&self.draft).finish()
    }
}

impl<M: Model> Draft<M> {
    /// Validates: gives all that is wrong, by field. Nothing else does, neither `save` nor `bulk_create`.
    ///
    /// It runs the validators of the fields, then the function of the model's `#[orm(clean = …)]`, and asks the database
    /// in one statement whether unique values are taken and whether the rows exist that the foreign keys lead to. What
    /// others change until the row is saved, the constraints of the database refuse.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// User::objects().create().username("alice").await?;
    /// let error = User::draft().username("alice").build().full_clean().await.unwrap_err();
    /// let errors = error.validation_errors().expect("it is one of validation");
    /// assert_eq!(errors.field("username")[0].message, "User with this username already exists.");
    /// assert_eq!(serde_json::to_value(errors).unwrap()["username"][0]["code"], "unique");
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_validation`](crate::Error::is_validation) if something is wrong; what the database says.
    pub fn full_clean(&self) -> FullClean<M> {
        FullClean { draft: self.filled(), stored: false, exclude: Vec::new(), using: None }
    }

    /// Runs only the validators of the fields, asking nobody.
    ///
    /// # Errors
    /// All that is wrong, by field.
    pub fn clean_fields(&self) -> Result<(), ValidationErrors> {
        wrong_fields(&self.filled()).into_result()
    }
}

/// What is wrong with the fields of a draft that has its defaults, each by itself.
fn wrong_fields<M: Model>(draft: &Draft<M>) -> ValidationErrors {
    let (values, sent) = draft.sent();
    let mut errors = sent.clone();
    for (field, value) in M::meta().fields.iter().zip(values) {
        if !errors.field(field.name).is_empty() {
            continue;
        }
        match value {
            Some(value) => judge(field, value).into_iter().for_each(|error| errors.add(field.name, error)),
            None if field.is_required() => {
                errors.add(field.name, ValidationError::new("required", "This field is required."));
            }
            None => {}
        }
    }
    errors
}

impl<M: Model> Changes<M> {
    /// Validates what a row would be with these changes, as [`Draft::full_clean`] does.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// use orm::Changes;
    ///
    /// let alice = User::objects().create().username("alice").await?;
    /// User::objects().create().username("bob").await?;
    /// let changes = |name: &str| Changes::<User>::default().with(|u| u.username.set(name));
    /// assert!(changes("alice").full_clean(&alice).await.is_ok());
    /// assert!(changes("bob").full_clean(&alice).await.unwrap_err().is_validation());
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`Draft::full_clean`].
    pub fn full_clean(&self, row: &M) -> FullClean<M> {
        FullClean { draft: self.applied_to(row), stored: true, exclude: Vec::new(), using: None }
    }
}

impl<M: Model> FullClean<M> {
    /// Of a row as it stands in an instance.
    pub(crate) fn of(row: &M) -> Self {
        Changes::default().full_clean(row)
    }
}
