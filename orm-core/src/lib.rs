//! The core of `orm`: what models are, how queries are written, and how they become statements. No I/O.
//!
//! Data flows one way, and each step is a plain value that can be printed:
//! struct → [`ModelMeta`] → query → [`Statement`] → (a driver's) SQL → rows → struct.
//! [`Backend`] is the seam to a driver.

mod annotations;
pub mod ast;
mod backend;
mod convert;
mod db;
mod draft;
mod error;
mod expr;
mod field;
mod flatten;
mod hooks;
mod instance;
mod load;
mod lower;
mod meta;
mod missed;
mod model;
mod node;
mod param;
mod path;
mod queryset;
mod raw;
mod relation;
mod row;
mod sql_type;
mod strings;
mod transaction;
mod validation;
#[doc(hidden)]
pub mod value;
mod view;

pub use annotations::{Alone, Annotation, Annotations, By, Flat, Followed, Groups};
pub use ast::{BinaryOp, Function, Match, Statement, UnaryOp};
pub use backend::{Backend, Cursor, Executor, Frame, Isolation, PoolStatus, TransactionOptions};
pub use convert::{IntoExpr, IntoList, IntoValue, KeyOf, Operand};
pub use db::Db;
pub use draft::{Changes, Draft, Input, SaveDraft, Stored};
pub use error::{DbError, Error, ErrorKind, Result};
#[cfg(feature = "uuid-1")]
pub use expr::functions::{uuid4, uuid7};
pub use expr::search::{self, SearchFunctions};
#[doc(hidden)]
pub use expr::selected;
pub use expr::{
    Agg, Aggregates, Alike, Arguments, ArrayFunctions, Assign, Assigns, Base, Case, CaseStart, Columns, Cond,
    ContainedBy, Containment, Dated, Exists, Expr, Expression, Field, HasKeys, Instant, IntoCond, IntoOrder,
    IsArray, IsRange, LessBy, Like, MathFunctions, MaybeEmpty, Minus, Moment, Order, Overlap, PartOf, Plus,
    Projection, RangeFunctions, Select, Span, Statistics, SumWith, TextFunctions, TextLookups, TimeFunctions,
    Timed, Timestamp, Truth, Typed, Unit as TimeUnit, aggregate, array_subquery, case, func,
    functions::{coalesce, concat, count_all, greatest, least, now::now, nullif, pi, random, value},
    kind::{self, Free},
    part, sql, window,
};
#[cfg(feature = "bit-vec-010")]
pub use expr::{BitFunctions, IsBits};
pub use expr::{HstoreFunctions, IsNetwork, NetFunctions, Network, OfHstore, SimilarityFunctions};
#[cfg(feature = "serde-json-1")]
pub use expr::{IsJson, JsonLookups, JsonPath};
#[cfg(feature = "serde-json-1")]
pub use field::Json;
pub use field::composite::{CompositeField, RecordReader, RecordWriter};
#[doc(hidden)]
pub use field::variants::{decode_name, decode_number, encode_name};
pub use field::{
    CiText, Element, FieldType, Hstore, Interval, MacAddr, Multirange, Now, OrInfinity, Position, Range,
    RangeElement, TsVector, Unbounded, Weight, geometry, variants::DbEnum,
};
pub use flatten::Flatten;
#[doc(hidden)]
pub use flatten::{Shared, Untold, differ, flattened, has, place_of};
#[doc(hidden)]
pub use hooks::{AnyHooks, HooksOf};
pub use hooks::{Connection, Hooks, Signals, Unhooked};
pub use instance::{Delete, Refresh, Save};
#[doc(hidden)]
pub use load::{Batch, Instance, Loaded, Slot};
pub use load::{FetchMode, OfModel, Prefetch, Relations, ToOne};
pub use meta::{
    Check, Column, ColumnType, FieldMeta, KeyColumns, ModelMeta, OnDelete, Ordering, Pairs, Relation,
    RelationKind, SoftDeleted, Table, View,
};
pub use model::{Model, ModelField};
#[doc(hidden)]
pub use model::{column_types, no_column};
pub use node::Node;
#[doc(hidden)]
pub use node::Output;
pub use param::Param;
pub use path::{Local, Many, Null, One, Own, Path, Reach, Rel, Roots, Single};
#[cfg(feature = "serde-json-1")]
pub use queryset::{Actual, Parsed, Plan, PlanNode};
pub use queryset::{
    Always, Builder, BulkCreate, BulkUpdate, Change, Complete, Count, Explain, First, Get, GetOrCreate,
    GetPage, Given, Grouped, InBulk, InBulkBy, InsertFrom, Keyset, Missing, New, Outcome, Page,
    PrefetchObjects, QuerySet, Returning, RowStream, Slice, SoftDelete, ToStatement, Totals, UpdateOrCreate,
    Upsert, Upserted, prefetch_related_objects, secret_key,
};
pub use raw::{Bind, Execute, Raw, RawOne, RawSql, execute, raw};
pub use relation::{
    ForeignKey, HasMany, HasOne, KeyBy, KeyTo, ManyToMany, OptionalKey, PairedWith, Primary, Relate,
    RelationField, ToManyField,
};
#[doc(hidden)]
pub use relation::{key_to, one_column};

pub use row::{Nature, OfRows, OfValue, Row, RowRef, RowSink, Unit};
pub use sql_type::{NamedKind, NamedType, SqlType};
pub use strings::{Allow, Lookup, Names};
#[doc(hidden)]
pub use transaction::run_on_commit_hooks;
pub use transaction::{Transaction, atomic, on_commit, try_atomic};
#[doc(hidden)]
pub use validation::fields as field_validators;
pub use validation::{FullClean, NON_FIELD_ERRORS, ValidationError, ValidationErrors, validators};
#[doc(hidden)]
pub use value::Wraps;
pub use value::{Key, Nullness, Number, Of, Ordered, Text, Value, Whole};

pub use view::{MaterializedView, RefreshMaterializedView, Writable};

use node::Query;

/// Calls a macro with the lists of type parameters of all tuples that rows, orders and assignments can be.
macro_rules! for_tuples {
    ($m:ident) => {
        $m! {
            (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, F) (A, B, C, D, E, F, G)
            (A, B, C, D, E, F, G, H) (A, B, C, D, E, F, G, H, I) (A, B, C, D, E, F, G, H, I, J)
            (A, B, C, D, E, F, G, H, I, J, K) (A, B, C, D, E, F, G, H, I, J, K, L)
        }
    };
}
use for_tuples;
