//! Pages by the last row seen: what is added or goes elsewhere moves no row from one page to another.

mod cursor;

pub use cursor::secret_key;

use super::{
    QuerySet, ToStatement,
    call::{BoxFuture, Call},
};
use crate::{
    Annotations, BinaryOp, Error, Function, Instance, Model, Node, Param, Path, Result, Row, RowRef, SqlType,
    Statement, UnaryOp, lower,
    node::{Logic, OrderBy, Output, Query},
};
use serde::Serialize;
use std::{fmt, marker::PhantomData};

/// Rows after or before another one, and how to go on.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// # run(async |_| {
/// let names = ["ann", "bob", "cyd"].map(|name| User::draft().username(name).build());
/// User::objects().bulk_create(names).await?;
/// let users = || User::objects().order_by(|u| u.username.desc()).keyset(2);
///
/// let page = users().await?;
/// assert_eq!((&*page.items[0].username, &*page.items[1].username), ("cyd", "bob"));
/// let page = users().after(page.next()).await?;
/// assert_eq!((&*page.items[0].username, page.next()), ("ann", None));
/// let page = users().before(page.previous()).await?;
/// assert_eq!(page.items.len(), 2);
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Slice<R> {
    /// The rows.
    pub items: Vec<R>,
    /// The cursor of the first row.
    pub start: Option<String>,
    /// The cursor of the last row.
    pub end: Option<String>,
    /// Whether there are rows after these.
    pub has_next: bool,
    /// Whether there are rows before these.
    pub has_previous: bool,
}

impl<R> Slice<R> {
    /// What to give to [`after`](Keyset::after) for the next rows, if there are any.
    pub fn next(&self) -> Option<&str> {
        self.end.as_deref().filter(|_| self.has_next)
    }

    /// What to give to [`before`](Keyset::before) for the rows before these, if there are any.
    pub fn previous(&self) -> Option<&str> {
        self.start.as_deref().filter(|_| self.has_previous)
    }
}

impl<M: Model, R: Row, A: Annotations> QuerySet<M, R, A> {
    /// At most so many rows, and cursors to go on from: by what the order says of the last row, not by counting. It is as fast
    /// on the thousandth page as on the first, and rows that come or go elsewhere move no other one from page to page.
    ///
    /// The order is the query's, with the primary key after it, so that no two rows are alike. A cursor is opaque and signed
    /// with the [`secret_key`]; it holds the values of the order and no others.
    ///
    /// ```
    /// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
    /// # run(async |_| {
    /// let posts = Post::objects().order_by(|p| p.views.desc()).keyset(20);
    /// let page = posts.clone().await?;
    /// let page = posts.after(page.next()).await?; // `None` is the beginning
    /// # Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// [`is_invalid_input`](Error::is_invalid_input) if the cursor is of a query on another model or in another order, or was
    /// changed. If the query is distinct, grouped, has a limit or an offset, or an order whose type is not known: `cast` it.
    pub fn keyset(self, rows: u64) -> Keyset<R> {
        Keyset { query: self.into_query(), rows, from: None, _r: PhantomData }
    }
}

/// What [`QuerySet::keyset`] returns: await it, perhaps after or before a cursor.
#[must_use = "a query does nothing until it is awaited"]
pub struct Keyset<R> {
    query: Query,
    rows: u64,
    from: Option<From>,
    _r: PhantomData<fn() -> R>,
}

/// Where to go on.
#[derive(Clone, Debug)]
struct From {
    cursor: String,
    before: bool,
}

/// A part of the order: what tells rows apart.
struct Part {
    depth: u8,
    order: OrderBy,
    ty: SqlType,
}

