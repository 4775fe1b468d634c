//! What a client may filter and order by.

use super::{invalid, listed, lookup::Lookup, name::Named};
use crate::{
    Error, Field, IntoCond, IntoOrder, Model, ModelMeta, Node, Own, Path, Reach, Rel, Result, Value,
    node::OrderBy, path::enter,
};
use std::{fmt, marker::PhantomData, sync::Arc};

/// What [`filter_str`](crate::QuerySet::filter_str) and [`order_by_str`](crate::QuerySet::order_by_str) of a query may name:
/// made once, given to [`QuerySet::allow`](crate::QuerySet::allow).
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// use orm::{Allow, types::Lookup};
/// use std::sync::LazyLock;
///
/// static POSTS: LazyLock<Allow<Post>> = LazyLock::new(|| {
///     Allow::<Post>::new()
///         .fields(|p| (p.title, p.author.username))             // by all their lookups, and to order by
///         .lookups(&[Lookup::Gte, Lookup::Lte], |p| p.views)    // by these alone, and not to order by
///         .filter("search", |p, text| p.title.icontains(text) | p.author.username.icontains(text))
///         .order_by("popular", |p| (p.views.desc(), p.id.desc()))
/// });
///
/// # fn main() -> orm::Result<()> {
/// let mut posts = Post::objects().allow(&POSTS);
/// for (name, value) in [("search", "rust"), ("views__gte", "3"), ("author__username", "alice")] {
///     posts = posts.filter_str(name, value)?;
/// }
/// let posts = posts.order_by_str("popular,title")?;
/// assert!(posts.clone().filter_str("views__lt", "3").is_err());
/// assert!(posts.order_by_str("views").is_err());
/// # Ok(())
/// # }
/// ```
pub struct Allow<M> {
    list: Arc<List>,
    _m: PhantomData<fn() -> M>,
}

/// The list of an [`Allow`].
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    entries: Vec<(String, Entry)>,
}

/// Makes a condition of a text; says at which depth its closure ran.
type Filter = Arc<dyn Fn(&str) -> (u8, Node) + Send + Sync>;

#[derive(Clone)]
enum Entry {
    Field,
    Lookups(&'static [Lookup]),
    Filter(Filter),
    Order(Vec<(u8, OrderBy)>),
}

impl Entry {
    /// The names that filter by what is listed under a name.
    fn filters(&self, name: &str) -> Vec<String> {
        let with = |lookup: &Lookup| match lookup {
            Lookup::Exact => name.to_owned(),
            other => format!("{name}__{}", other.name()),
        };
        match self {
            Entry::Field | Entry::Filter(_) => vec![name.to_owned()],
            Entry::Lookups(lookups) => lookups.iter().map(with).collect(),
            Entry::Order(_) => Vec::new(),
        }
    }

    /// The names that order by it.
    fn orders(&self, name: &str) -> Vec<String> {
        if matches!(self, Entry::Field | Entry::Order(_)) { vec![name.to_owned()] } else { Vec::new() }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Entry::Field => "field",
            Entry::Lookups(_) => "lookups",
            Entry::Filter(_) => "filter",
            Entry::Order(_) => "order",
        })
    }
}

impl<M: Model> Allow<M> {
    /// Nothing.
    #[allow(clippy::new_without_default, reason = "no default: what is allowed is always said")]
    pub fn new() -> Self {
        Allow { list: Arc::default(), _m: PhantomData }
    }

    fn with(mut self, entries: impl IntoIterator<Item = (String, Entry)>) -> Self {
        Arc::make_mut(&mut self.list).entries.extend(entries);
        self
    }

