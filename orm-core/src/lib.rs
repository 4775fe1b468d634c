//! The core of `orm`: what models are, how queries are written, and how they become statements. No I/O.
//!
//! Data flows one way, and each step is a plain value that can be printed:
//! struct → [`ModelMeta`] → query → [`Statement`] → (a driver's) SQL → rows → struct.
//! [`Backend`] is the seam to a driver.

pub mod ast;
mod backend;
mod error;
mod field;
mod meta;
mod param;
mod row;
mod sql_type;

pub use ast::Statement;
pub use backend::{Backend, Cursor, Executor, Frame, Isolation, TransactionOptions};
pub use error::{DbError, Error, ErrorKind, Result};
pub use field::{FieldType, Now};
pub use meta::{Column, FieldMeta, ModelMeta, OnDelete, Ordering, Relation, RelationKind, Table};
pub use param::Param;
pub use row::{RowRef, RowSink};
pub use sql_type::SqlType;
