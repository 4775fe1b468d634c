//! Rows that are hidden instead of deleted.

use super::{Change, QuerySet};
use crate::{
    Annotations, Assign, Changes, Column, Model, Node, Param, Path, Row, Writable,
    instance::{Delete, Save},
    node::{Change as How, Deleted},
};

/// A model with a field that is `#[orm(soft_delete)]`: `delete` hides its rows, and nothing finds them but what asks for them.
/// The derive implements it.
///
/// `delete` of an instance and of a query sets the field to the time, in one `UPDATE`, which counts a `version` too; no
/// `on_delete` of others is carried out. From then on queries of the model do not find the row, nor do relations that lead to
/// it from the side that has no column: `HasMany`, `HasOne`, `ManyToMany`, in conditions, aggregates, `prefetch_related` and
/// managers. A foreign key still leads to it, in paths, `select_related` and `fetch`: who refers to a row sees it, as by
/// [Django's base manager](https://docs.djangoproject.com/en/stable/topics/db/managers/#base-managers). So do
/// [`refresh`](Model::refresh), `save`, `update` and `bulk_update` of instances, which name the row by its key. Raw SQL sees what
/// is there.
///
/// What is `unique` is unique among the rows that are not deleted: a partial index.
///
/// ```
/// # mod doc { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/run.rs")); } use doc::*;
/// use orm::prelude::*;
///
/// #[derive(Model, Debug, Clone)]
/// pub struct Page {
///     pub id: i64,
///     #[orm(unique)]
///     pub slug: String,
///     #[orm(soft_delete)]
///     pub deleted_at: Option<DateTime<Utc>>,
/// }
/// # run(orm::models![Page], async || {
/// let mut page = Page::objects().create().slug("home").await?;
/// page.delete().await?;
/// assert_eq!(Page::objects().count().await?, 0);
/// assert_eq!(
///     Page::objects().to_sql(),
///     r#"SELECT "page"."id", "page"."slug", "page"."deleted_at" FROM "page" WHERE "page"."deleted_at" IS NULL"#
/// );
/// assert!(Page::objects().get(page.id).await.unwrap_err().is_not_found());
/// assert!(Page::objects().with_deleted().get(page.id).await?.deleted_at.is_some());
///
/// page.restore().await?;
/// assert_eq!(Page::objects().count().await?, 1);
/// page.hard_delete().await?;
/// assert_eq!(Page::objects().with_deleted().count().await?, 0);
/// # Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "the rows of `{Self}` are deleted for good: it has no `soft_delete` field",
    label = "not a model with `soft_delete`",
    note = "add a field `#[orm(soft_delete)] deleted_at: Option<DateTime<Utc>>` to `{Self}`"
)]
pub trait SoftDelete: Model + Writable {
    /// Deletes the row for good, whether it is deleted already or not. Rows that refer to it follow their `on_delete`.
    ///
    /// # Errors
    /// As [`delete`](Model::delete) of other models.
    fn hard_delete(&self) -> Delete<'_, Self> {
        Delete::hard(self)
    }

    /// Makes the row one that is not deleted, and reads it back.
    ///
    /// # Errors
    /// As [`save`](Model::save); [`is_unique_violation`](crate::Error::is_unique_violation) if another row has taken what is
    /// unique.
    fn restore(&mut self) -> Save<'_, Self> {
        let mut changes = Changes::default();
        if let Some(deleted) = &Self::meta().soft_delete {
            changes.put(deleted.field, Param::null(Self::meta().fields[deleted.field].ty));
        }
        Save::changing(self, changes)
    }
}

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// Deleted rows too.
    ///
    /// It is said of the query's own rows; relations that it mentions still lead to rows that are not deleted.
    pub fn with_deleted(mut self) -> Self
    where
        M: SoftDelete,
    {
        self.query.deleted = Deleted::Shown;
        self
    }

    /// Only deleted rows.
    pub fn only_deleted(mut self) -> Self
    where
        M: SoftDelete,
    {
        self.query.deleted = Deleted::Only;
        self
    }
}

impl<M: Model> QuerySet<M> {
    /// Deletes the query's rows for good: those that are not deleted, unless it is `with_deleted` or `only_deleted`. Gives their
    /// number.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Model)] struct Page { id: i64, #[orm(soft_delete)] deleted_at: Option<DateTime<Utc>> }
    /// let old = Utc::now() - chrono::TimeDelta::days(30);
    /// let purge = Page::objects().only_deleted().filter(|p| p.deleted_at.lt(old)).hard_delete();
    /// assert_eq!(
    ///     purge.to_sql(),
    ///     r#"DELETE FROM "page" WHERE "page"."deleted_at" < $1 AND "page"."deleted_at" IS NOT NULL"#
    /// );
    /// ```
    pub fn hard_delete(self) -> Change<M>
    where
        M: SoftDelete,
    {
        Change::new(self.into_query(), How::HardDelete)
    }

    /// Makes the deleted rows among the query's ones that are not deleted; gives their number.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Model)] struct Page { id: i64, #[orm(soft_delete)] deleted_at: Option<DateTime<Utc>> }
    /// assert_eq!(
    ///     Page::objects().filter(|p| p.id.lt(10)).restore().to_sql(),
    ///     r#"UPDATE "page" SET "deleted_at" = $1 WHERE "page"."id" < $2 AND "page"."deleted_at" IS NOT NULL"#
    /// );
    /// ```
    pub fn restore(self) -> Change<M>
    where
        M: SoftDelete,
    {
        let query = self.only_deleted().into_query();
        let set = query.model.deleted_at().map(|column| restored(query.model, column));
        Change::new(query, How::Update(0, set.into_iter().collect()))
    }
}

fn restored(model: &'static crate::ModelMeta, column: Column) -> Assign {
    Assign { path: Path::root(model, 0), column, value: Node::Param(Param::null(column.ty)) }
}

impl<M: Model> QuerySet<M> {
    /// The rows whether they are deleted or not, for what names them by their key.
    pub(crate) fn shown(mut self) -> Self {
        self.query.deleted = Deleted::Shown;
        self
    }
}
