//! Conditions and orders from texts, for view layers: names are looked up in the model when the query is made.
//!
//! A path from a text is a chain of single steps in the query: none is interned, whatever clients send.

mod allow;
mod lookup;
mod name;
mod near;
mod read;
mod times;

pub(crate) use allow::List;
pub use allow::{Allow, Names};
pub use lookup::Lookup;

use crate::{
    Annotations, Error, ErrorKind, Model, QuerySet, Result,
    node::{Node, OrderBy},
};
use name::Named;
use near::listed;
pub(crate) use near::meant;

/// An error about a text that came from outside.
fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidInput, message)
}

impl<M: Model, R, A: Annotations> QuerySet<M, R, A> {
    /// Lets [`filter_str`](QuerySet::filter_str), [`exclude_str`](QuerySet::exclude_str) and
    /// [`order_by_str`](QuerySet::order_by_str) take only what a list allows: always where their names come from a client.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # fn main() -> orm::Result<()> {
    /// let allow = orm::Allow::<Post>::new().fields(|p| (p.title, p.views));
    /// let posts = Post::objects().allow(&allow).filter_str("title__icontains", "rust")?;
    /// let error = posts.filter_str("author__email__startswith", "a").unwrap_err();
    /// assert_eq!(error.to_string(), "`author__email__startswith` cannot be filtered by; there are title, views");
    /// # Ok(())
    /// # }
    /// ```
    pub fn allow(mut self, list: &Allow<M>) -> Self {
        self.query_mut().allow = Some(list.list());
        self
    }

    /// Only rows that meet a condition given as texts: a path and a lookup by Django's names, joined by `__`, and a value as
    /// its column's type is written. Without a lookup it is `exact`; [`Lookup`] lists the others.
    ///
    /// Each call is a `filter` of its own, so two conditions across a to-many relation may be met by two related rows. What
    /// clients may name is said by [`allow`](QuerySet::allow); without it, all fields of the model and of those it leads to.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # fn main() -> orm::Result<()> {
    /// let query = Post::objects().filter_str("author__username__icontains", "ali")?.filter_str("views__range", "1,9")?;
    /// assert_eq!(
    ///     query.count().to_sql(),
    ///     r#"SELECT COUNT(*) FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" WHERE ("user"."username" ILIKE $1) AND ("post"."views" BETWEEN $2 AND $3)"#
    /// );
    /// let error = Post::objects().filter_str("titel", "rust").unwrap_err();
    /// assert!(error.to_string().starts_with("`Post` has no field `titel`; did you mean `title`?"), "{error}");
    /// let error = Post::objects().filter_str("views__gt", "many").unwrap_err();
    /// assert_eq!(error.to_string(), "Post.views: the text is no value of type integer");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_invalid_input`](Error::is_invalid_input) if there is no such field or lookup, if it is not allowed, or if the text
    /// is no value of the column. Types beyond numbers, texts, times, `bool`, `Uuid` and enums are read by the server, whose
    /// error then comes when the query is awaited.
    pub fn filter_str(mut self, name: &str, value: &str) -> Result<Self> {
        let condition = self.condition_str(name, value)?;
        self.query_mut().filters.push(condition);
        Ok(self)
    }

    /// Only rows for which a condition given as texts is not true; see [`filter_str`](QuerySet::filter_str).
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # fn main() -> orm::Result<()> {
    /// let query = Post::objects().exclude_str("editor__username", "bob")?;
    /// assert_eq!(query.count().to_sql(), Post::objects().exclude(|p| p.editor.username.eq("bob")).count().to_sql());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`filter_str`](QuerySet::filter_str).
    pub fn exclude_str(mut self, name: &str, value: &str) -> Result<Self> {
        let (depth, condition) = self.condition_str(name, value)?;
        self.query_mut().filters.push((depth, condition.negated()));
        Ok(self)
    }

    /// The order of rows by names, separated by commas; `-` before one is descending. It stands instead of any given before.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # fn main() -> orm::Result<()> {
    /// let query = Post::objects().values(|p| p.title).order_by_str("-views,author__username")?;
    /// assert_eq!(
    ///     query.to_sql(),
    ///     r#"SELECT "post"."title" FROM "post" INNER JOIN "user" ON "user"."id" = "post"."author_id" ORDER BY "post"."views" DESC, "user"."username" ASC"#
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`is_invalid_input`](Error::is_invalid_input) if there is no such field, if it is not [allowed](QuerySet::allow), or if it
    /// leads to any number of rows.
    pub fn order_by_str(mut self, names: &str) -> Result<Self> {
        let mut order = Vec::new();
        for part in names.split(',') {
            let name = part.strip_prefix('-').unwrap_or(part);
            let parts = match &self.query_mut().allow {
                Some(list) => list.order(M::meta(), name)?,
                None => vec![(0, Named::find(M::meta(), name)?.order()?)],
            };
            let turned = |(depth, order): (u8, OrderBy)| {
                (depth, if name.len() < part.len() { order.reversed() } else { order })
            };
            order.extend(parts.into_iter().map(turned));
        }
        self.query_mut().order = Some(order);
        Ok(self)
    }

    fn condition_str(&mut self, name: &str, value: &str) -> Result<(u8, Node)> {
        match &self.query_mut().allow {
            Some(list) => list.condition(M::meta(), name, value),
            None => Ok((0, Named::find(M::meta(), name)?.condition(value)?)),
        }
    }
}
