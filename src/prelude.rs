//! What a program with models needs in scope: `use orm::prelude::*;`.

pub use crate::{
    Connect, Db, DbType, ForeignKey, HasMany, ManyToMany, Model, OptionalKey, QuerySet, ToSql, Transaction,
    atomic, on_commit, try_atomic,
};
#[cfg(feature = "chrono-04")]
pub use chrono::{DateTime, NaiveDate, Utc};
#[cfg(feature = "uuid-1")]
pub use uuid::Uuid;
