//! Where a field stands: how it is reached (in the type) and which hops lead to it (interned, `Copy`).
//!
//! A relation owns the place where the fields behind it will be, so two equal paths are one place: no map, no lock,
//! no hash. What is interned is bounded by the paths written in the program; paths from strings must not pass here.

use crate::{
    Annotations, FieldMeta, ForeignKey, Model, ModelMeta, Node, Nullness, Result,
    kind::{PerRelated, PerRow, RowKind},
    relation::{Link, link},
    value::{Maybe, Never},
};
use std::{any::Any, cell::Cell, fmt, marker::PhantomData, ops::Deref, sync::OnceLock};

/// A path that has not left its row.
#[derive(Clone, Copy, Debug)]
pub struct Own;
/// A path across keys that are never NULL: it leads to one row.
#[derive(Clone, Copy, Debug)]
pub struct One;
/// A path across a key that may be NULL: it leads to one row or none, and its values are `Option`.
#[derive(Clone, Copy, Debug)]
pub struct Null;
/// A path across a to-many relation: it has no single value.
#[derive(Clone, Copy, Debug)]
pub struct Many;

/// How a path was walked: [`Own`], [`One`], [`Null`] or [`Many`].
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// // Takes the users of any path: `p.author`, `p.editor`, `u`.
/// fn at_example<N: orm::Reach>(user: &UserFields<N>) -> orm::Cond {
///     user.email.endswith("@example.org")
/// }
/// assert_eq!(
///     condition(|p| at_example(&p.author) & at_example(&p.editor)),
///     r#""user"."email" LIKE $1 AND "user_2"."email" LIKE $2"#
/// );
/// ```
pub trait Reach: Copy + Send + Sync + fmt::Debug + 'static {
    /// After a key that is never NULL.
    type One: Reach;
    /// After a key that may be NULL.
    type Null: Reach;
    /// What a relation reached so compares with.
    type Key<M: Model>;
    /// Whether the way may lead nowhere.
    type Nulls: Nullness;
    /// What a column reached so has a value for.
    type Kind: RowKind;
}
impl Reach for Own {
    type One = One;
    type Null = Null;
    type Key<M: Model> = ForeignKey<M>;
    type Nulls = Never;
    type Kind = PerRow;
}
impl Reach for One {
    type One = One;
    type Null = Null;
    type Key<M: Model> = ForeignKey<M>;
    type Nulls = Never;
    type Kind = PerRow;
}
impl Reach for Null {
    type One = Null;
    type Null = Null;
    type Key<M: Model> = Option<ForeignKey<M>>;
    type Nulls = Maybe;
    type Kind = PerRow;
}
impl Reach for Many {
    type One = Many;
    type Null = Many;
    type Key<M: Model> = ForeignKey<M>;
    type Nulls = Never;
    type Kind = PerRelated;
}

/// Reaches that have at most one value per row.
#[diagnostic::on_unimplemented(
    message = "a path across a has-many or many-to-many relation has no single value",
    label = "this reaches many rows",
    note = "aggregate it: `.count()`, `.sum()`, `.min()`, `.max()`, `.avg()`; or use it in a condition"
)]
pub trait Single: Reach {}
#[diagnostic::do_not_recommend]
impl Single for Own {}
#[diagnostic::do_not_recommend]
impl Single for One {}
#[diagnostic::do_not_recommend]
impl Single for Null {}

/// The reach of the row's own columns.
#[diagnostic::on_unimplemented(
    message = "only the model's own columns can be set",
    label = "this is a column of a related row",
    note = "update the related model: `User::objects().filter(…).update(…)`"
)]
pub trait Local: Reach {}
impl Local for Own {}

/// The hops from a query's row to a field.
#[derive(Clone, Copy)]
pub struct Path {
    /// How deep the closure was nested that received the root.
    pub(crate) depth: u8,
    /// The model of the root.
    pub(crate) root: &'static ModelMeta,
    /// The last hop; `None` is the root itself.
    pub(crate) hop: Option<&'static Hop>,
}

/// One step along a relation.
pub struct Hop {
    pub(crate) from: Path,
    pub(crate) field: &'static FieldMeta,
}

impl Hop {
    /// The model it leads to.
    pub(crate) fn target(&self) -> &'static ModelMeta {
        match self.field.relation {
            Some(relation) => (relation.target)(),
            None => self.from.model(),
        }
    }

    /// What ties its rows to those it comes from.
    pub(crate) fn link(&self) -> Result<Link> {
        link(self.from.model(), self.field)
    }

    /// The hop itself, if there is a table of pairs between.
    pub(crate) fn between(&'static self) -> Option<&'static Self> {
        self.field.is_many_to_many().then_some(self)
    }
}

impl Path {
    pub(crate) fn root(model: &'static ModelMeta, depth: u8) -> Self {
        Path { depth, root: model, hop: None }
    }

    /// The model it leads to.
    pub(crate) fn model(self) -> &'static ModelMeta {
        self.hop.map_or(self.root, Hop::target)
    }

    /// All hops, the last one first.
    pub(crate) fn hops(self) -> impl Iterator<Item = &'static Hop> {
        std::iter::successors(self.hop, |hop| hop.from.hop)
    }
}

/// `Post.author.company`
impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hop {
            None => f.write_str(self.root.name),
            Some(hop) => write!(f, "{:?}.{}", hop.from, hop.field.name),
        }
    }
}

impl fmt::Debug for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}.{}", self.from, self.field.name)
    }
}

/// The place of the fields of one model as reached by one path. `dyn Any`, and not the fields' type: the auto traits
/// of one model's fields must not be looked for in all models reachable from it.
type Fields = OnceLock<Box<dyn Any + Send + Sync>>;

