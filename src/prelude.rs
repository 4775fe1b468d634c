//! What a program with models needs in scope: `use orm::prelude::*;`.
//!
//! ```
//! use orm::prelude::*;
//!
//! #[derive(Model)]
//! struct Tag {
//!     id: Uuid,
//!     name: String,
//!     created_at: DateTime<Utc>,
//! }
//! assert_eq!(
//!     Tag::objects().filter(|t| t.name.eq("rust")).exists().to_sql(),
//!     r#"SELECT 1 FROM "tag" WHERE "tag"."name" = $1 LIMIT $2"#
//! );
//! ```

#[cfg(feature = "bit-vec-010")]
pub use crate::BitFunctions;
#[cfg(feature = "serde-json-1")]
pub use crate::JsonLookups;
pub use crate::{
    Aggregates, ArrayFunctions, Changes, Connect, Containment, Db, DbComposite, DbEnum, DbType, Draft,
    Expression, Flatten, ForeignKey, HasMany, HasOne, Input, ManyToMany, Model, OptionalKey, Projection,
    QuerySet, RangeFunctions, TextLookups, ToSql, Transaction, Upsert, atomic, on_commit, try_atomic,
    window::WindowLookups,
};
pub use crate::{HstoreFunctions, NetFunctions, SearchFunctions, SimilarityFunctions};
pub use crate::{MaterializedView, SoftDelete};
pub use crate::{MathFunctions, Statistics, TextFunctions, TimeFunctions};
#[cfg(feature = "chrono-04")]
pub use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
#[cfg(feature = "rust-decimal-1")]
pub use rust_decimal::Decimal;
#[cfg(feature = "uuid-1")]
pub use uuid::Uuid;
