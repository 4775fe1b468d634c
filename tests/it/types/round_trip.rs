//! Every field type: whatever value goes in comes back the same, at the column's precision, or is an error.
//!
//! A type is a line in one of the files here, and an `impl Sample`. The values are made by the generator of the random
//! conditions and not by proptest, which cannot await the database while it looks for smaller values; what fails is
//! printed whole. `ORM_SEED` and `ORM_CASES` are heeded.

mod check;
mod chrono;
mod jiff;
mod numbers;
mod spans;
mod texts;
mod time;

use crate::random::Random;
use orm::{Draft, Element, Field, FieldType, Result, prelude::*, types::Own};
use std::{cmp::Ordering, fmt::Debug};

/// A field type, by its values.
trait Sample: FieldType + PartialEq + Debug {
    /// Values at the ends, and those that are easily lost.
    fn edges() -> Vec<Self>;

    fn random(random: &mut Random) -> Self;

    /// What comes back; `None` if the value is refused.
    fn stored(&self) -> Option<Self> {
        Some(self.clone())
    }

    /// Whether nothing was lost.
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    /// How the server orders them, for types that have `min` and `max`, and an order that Rust knows.
    fn order(&self, _: &Self) -> Option<Ordering> {
        None
    }

    /// How the server writes it, where that is plain.
    fn text(&self) -> Option<String> {
        None
    }

    /// Whether there is no value whose bytes are the beginning of another's.
    const ENDS: bool = true;

    /// How many times fewer random bytes are read, where these may be a huge value.
    const HUGE: u64 = 1;
}

/// A model of a value, and one that may be NULL.
trait Cell<T: Sample>: orm::Writable + Model<Key = i64> + Clone + Debug {
    fn new(one: T, maybe: Option<T>) -> Draft<Self>;
    async fn create(one: T, maybe: Option<T>) -> Result<Self>;
    fn parts(&mut self) -> (&mut T, &mut Option<T>);
    fn id(fields: &Self::Fields<Own>) -> Field<i64, Own>;
    fn one(fields: &Self::Fields<Own>) -> Field<T, Own>;
    fn maybe(fields: &Self::Fields<Own>) -> Field<Option<T>, Own>;
}

/// A model of arrays.
trait Cells<T: Sample + Element>: orm::Writable + Model<Key = i64> + Clone + Debug {
    fn new(many: Vec<T>, gaps: Vec<Option<T>>, maybe: Option<Vec<T>>) -> Draft<Self>;
    fn parts(&mut self) -> (&mut Vec<T>, &mut Vec<Option<T>>, &mut Option<Vec<T>>);
    fn id(fields: &Self::Fields<Own>) -> Field<i64, Own>;
    fn many(fields: &Self::Fields<Own>) -> Field<Vec<T>, Own>;
}

/// The tests of types, by a name of each.
macro_rules! round_trips {
    ($($name:ident: $ty:ty;)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "for the names that a type is made of")]
            use super::*;
            crate::types::round_trip::alone!($ty);
            crate::types::round_trip::in_arrays!($ty);
        }
    )*};
}
use round_trips;

/// The tests of a type of which there are no arrays.
macro_rules! alone {
    ($ty:ty) => {
        #[derive(orm::Model, Debug, Clone)]
        #[orm(table = "cell", ordering = ["id"])]
        struct Row {
            id: i64,
            one: $ty,
            maybe: Option<$ty>,
        }

        impl crate::types::round_trip::Cell<$ty> for Row {
            fn new(one: $ty, maybe: Option<$ty>) -> orm::Draft<Self> {
                <Row as orm::Model>::draft().one(one).maybe(maybe).build()
            }
            async fn create(one: $ty, maybe: Option<$ty>) -> orm::Result<Self> {
                <Row as orm::Model>::objects().create().one(one).maybe(maybe).await
            }
            fn parts(&mut self) -> (&mut $ty, &mut Option<$ty>) {
                (&mut self.one, &mut self.maybe)
            }
            fn id(fields: &RowFields) -> orm::Field<i64, orm::types::Own> {
                fields.id
            }
            fn one(fields: &RowFields) -> orm::Field<$ty, orm::types::Own> {
                fields.one
            }
            fn maybe(fields: &RowFields) -> orm::Field<Option<$ty>, orm::types::Own> {
                fields.maybe
            }
        }

        #[tokio::test]
        async fn every_value_comes_back_as_it_went_in_and_is_found() {
            crate::types::round_trip::check::cell::<$ty, Row>().await;
        }

        #[test]
        fn no_bytes_are_read_as_what_would_be_written_otherwise() {
            crate::types::round_trip::check::bytes::<$ty>();
        }
    };
}
use alone;

macro_rules! in_arrays {
    ($ty:ty) => {
        #[derive(orm::Model, Debug, Clone)]
        #[orm(table = "cells", ordering = ["id"])]
        struct Rows {
            id: i64,
            many: Vec<$ty>,
            gaps: Vec<Option<$ty>>,
            maybe: Option<Vec<$ty>>,
        }

        impl crate::types::round_trip::Cells<$ty> for Rows {
            fn new(many: Vec<$ty>, gaps: Vec<Option<$ty>>, maybe: Option<Vec<$ty>>) -> orm::Draft<Self> {
                <Rows as orm::Model>::draft().many(many).gaps(gaps).maybe(maybe).build()
            }
            fn parts(&mut self) -> (&mut Vec<$ty>, &mut Vec<Option<$ty>>, &mut Option<Vec<$ty>>) {
                (&mut self.many, &mut self.gaps, &mut self.maybe)
            }
            fn id(fields: &RowsFields) -> orm::Field<i64, orm::types::Own> {
                fields.id
            }
            fn many(fields: &RowsFields) -> orm::Field<Vec<$ty>, orm::types::Own> {
                fields.many
            }
        }

        #[tokio::test]
        async fn arrays_come_back_as_they_went_in_and_are_found() {
            crate::types::round_trip::check::arrays::<$ty, Rows>().await;
        }
    };
}
use in_arrays;