fn fields<M: Model, N: Reach>(place: &'static Fields, at: Path) -> &'static M::Fields<N> {
    let fields = place.get_or_init(|| Box::new(M::fields::<N>(at)));
    fields.downcast_ref().expect("a place belongs to one model and reach")
}

struct Slot {
    hop: Hop,
    fields: Fields,
}

/// A relation in a query's closure: leads to the fields of the model `M`, and compares with instances, keys and queries.
///
/// `N` is how it is reached. Across a to-many relation it has `any`, `none` and `all`, and its fields have aggregates; in a
/// condition `u.posts.views.gt(3)` is `u.posts.any(|p| p.views.gt(3))`.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// // By key, without a join.
/// assert_eq!(condition(|p| p.author.eq(7)), r#""post"."author_id" = $1"#);
/// assert_eq!(condition(|p| p.author.id.gt(7) & p.author.ne(p.editor)), r#""post"."author_id" > $1 AND ("post"."author_id" IS DISTINCT FROM "post"."editor_id")"#);
/// assert_eq!(condition(|p| p.editor.is_null()), r#""post"."editor_id" IS NULL"#);
/// assert_eq!(condition(|p| p.author.in_([1, 2])), r#""post"."author_id" = ANY($1)"#);
/// let staff = User::objects().filter(|u| u.email.endswith("@example.org"));
/// assert_eq!(
///     condition(|p| p.author.in_(staff)),
///     r#""post"."author_id" IN (SELECT "user"."id" FROM "user" WHERE "user"."email" LIKE $1)"#
/// );
/// // By what is behind it, with one join however often the path is used: `LEFT` behind a key that may be NULL.
/// let query = Post::objects().filter(|p| p.author.username.eq("alice")).values(|p| (p.author.id, p.editor.email));
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT "post"."author_id", "user"."email" FROM "post" LEFT JOIN "user" ON "user"."id" = "post"."editor_id" INNER JOIN "user" AS "user_2" ON "user_2"."id" = "post"."author_id" WHERE "user_2"."username" = $1"#
/// );
/// // In `update`.
/// let change = Post::objects().update(|p| (p.author.set(7), p.editor.set(None)));
/// assert_eq!(change.to_sql(), r#"UPDATE "post" SET "author_id" = $1, "editor_id" = $2"#);
/// ```
pub struct Rel<M, N = One> {
    slot: &'static Slot,
    _m: PhantomData<fn() -> (M, N)>,
}

impl<M, N> Clone for Rel<M, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M, N> Copy for Rel<M, N> {}

impl<M, N> fmt::Debug for Rel<M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slot.hop.fmt(f)
    }
}

impl<M, N> Rel<M, N> {
    /// The relation of a field; called once for each path by the derive's code.
    #[doc(hidden)]
    pub fn new(from: Path, field: &'static FieldMeta) -> Self {
        let slot = Slot { hop: Hop { from, field }, fields: OnceLock::new() };
        Rel { slot: Box::leak(Box::new(slot)), _m: PhantomData }
    }

    pub(crate) fn path(self) -> Path {
        Path { hop: Some(&self.slot.hop), ..self.slot.hop.from }
    }

    /// Whether the relation itself leads to any number of rows (and not just the way to it).
    pub(crate) fn is_many(self) -> bool {
        self.slot.hop.field.is_many()
    }

    /// The key of the row it leads to.
    pub(crate) fn key(self) -> Node {
        Node::primary(self.path())
    }
}

impl<M: Model, N: Reach> Deref for Rel<M, N> {
    type Target = M::Fields<N>;

    fn deref(&self) -> &'static M::Fields<N> {
        fields::<M, N>(&self.slot.fields, self.path())
    }
}

/// The fields of a model as the root of a query, one set for each depth of nested closures.
#[derive(Debug)]
pub struct Roots {
    here: Fields,
    deeper: OnceLock<Box<Roots>>,
}

impl Roots {
    /// None yet; the derive keeps one in a `static`.
    #[allow(clippy::new_without_default, reason = "only the derive makes one, in a `static`")]
    pub const fn new() -> Self {
        Roots { here: OnceLock::new(), deeper: OnceLock::new() }
    }

    fn at<M: Model>(&'static self, depth: u8) -> &'static M::Fields<Own> {
        let mut roots = self;
        for _ in 0..depth {
            roots = roots.deeper.get_or_init(|| Box::new(Roots::new()));
        }
        fields::<M, Own>(&roots.here, Path::root(M::meta(), depth))
    }
}

thread_local! {
    static DEPTH: Cell<u8> = const { Cell::new(0) };
}

/// Puts the depth back, also when a closure panics.
struct Leave(u8);

impl Drop for Leave {
    fn drop(&mut self) {
        DEPTH.set(self.0);
    }
}

/// Runs a closure over a model's fields and a query's annotations, one level deeper; says at which depth it ran.
pub(crate) fn enter_with<M: Model, A: Annotations, R>(f: impl FnOnce(A::Arg<M>) -> R) -> (u8, R) {
    let depth = DEPTH.get();
    let _leave = Leave(depth);
    DEPTH.set(depth.saturating_add(1));
    (depth, f(A::arg::<M>(Path::root(M::meta(), depth), M::roots().at::<M>(depth))))
}

/// Runs a closure over a model's fields, one level deeper; says at which depth it ran.
pub(crate) fn enter<M: Model, R>(f: impl FnOnce(&'static M::Fields<Own>) -> R) -> (u8, R) {
    enter_with::<M, (), R>(f)
}