impl<R: Row> Keyset<R> {
    /// The rows after a cursor: that of [`Slice::next`]. `None` is the beginning.
    pub fn after<'a>(self, cursor: impl Into<Option<&'a str>>) -> Self {
        self.from(cursor.into(), false)
    }

    /// The rows before a cursor, the nearest ones: that of [`Slice::previous`]. `None` is the beginning.
    pub fn before<'a>(self, cursor: impl Into<Option<&'a str>>) -> Self {
        self.from(cursor.into(), true)
    }

    fn from(mut self, cursor: Option<&str>, before: bool) -> Self {
        self.from = cursor.map(|cursor| From { cursor: cursor.to_owned(), before });
        self
    }

    /// The parts of the order, the primary key the last.
    fn order(&self) -> Result<Vec<Part>> {
        let query = &self.query;
        let refused =
            |why: &str| Error::usage(format!("`keyset` of a query {why}")).context(query.model.name);
        if query.is_sliced() {
            return Err(refused("with `limit` or `offset`; say how many rows a page has in `keyset`"));
        }
        if query.is_distinct() || query.is_grouped() || !query.is_of_table() {
            return Err(refused("of distinct values, groups or a subquery, which have no key to go on from"));
        }
        let mut order = query.ordering();
        let depth = order.first().map_or(0, |(depth, _)| *depth);
        let root = Path::root(query.model, depth);
        let descending = order.last().is_some_and(|(_, order)| order.descending);
        for place in query.model.key {
            let key = Node::Column(root, crate::Column(&query.model.fields[*place]));
            order.push((depth, OrderBy { by: key, descending, nulls_first: None }));
        }
        let part = |(depth, order): (u8, OrderBy)| match type_of(query, &order.by) {
            Some(ty) => Ok(Part { depth, order, ty }),
            None => {
                Err(refused("ordered by an expression whose type is not known; say it by `.cast::<T>()`"))
            }
        };
        order.into_iter().map(part).collect()
    }

    /// The query of the rows and of what their cursors hold, one row more than a page has.
    fn seek(&self, parts: &[Part]) -> Result<Query> {
        let mut query = self.query.clone();
        let backwards = self.from.as_ref().is_some_and(|from| from.before);
        if let Some(from) = &self.from {
            let values = cursor::open(&from.cursor, &self.context(parts), parts.len())?;
            let values = parts.iter().zip(values).map(|(part, value)| Param::cell(part.ty, value));
            let values: Vec<_> = values.collect();
            let depth = parts.first().map_or(0, |part| part.depth);
            query.filters.push((depth, beyond(parts, &values, backwards)));
        }
        let turned = |part: &Part| match backwards {
            true => (part.depth, part.order.reversed()),
            false => (part.depth, part.order.clone()),
        };
        (query.order, query.reversed) = (Some(parts.iter().map(turned).collect()), false);
        if query.output.is_empty() {
            query.output.push((0, Output::Model(Path::root(query.model, 0))));
        }
        query
            .output
            .extend(parts.iter().map(|part| (part.depth, Output::Value(part.order.by.clone(), part.ty))));
        Ok(query.at_most(self.rows.saturating_add(1)))
    }

    /// What a cursor belongs to.
    fn context(&self, parts: &[Part]) -> String {
        let mut context = self.query.model.table.to_owned();
        for Part { order, .. } in parts {
            context += &format!("\n{:?} {} {:?}", order.by, order.descending, order.nulls_first);
        }
        context
    }
}

/// That a row comes after the one with these values, or before it: in the first part in which they differ.
fn beyond(parts: &[Part], values: &[Param], backwards: bool) -> Node {
    let Some((part, rest)) = parts.split_first() else { return Node::Bool(false) };
    let (value, values) = (&values[0], &values[1..]);
    let by = || part.order.by.clone();
    let descending = part.order.descending != backwards;
    // NULLs are larger than all values unless it is said otherwise.
    let nulls_first = part.order.nulls_first.map_or(descending, |first| first != backwards);
    let strictly = match value.is_null() {
        true if nulls_first => Node::unary(UnaryOp::IsNotNull, by()),
        true => Node::Bool(false),
        false => {
            let op = if descending { BinaryOp::Lt } else { BinaryOp::Gt };
            let beyond = Node::binary(by(), op, Node::Param(value.clone()));
            match !nulls_first && may_be_null(&part.order.by) {
                true => beyond.joined(Logic::Or, Node::unary(UnaryOp::IsNull, by())),
                false => beyond,
            }
        }
    };
    if rest.is_empty() {
        return strictly;
    }
    // Implied by the rest, and what an index can begin at.
    let bound = match (&strictly, descending) {
        (Node::Binary(..), true) => Node::binary(by(), BinaryOp::Lte, Node::Param(value.clone())),
        (Node::Binary(..), false) => Node::binary(by(), BinaryOp::Gte, Node::Param(value.clone())),
        _ => Node::Bool(true),
    };
    let same = Node::binary(by(), BinaryOp::Eq, Node::Param(value.clone()));
    bound.joined(
        Logic::And,
        strictly.joined(Logic::Or, same.joined(Logic::And, beyond(rest, values, backwards))),
    )
}

