//! Kinds of expressions: whether there is a value for each row, for each related row or for each group. Where an expression
//! can stand, and what comes of two in one, is decided by kind, when the program is compiled.

/// What an expression has a value for: one of the kinds in this module.
pub trait Kind: Send + Sync + 'static {
    /// What it becomes in one expression with another.
    type With<K: Kind>: Kind;
    /// What a comparison of it is: of related rows it is asked whether there is one.
    type Cond: Kind;
    /// What an aggregate of it is.
    type Aggregated: Kind;
    /// What a window function of it is.
    type Windowed: Kind;
    /// What an aggregate of this kind is of.
    type Over: Kind;
    /// What it is as the key of a group, and beside one.
    type Grouped: Kind;
    #[doc(hidden)]
    type WithRow: Kind;
    #[doc(hidden)]
    type WithRelated: Kind;
    #[doc(hidden)]
    type WithGroup: Kind;
    #[doc(hidden)]
    type WithWindow: Kind;
    #[doc(hidden)]
    type WithGroupWindow: Kind;
}

macro_rules! kinds { ($($(#[$m:meta])* $name:ident: $with:ty, cond $cond:ty, aggregated $agg:ty, windowed $win:ty, over $over:ty, grouped $grouped:ty,
    beside [$row:ty, $related:ty, $group:ty, $window:ty, $group_window:ty];)*) => {$(
    $(#[$m])*
    #[derive(Clone, Copy, Debug)]
    pub struct $name;

    impl Kind for $name {
        type With<K: Kind> = $with;
        type Cond = $cond;
        type Aggregated = $agg;
        type Windowed = $win;
        type Over = $over;
        type Grouped = $grouped;
        type WithRow = $row;
        type WithRelated = $related;
        type WithGroup = $group;
        type WithWindow = $window;
        type WithGroupWindow = $group_window;
    }
)*}}
kinds! {
    /// Values that were given, and subqueries: they can stand anywhere.
    Free: K, cond PerRow, aggregated PerGroup, windowed Windowed, over Mixed, grouped PerGroup,
        beside [PerRow, PerRelated, PerGroup, Windowed, WindowedGroup];
    /// A value for each row: columns, also of rows that keys lead to, and aggregates of related rows.
    PerRow: K::WithRow, cond PerRow, aggregated PerGroup, windowed Windowed, over PerRelated, grouped PerGroup,
        beside [PerRow, PerRelated, Mixed, Windowed, Mixed];
    /// A value for each related row, across a to-many relation: it can be compared or aggregated.
    PerRelated: K::WithRelated, cond PerRow, aggregated PerRow, windowed Mixed, over Mixed, grouped Mixed,
        beside [PerRelated, PerRelated, Mixed, Mixed, Mixed];
    /// A value for each group of rows, or for all of them: aggregates, and what rows were grouped by.
    PerGroup: K::WithGroup, cond PerGroup, aggregated OfGroups, windowed WindowedGroup, over PerRow, grouped PerGroup,
        beside [Mixed, Mixed, PerGroup, Mixed, WindowedGroup];
    /// A value for each row that depends on the rows around it: window functions.
    Windowed: K::WithWindow, cond Windowed, aggregated Mixed, windowed Mixed, over Mixed, grouped Mixed,
        beside [Windowed, Mixed, Mixed, Windowed, Mixed];
    /// A value for each group that depends on the groups around it.
    WindowedGroup: K::WithGroupWindow, cond WindowedGroup, aggregated Mixed, windowed Mixed, over Mixed, grouped WindowedGroup,
        beside [Mixed, Mixed, WindowedGroup, Mixed, WindowedGroup];
    /// An aggregate of what there is for each group: a value when it is over a window of groups.
    OfGroups: Mixed, cond Mixed, aggregated Mixed, windowed Mixed, over PerGroup, grouped Mixed,
        beside [Mixed, Mixed, Mixed, Mixed, Mixed];
    /// Single rows and groups of them in one expression, an aggregate of a window function: it can stand nowhere.
    Mixed: Mixed, cond Mixed, aggregated Mixed, windowed Mixed, over Mixed, grouped Mixed,
        beside [Mixed, Mixed, Mixed, Mixed, Mixed];
}

/// The kinds of columns, however they are reached.
#[doc(hidden)]
pub trait RowKind: Kind<Cond = PerRow> + Kind<With<Free> = Self> {}
impl RowKind for PerRow {}
impl RowKind for PerRelated {}

/// The kinds of what can be compared with a column and assigned to one: [`PerRow`] and [`Free`].
#[diagnostic::on_unimplemented(
    message = "a value `{Self}` is not one of each row",
    label = "expected a value of each row",
    note = "an aggregate of the query's own fields has one value for all rows: for `aggregate`, `group_by(…).annotate(…)` and `having`"
)]
pub trait OfRow: Kind<WithRow = PerRow> + Kind<WithRelated = PerRelated> {}
impl OfRow for Free {}
impl OfRow for PerRow {}

/// Kinds that can be read, and ordered by, where there is one value `K`: [`PerRow`], or [`PerGroup`].
#[diagnostic::on_unimplemented(
    message = "a value `{Self}` cannot stand where values `{K}` are wanted",
    label = "found a value `{Self}`",
    note = "a field is a value `PerRow`, for `values` and `annotate`; an aggregate of the query's own fields is a value `PerGroup`, for `aggregate` and `group_by(…).annotate(…)`"
)]
pub trait Stands<K> {}
impl Stands<PerRow> for Free {}
impl Stands<PerGroup> for Free {}
impl Stands<PerRow> for PerRow {}
impl Stands<PerRelated> for Free {}
impl Stands<PerRelated> for PerRow {}
impl Stands<PerRelated> for PerRelated {}
impl Stands<PerRow> for Windowed {}
impl Stands<PerGroup> for PerGroup {}
impl Stands<PerGroup> for WindowedGroup {}

/// Kinds of conditions that can stand where conditions are `K`.
pub trait Filters<K> {}
impl Filters<PerRow> for Free {}
impl Filters<PerGroup> for Free {}
impl Filters<Windowed> for Free {}
impl Filters<WindowedGroup> for Free {}
impl Filters<PerRow> for PerRow {}
impl Filters<Windowed> for PerRow {}
impl Filters<PerGroup> for PerGroup {}
impl Filters<WindowedGroup> for PerGroup {}
impl Filters<Windowed> for Windowed {}
impl Filters<WindowedGroup> for WindowedGroup {}
impl Filters<Mixed> for Mixed {}

/// The kind of two expressions in one.
pub type Beside<A, B> = <A as Kind>::With<B>;
/// The kind of a comparison of two expressions.
pub type Compared<A, B> = <<A as Kind>::With<B> as Kind>::Cond;
