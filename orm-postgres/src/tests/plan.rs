//! The plan cache.

use super::models::{POST, USER, table};
use crate::plan::Plans;
use orm_core::{
    ModelMeta,
    ast::{Conflict, Insert, Inserted, Rows, Shape},
};
use std::{
    cell::Cell,
    hash::{BuildHasherDefault, Hasher, RandomState},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

fn insert(model: &'static ModelMeta, rows: Rows) -> Shape {
    let (conflict, returning) = (Conflict::Fail, Inserted::Row);
    Shape::Insert(Insert { into: table(model), columns: Vec::new(), rows, conflict, returning })
}

/// Shapes that differ in a number.
fn shape(rows: u32) -> Shape {
    insert(&POST, Rows::Defaults(rows))
}

#[test]
fn a_shape_is_rendered_once() {
    let plans = Plans::default();
    let (first, again) = (plans.get(&shape(1)), plans.get(&shape(1)));
    assert!(Arc::ptr_eq(&first, &again));
    assert!(!first.read_only);
    assert_eq!(first.output.len(), POST.columns().count());
}

#[test]
fn plans_of_different_shapes_have_different_ids_in_the_whole_process() {
    let (one, other) = (Plans::default(), Plans::default());
    let ids = [one.get(&shape(1)).id, one.get(&shape(2)).id, other.get(&shape(1)).id];
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
}

#[test]
fn no_more_plans_are_kept_than_the_bound() {
    let plans = Plans::<RandomState>::new(4);
    let all: Vec<_> = (1..=10).map(|rows| plans.get(&shape(rows))).collect();
    let kept = all.iter().filter(|plan| Arc::strong_count(plan) > 1).count();
    assert_eq!(kept, 4);
}

#[test]
fn a_plan_used_since_the_hand_last_came_by_stays() {
    let plans = Plans::<RandomState>::new(4);
    let often = plans.get(&shape(1));
    for rows in 2..100 {
        plans.get(&shape(rows));
        assert!(Arc::ptr_eq(&often, &plans.get(&shape(1))), "forgotten at {rows}");
    }
}

#[test]
fn a_cache_of_nothing_still_holds_the_latest_plan() {
    let plans = Plans::<RandomState>::new(0);
    for rows in 1..4 {
        assert!(Arc::ptr_eq(&plans.get(&shape(rows)), &plans.get(&shape(rows))));
    }
}

/// Gives everything one hash.
#[derive(Default)]
struct Constant;

impl Hasher for Constant {
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        0
    }
}

#[test]
fn shapes_of_one_hash_are_told_apart() {
    let plans = Plans::<BuildHasherDefault<Constant>>::new(8);
    let users = plans.get(&insert(&USER, Rows::One));
    let posts = plans.get(&shape(1));
    assert!(users.sql.contains("\"user\""), "{}", users.sql);
    assert!(posts.sql.contains("\"blog_post\""), "{}", posts.sql);
}

thread_local! {
    /// How many hashes are made before one panics.
    static UNTIL_PANIC: Cell<u32> = const { Cell::new(u32::MAX) };
}

/// Panics when told to.
#[derive(Default)]
struct Fragile;

impl Hasher for Fragile {
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        let left = UNTIL_PANIC.get();
        UNTIL_PANIC.set(left.wrapping_sub(1));
        assert!(left > 0, "as the test wants");
        0
    }
}

#[test]
fn a_panic_under_the_lock_does_not_end_the_cache() {
    let plans = Plans::<BuildHasherDefault<Fragile>>::new(8);
    let before = plans.get(&shape(1));
    UNTIL_PANIC.set(1); // one look-up under the read lock goes well, the next is under the write lock
    let panicked = catch_unwind(AssertUnwindSafe(|| plans.get(&shape(2))));
    assert!(panicked.is_err());
    assert!(Arc::ptr_eq(&before, &plans.get(&shape(1))));
    assert!(Arc::ptr_eq(&plans.get(&shape(2)), &plans.get(&shape(2))));
}