    fn named<N: Names>(f: impl FnOnce(&'static M::Fields<Own>) -> N) -> Vec<String> {
        let mut names = Vec::new();
        enter::<M, _>(f).1.names(&mut names);
        // `author__id` is `author`, as it is when a client names it
        let settled = |name: String| Named::find(M::meta(), &name).map_or(name, |named| named.path());
        names.into_iter().map(settled).collect()
    }

    /// These fields and relations, by their paths: by all their lookups, and to order by.
    #[must_use]
    pub fn fields<N: Names>(self, f: impl FnOnce(&'static M::Fields<Own>) -> N) -> Self {
        let names = Self::named(f);
        self.with(names.into_iter().map(|name| (name, Entry::Field)))
    }

    /// These fields and relations, by some of their lookups only, and not to order by.
    #[must_use]
    pub fn lookups<N: Names>(
        self,
        lookups: &'static [Lookup],
        f: impl FnOnce(&'static M::Fields<Own>) -> N,
    ) -> Self {
        let names = Self::named(f);
        self.with(names.into_iter().map(|name| (name, Entry::Lookups(lookups))))
    }

    /// A filter by a name of its own, which makes a condition of the text.
    #[must_use]
    pub fn filter<C: IntoCond>(
        self,
        name: &str,
        f: impl Fn(&'static M::Fields<Own>, &str) -> C + Send + Sync + 'static,
    ) -> Self {
        let filter = move |text: &str| {
            let (depth, condition) = enter::<M, _>(|fields| f(fields, text).condition());
            (depth, condition)
        };
        self.with([(name.to_owned(), Entry::Filter(Arc::new(filter)))])
    }

    /// An order by a name of its own.
    #[must_use]
    pub fn order_by<O: IntoOrder>(self, name: &str, f: impl FnOnce(&'static M::Fields<Own>) -> O) -> Self {
        let (depth, order) = enter::<M, _>(f);
        let mut parts = Vec::new();
        order.into_order(&mut parts);
        let order = parts.into_iter().map(|part| (depth, part)).collect();
        self.with([(name.to_owned(), Entry::Order(order))])
    }

    pub(super) fn list(&self) -> Arc<List> {
        self.list.clone()
    }
}

impl List {
    fn refused(&self, name: &str, what: &str, names: fn(&Entry, &str) -> Vec<String>) -> Error {
        let names: Vec<_> = self.entries.iter().flat_map(|(name, entry)| names(entry, name)).collect();
        let listed = listed(name, names.iter().map(String::as_str));
        invalid(format!("`{}` cannot be {what} by{listed}", name.escape_debug()))
    }

    /// The condition of a name. What the model has beyond the list is not told.
    pub(super) fn condition(&self, model: &'static ModelMeta, name: &str, text: &str) -> Result<(u8, Node)> {
        let own = |(known, entry): &(String, Entry)| match entry {
            Entry::Filter(filter) if known == name => Some(filter.clone()),
            _ => None,
        };
        if let Some(filter) = self.entries.iter().find_map(own) {
            return Ok(filter(text));
        }
        let refused = || self.refused(name, "filtered", Entry::filters);
        let is_field = |known: &str| name.strip_prefix(known).is_some_and(|rest| rest.starts_with("__"));
        let named = Named::find(model, name).map_err(|error| {
            let of_lookup =
                |(known, entry): &(String, Entry)| matches!(entry, Entry::Field) && is_field(known);
            if self.entries.iter().any(of_lookup) { error } else { refused() }
        })?;
        let path = named.path();
        let allows = |(known, entry): &(String, Entry)| match entry {
            Entry::Field => *known == path,
            Entry::Lookups(lookups) => *known == path && lookups.contains(&named.lookup()),
            _ => false,
        };
        if self.entries.iter().any(allows) { Ok((0, named.condition(text)?)) } else { Err(refused()) }
    }

    /// The order of a name.
    pub(super) fn order(&self, model: &'static ModelMeta, name: &str) -> Result<Vec<(u8, OrderBy)>> {
        let own = |(known, entry): &(String, Entry)| match entry {
            Entry::Order(order) if known == name => Some(order.clone()),
            _ => None,
        };
        if let Some(order) = self.entries.iter().find_map(own) {
            return Ok(order);
        }
        let is_field = |path: &str| {
            self.entries.iter().any(|(known, entry)| matches!(entry, Entry::Field) && known == path)
        };
        match Named::find(model, name) {
            Ok(named) if is_field(&named.path()) => Ok(vec![(0, named.order()?)]),
            _ => Err(self.refused(name, "ordered", Entry::orders)),
        }
    }
}

impl<M> Clone for Allow<M> {
    fn clone(&self) -> Self {
        Allow { list: self.list.clone(), _m: PhantomData }
    }
}

impl<M> fmt::Debug for Allow<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.list.entries.iter().map(|(name, entry)| (name, entry))).finish()
    }
}

/// What [`Allow::fields`] takes: fields and relations by any path, one or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a field",
    label = "expected fields and relations, such as `p.author.username`"
)]
pub trait Names {
    /// Appends their names.
    fn names(self, out: &mut Vec<String>);
}
impl<T: Value, N: Reach> Names for Field<T, N> {
    fn names(self, out: &mut Vec<String>) {
        if let Node::Column(path, column) = self.node() {
            out.push(joined(path, Some(column.name)));
        }
    }
}
impl<M: Model, N: Reach> Names for Rel<M, N> {
    fn names(self, out: &mut Vec<String>) {
        out.push(joined(self.path(), None));
    }
}

fn joined(path: Path, column: Option<&'static str>) -> String {
    let mut parts: Vec<_> = column.into_iter().chain(path.hops().map(|hop| hop.field.name)).collect();
    parts.reverse();
    parts.join("__")
}

macro_rules! tuples { ($(($($t:ident),*))*) => {$(
    #[allow(non_snake_case, reason = "a type parameter's name serves as its value's")]
    impl<$($t: Names),*> Names for ($($t,)*) {
        fn names(self, out: &mut Vec<String>) {
            let ($($t,)*) = self;
            $($t.names(out);)*
        }
    }
)*}}
crate::for_tuples!(tuples);
