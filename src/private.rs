//! What the derives' code names. Not public API: it may change in any version.

pub use orm_core::{
    Builder, Check, ColumnType, Draft, Element, Field, FieldMeta, FieldType, ForeignKey, Given, HasMany,
    Input, IntoExpr, IntoValue, Many, ManyToMany, Missing, Model, ModelField, ModelMeta, NamedKind,
    NamedType, New, Now, OnDelete, Ordering, Own, Param, Path, Reach, Rel, RelationField, RelationKind,
    Result, Roots, RowRef, SqlType, Text, ToManyField, Unit, key_conversions, no_column,
};
#[cfg(feature = "testing")]
pub use orm_postgres::testing::{FromTest, Test, with_fixture};
pub use serde::de::MapAccess;
