//! The types and traits behind the words: what verbs return, what closures may return, how fields are reached. Errors
//! name them, and generic code can.

// What the verbs return, to be awaited.
#[cfg(feature = "serde-json-1")]
pub use orm_core::{Actual, Parsed, PlanNode};
pub use orm_core::{
    BulkCreate, BulkUpdate, Change, Count, Delete, Exists, Explain, First, Get, GetOrCreate, GetPage,
    Grouped, InBulk, InBulkBy, InsertFrom, Keyset, PrefetchObjects, Refresh, RefreshMaterializedView, Relate,
    Returning, Save, SaveDraft, Totals, UpdateOrCreate, Upserted,
};
pub use orm_core::{FullClean, Stored};
// What closures return.
pub use orm_core::{
    Assign, Assigns, Columns, Complete, IntoOrder, KeyOf, Names, OfModel, Prefetch, Relations, Select, ToOne,
    Truth,
};
// What expressions are, and where they can stand.
pub use orm_core::{
    Alike, Annotation, Annotations, Arguments, Base, By, CaseStart, Dated, Groups, Instant, LessBy, Like,
    Minus, Moment, Operand, Plus, Span, SumWith, Timed, Timestamp, Typed, kind,
};
// What PostgreSQL's types can do.
#[cfg(feature = "bit-vec-010")]
pub use orm_core::IsBits;
pub use orm_core::{ContainedBy, HasKeys, IsArray, IsRange, MaybeEmpty, Overlap, PartOf, part};
#[cfg(feature = "serde-json-1")]
pub use orm_core::{IsJson, JsonPath};
pub use orm_core::{IsNetwork, Network, OfHstore};
// What texts may name.
pub use orm_core::Lookup;
// Raw SQL.
pub use orm_core::{Bind, Execute, Raw, RawOne, RawSql};
// How a field is reached.
pub use orm_core::{Local, Many, Null, One, Own, Single};
// What fields and rows are made of.
pub use orm_core::{
    Check, ColumnType, CompositeField, FieldMeta, Key, KeyBy, KeyColumns, KeyTo, ModelField, ModelMeta,
    NamedKind, NamedType, Now, Nullness, Of, PairedWith, Pairs, Position, Primary, RangeElement,
    RecordReader, RecordWriter, RelationField, Row, RowRef, SoftDeleted, ToManyField, Unbounded, Unit, Value,
    View, Weight, Whole,
};
// What a builder was given.
pub use orm_core::{Builder, Given, Missing, New};
