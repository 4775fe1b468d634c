//! What a column or an expression can be typed as: a scalar or an `Option` of one.

use crate::{Element, FieldType, Function, Node, Param, Result, Row, RowRef, SqlType, node::Aggregate};

/// The type of a column or an expression: a [`FieldType`], or an `Option` of one.
pub trait Value: Send + Sync + 'static {
    /// The type without NULL.
    type Base: FieldType;
    /// Whether it can be NULL.
    type Nulls: Nullness;
}
impl<S: FieldType> Value for S {
    type Base = S;
    type Nulls = Never;
}
impl<S: FieldType> Value for Option<S> {
    type Base = S;
    type Nulls = Maybe;
}

/// Whether a value can be NULL: [`Never`] or [`Maybe`].
pub trait Nullness: 'static {
    /// NULL if one of two is.
    type Or<R: Nullness>: Nullness;
    /// NULL only if both are.
    type And<R: Nullness>: Nullness;
    /// The type of a value.
    type Of<S: FieldType>: Value<Base = S> + Row;
}

/// Never NULL.
#[derive(Debug)]
pub struct Never;
/// Perhaps NULL.
#[derive(Debug)]
pub struct Maybe;

impl Nullness for Never {
    type Or<R: Nullness> = R;
    type And<R: Nullness> = Never;
    type Of<S: FieldType> = S;
}
impl Nullness for Maybe {
    type Or<R: Nullness> = Maybe;
    type And<R: Nullness> = R;
    type Of<S: FieldType> = Option<S>;
}

/// `S`, as an `Option` if one of two may be NULL.
pub type Either<A, B, S> = <<A as Nullness>::Or<B> as Nullness>::Of<S>;

/// A value type over the scalar `S`: `S` or `Option<S>`.
// A trait of its own, because an unmet trait has a message of ours and a mismatched associated type has none.
#[diagnostic::on_unimplemented(
    message = "expected an expression of type `{S}`, found one of type `{Self}`",
    label = "expected `{S}`, found `{Self}`",
    note = "`.cast::<{S}>()` converts in SQL"
)]
pub trait Of<S>: Value<Base = S> {}
impl<S: FieldType> Of<S> for S {}
impl<S: FieldType> Of<S> for Option<S> {}

/// Types with the lookups of text. `Uuid` is one, by its text.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// // Comes with `DbType`, as it wraps a `String`.
/// #[derive(DbType, Debug, Clone)]
/// struct Slug(String);
///
/// #[derive(Model)]
/// struct Page {
///     id: i64,
///     slug: Slug,
/// }
///
/// let query = Page::objects().filter(|p| p.slug.startswith("rust-")).count();
/// assert_eq!(
///     query.to_sql(),
///     r#"SELECT COUNT(*) FROM "page" WHERE "page"."slug" LIKE $1"#
/// );
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "this method is for `String` fields"
)]
pub trait Text: FieldType {}
impl Text for String {}
#[cfg(feature = "uuid-1")]
impl Text for uuid::Uuid {}

/// Types that can be calculated with in SQL: those of Rust, and one of your own if you say so.
///
/// ```
/// # mod models { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/doc/models.rs")); } use models::*;
/// #[derive(DbType, Debug, Clone, PartialEq)]
/// struct Cents(i64);
///
/// impl orm::Number for Cents {
///     type Sum = Cents;
/// }
///
/// #[derive(Model)]
/// struct Sale {
///     id: i64,
///     price: Cents,
/// }
///
/// let query = Sale::objects().filter(|s| (s.price * Cents(2)).gt(Cents(100))).count();
/// assert_eq!(query.to_sql(), r#"SELECT COUNT(*) FROM "sale" WHERE "sale"."price" * $1 > $2"#);
/// let total = Sale::objects().aggregate(|s| s.price.sum()); // Option<Cents>
/// ```
#[diagnostic::on_unimplemented(message = "`{Self}` is not a number", label = "this operation is for numbers")]
pub trait Number: FieldType {
    /// The type of a sum.
    type Sum: FieldType;
}
macro_rules! numbers { ($($t:ty: $sum:ty),*) => {$(
    #[diagnostic::do_not_recommend]
    impl Number for $t {
        type Sum = $sum;
    }
)*}}
numbers!(i16: i64, i32: i64, i64: i64, u8: i64, u16: i64, u32: i64, u64: i64, f32: f32, f64: f64);
#[cfg(feature = "bigdecimal-04")]
numbers!(bigdecimal::BigDecimal: Self);
#[cfg(feature = "rust-decimal-1")]
numbers!(rust_decimal::Decimal: Self);