/// The type of a value, where the value says it.
fn type_of(query: &Query, node: &Node) -> Option<SqlType> {
    match node {
        Node::Annotation(_, place) => match query.annotations.get(*place)? {
            (_, Output::Value(_, ty)) => Some(*ty),
            _ => None,
        },
        Node::Aggregate(of) if of.function == Function::COUNT => Some(SqlType::Int8),
        Node::Column(_, column) => Some(column.ty),
        Node::Cast(_, ty) => Some(*ty),
        Node::Across(_, of) => type_of(query, of),
        Node::Count(_) => Some(SqlType::Int8),
        Node::Binary(a, op, _) if !op.is_comparison() => type_of(query, a),
        Node::Unary(UnaryOp::Neg, of) => type_of(query, of),
        Node::Param(param) => Some(param.sql_type()),
        _ => None,
    }
}

/// Whether a value can be NULL, as far as the value says it.
fn may_be_null(node: &Node) -> bool {
    match node {
        Node::Column(path, column) => column.nullable || path.hops().any(|hop| hop.field.nullable),
        Node::Count(_) => false,
        _ => true,
    }
}

/// A row, and what its cursor holds.
struct Marked<R> {
    row: R,
    values: Vec<Option<Vec<u8>>>,
}

impl<R: Row> Row for Marked<R> {
    type Push<X: Row> = (Self, X);
    type After<P: Row> = P::Push<Self>;
    type Lead<M: Model> = M;
    type Over = ();
    type Onto<A: Annotations> = A;

    fn types(out: &mut Vec<SqlType>) {
        R::types(out);
    }

    fn read_row(row: &mut RowRef<'_>) -> Result<Self> {
        let read = R::read_row(row)?;
        Ok(Marked { row: read, values: row.rest().map(|cell| cell.map(<[u8]>::to_vec)).collect() })
    }

    fn instance(&mut self) -> Option<&mut dyn Instance> {
        self.row.instance()
    }
}

impl<R: Row> ToStatement for Keyset<R> {
    fn to_statement(&self) -> Result<Statement> {
        lower::rows(&self.seek(&self.order()?)?)
    }
}

impl<R: Row> IntoFuture for Keyset<R> {
    type Output = Result<Slice<R>>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let call = Call::new(self.query.db.as_ref(), &self);
        Box::pin(async move {
            let context = self.context(&self.order()?);
            let mut rows: Vec<Marked<R>> = match self.query.none {
                true => Vec::new(),
                false => call.loaded(self.query.loaded()).await?,
            };
            let most = usize::try_from(self.rows).unwrap_or(usize::MAX);
            let more = rows.len() > most;
            rows.truncate(most);
            let backwards = self.from.as_ref().is_some_and(|from| from.before);
            if backwards {
                rows.reverse();
            }
            let seal =
                |row: Option<&Marked<R>>| row.map(|row| cursor::seal(&row.values, &context)).transpose();
            let (start, end) = (seal(rows.first())?, seal(rows.last())?);
            let there = self.from.is_some();
            let (has_previous, has_next) = if backwards { (more, there) } else { (there, more) };
            Ok(Slice {
                items: rows.into_iter().map(|row| row.row).collect(),
                start,
                end,
                has_next,
                has_previous,
            })
        })
    }
}

impl<R> Clone for Keyset<R> {
    fn clone(&self) -> Self {
        Keyset { query: self.query.clone(), from: self.from.clone(), ..*self }
    }
}

impl<R> fmt::Debug for Keyset<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows of {:?}", self.rows, self.query)
    }
}
