//! What the derives' code names. Not public API: it may change in any version.

pub use orm_core::{
    Alone, Annotations, Builder, Check, ColumnType, CompositeField, DbEnum, Draft, Element, Field, FieldMeta,
    FieldType, Flatten, ForeignKey, Given, HasMany, HasOne, HooksOf, Input, Instance, IntoValue, KeyBy, Many,
    ManyToMany, MaterializedView, Missing, Model, ModelField, ModelMeta, NamedKind, NamedType, New, Now,
    OfRows, OnDelete, Ordering, Output, Own, Pairs, Param, Path, Projection, Reach, RecordReader,
    RecordWriter, Rel, RelationField, RelationKind, Result, Roots, Row, RowRef, Select, Shared, Slot,
    SoftDelete, SoftDeleted, SqlType, Text, ToManyField, Unhooked, Unit, Untold, View, Writable,
    column_types, decode_name, decode_number, differ, encode_name, flattened, has, key_conversions, key_to,
    no_column, one_column, place_of, selected,
};
pub use orm_core::{Ordered, Wraps};
// Of validators.
pub use orm_core::{ValidationErrors, Value, field_validators, validators};
#[cfg(feature = "testing")]
pub use orm_postgres::testing::{FromTest, Test, with_fixture};
pub use serde::{Deserialize, Deserializer};