/// Types of which PostgreSQL has `min` and `max`
/// ([Aggregate Functions](https://www.postgresql.org/docs/current/functions-aggregate.html)): numbers, texts, times, intervals,
/// addresses of networks, enums, and arrays of these. A newtype is if what it wraps is; a `FieldType` of yours needs one line.
///
/// ```
/// # use orm::{FieldType, Result, SqlType};
/// # #[derive(Clone, Debug, PartialEq)]
/// # struct Celsius(f64);
/// # impl FieldType for Celsius {
/// #     const TYPE: SqlType = SqlType::Float8;
/// #     fn encode(&self, out: &mut Vec<u8>) -> Result<()> { self.0.encode(out) }
/// #     fn decode(bytes: &[u8]) -> Result<Self> { f64::decode(bytes).map(Celsius) }
/// # }
/// impl orm::Ordered for Celsius {}
/// ```
#[diagnostic::on_unimplemented(
    message = "PostgreSQL has no smallest and no largest `{Self}`",
    label = "`min` and `max` are for numbers, texts, times, enums, and arrays of them",
    note = "`order_by` and `first` find the row with the first or the last one; a `FieldType` of your own needs an `impl orm::Ordered`"
)]
// No `FieldType` is asked for, or one that cannot be derived would be two mistakes.
pub trait Ordered {}
macro_rules! ordered { ($([$($g:tt)*] $t:ty;)*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Ordered for $t {}
)*}}
ordered! {
    [] i16; [] i32; [] i64; [] u8; [] u16; [] u32; [] u64; [] f32; [] f64;
    [] String; [] crate::CiText; [] crate::Interval; [] core::net::IpAddr;
    [T: Ordered + Element] Vec<T>;
    [T: Ordered + Element] Vec<Option<T>>;
    [T: Ordered] crate::OrInfinity<T>;
    [T: Wraps<Inner: Ordered>] T;
}
#[cfg(feature = "bigdecimal-04")]
ordered!([] bigdecimal::BigDecimal;);
#[cfg(feature = "cidr-03")]
ordered!([] cidr::IpInet;);
#[cfg(feature = "rust-decimal-1")]
ordered!([] rust_decimal::Decimal;);

/// What a newtype of `#[derive(DbType)]` wraps.
#[doc(hidden)]
pub trait Wraps {
    /// The type in it.
    type Inner;
}

/// The integers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an integer",
    label = "this operation is for integers"
)]
pub trait Whole: Number {}
macro_rules! integers { ($($t:ty),*) => {$(
    #[diagnostic::do_not_recommend]
    impl Whole for $t {}
)*}}
integers!(i16, i32, i64, u8, u16, u32, u64);

/// `sum` as the sum's type: PostgreSQL's sum of `bigint` is `numeric`.
pub(crate) fn sum<T: Number>(of: Node) -> Aggregate {
    let cast = (T::TYPE == SqlType::Int8).then_some(T::Sum::TYPE);
    Aggregate { cast, ..Aggregate::new(Function::SUM, [of]) }
}

/// `avg` as `double precision`: PostgreSQL's average of integers is `numeric`.
pub(crate) fn avg<T: Number>(of: Node) -> Aggregate {
    let cast = (!matches!(T::TYPE, SqlType::Float4 | SqlType::Float8)).then_some(SqlType::Float8);
    Aggregate { cast, ..Aggregate::new(Function::AVG, [of]) }
}

/// What can be sent for a field of this type.
pub trait Storable {
    /// The type it is sent as.
    const SQL: SqlType;
    /// The value, encoded.
    fn to_param(&self) -> Param;
}
impl<S: FieldType> Storable for S {
    const SQL: SqlType = S::TYPE;
    fn to_param(&self) -> Param {
        Param::new(Some(self))
    }
}
impl<S: FieldType> Storable for Option<S> {
    const SQL: SqlType = S::TYPE;
    fn to_param(&self) -> Param {
        Param::new(self.as_ref())
    }
}

/// The type of a primary key: a column's, or a tuple of columns' for a key of several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a primary key",
    label = "a primary key can be compared and printed",
    note = "add `#[derive(PartialEq, Debug)]` to `{Self}`"
)]
pub trait Key: Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// The types of its columns.
    const TYPES: &'static [SqlType];
    /// Reads it from the next cells of a row; `None` if the first one is NULL.
    ///
    /// # Errors
    /// If a cell does not fit.
    fn read(row: &mut RowRef<'_>) -> Result<Option<Self>>;
    /// The key, encoded.
    fn param(&self) -> Param;
}

#[diagnostic::do_not_recommend]
impl<S: FieldType + PartialEq + std::fmt::Debug> Key for S {
    const TYPES: &'static [SqlType] = &[S::TYPE];
    #[inline]
    fn read(row: &mut RowRef<'_>) -> Result<Option<Self>> {
        row.option()
    }
    fn param(&self) -> Param {
        Param::new(Some(self))
    }
}

macro_rules! keys { ($(($($t:ident $at:tt),*))*) => {$(
    #[diagnostic::do_not_recommend]
    impl<$($t: FieldType + PartialEq + std::fmt::Debug),*> Key for ($($t,)*) {
        const TYPES: &'static [SqlType] = &[$($t::TYPE),*];
        fn read(row: &mut RowRef<'_>) -> Result<Option<Self>> {
            if row.is_null(0) {
                row.skip(Self::TYPES.len());
                return Ok(None);
            }
            Ok(Some(($(row.value::<$t>()?,)*)))
        }
        fn param(&self) -> Param {
            Param::row(Self::TYPES[0], vec![$(Param::new(Some(&self.$at))),*])
        }
    }
)*}}
keys!((A 0, B 1) (A 0, B 1, C 2) (A 0, B 1, C 2, D 3));
