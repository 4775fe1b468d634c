//! What must hold of every type.

use super::{Cell, Cells, Sample};
use crate::random::{Random, cases, seed};
use orm::{Element, Result, prelude::*, testing::TestDb};
use std::cmp::Ordering;

/// The values to try with what must come back, and those that must be refused.
fn values<T: Sample>(random: &mut Random) -> (Vec<(T, T)>, Vec<T>) {
    let (mut good, mut refused) = (Vec::new(), Vec::new());
    let count = cases(500) / 10;
    for value in T::edges().into_iter().chain((0..count).map(|_| T::random(random))) {
        match value.stored() {
            Some(stored) => good.push((value, stored)),
            None => refused.push(value),
        }
    }
    assert!(good.len() > 1, "{} has no values", std::any::type_name::<T>());
    (good, refused)
}

#[track_caller]
fn same<T: Sample>(found: &T, wanted: &T, given: &T, how: &str) {
    assert!(found.same(wanted), "ORM_SEED={}, {given:?} {how}: {found:?} instead of {wanted:?}", seed());
}

/// Runs a test's body on an empty table.
async fn on<M: Model>(body: impl Future<Output = Result<()>>) {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables([M::meta()]).await.unwrap();
    test.db().scope(body).await.unwrap();
}

pub(super) async fn cell<T: Sample, M: Cell<T>>() {
    on::<M>(async {
        let (good, refused) = values::<T>(&mut Random::new(seed()));
        let mut rows = M::objects()
            .bulk_create(
                good.iter()
                    .enumerate()
                    .map(|(n, (value, _))| M::new(value.clone(), (n % 3 > 0).then(|| value.clone()))),
            )
            .await?;
        let mut read = M::objects().await?;
        let texts = M::objects().values(|c| M::one(c).cast::<String>()).await?;
        for (n, (value, stored)) in good.iter().enumerate() {
            for (row, how) in [(&mut rows[n], "in bulk"), (&mut read[n], "read")] {
                let (one, maybe) = row.parts();
                same(one, stored, value, how);
                assert_eq!(maybe.is_some(), n % 3 > 0);
                maybe.iter().for_each(|maybe| same(maybe, stored, value, "as an option"));
            }
            if let Some(text) = stored.text() {
                assert_eq!(texts[n], text, "as the server writes {value:?}");
            }
            one_by_one(value, stored, &mut rows[n]).await?;
        }
        refuse::<T, M>(&refused).await?;
        ordered::<T, M>(good.into_iter().map(|(_, stored)| stored).collect()).await
    })
    .await;
}

/// Create, find, update, save, and NULL.
async fn one_by_one<T: Sample, M: Cell<T>>(value: &T, stored: &T, other: &mut M) -> Result<()> {
    let mut row = M::create(value.clone(), None).await?;
    let key = row.key();
    same(row.parts().0, stored, value, "created");
    let found = |row: i64| M::objects().filter(move |c| M::id(c).eq(row));
    assert!(found(key).filter(|c| M::one(c).eq(value.clone())).exists().await?, "{value:?} is not found");
    assert!(
        found(key).filter(|c| M::one(c).in_([value.clone()])).exists().await?,
        "{value:?} is not in a list"
    );
    assert!(!found(key).filter(|c| M::one(c).ne(value.clone())).exists().await?, "{value:?} is not itself");
    assert!(found(key).filter(|c| M::maybe(c).is_null() & M::maybe(c).ne(value.clone())).exists().await?);
    *row.parts().1 = Some(value.clone());
    row.save().await?;
    same(row.parts().1.as_ref().unwrap(), stored, value, "saved");
    assert!(found(key).filter(|c| M::maybe(c).eq(value.clone())).exists().await?, "{value:?} is not found");
    found(other.key()).update(|c| (M::one(c).set(value.clone()), M::maybe(c).set(None))).await?;
    other.refresh().await?;
    same(other.parts().0, stored, value, "updated");
    assert!(other.parts().1.is_none());
    assert_eq!(found(key).delete().await?, 1);
    Ok(())
}

async fn refuse<T: Sample, M: Cell<T>>(refused: &[T]) -> Result<()> {
    let before = M::objects().count().await?;
    for value in refused {
        for error in [
            M::create(value.clone(), None).await.unwrap_err(),
            M::objects().bulk_create([M::new(value.clone(), None)]).await.unwrap_err(),
            M::objects().update(|c| M::maybe(c).set(value.clone())).await.unwrap_err(),
            M::objects().filter(|c| M::one(c).eq(value.clone())).count().await.unwrap_err(),
            M::objects().filter(|c| M::one(c).in_([value.clone()])).count().await.unwrap_err(),
        ] {
            assert!(error.is_invalid_value() && error.sql().is_none(), "{value:?}: {error}");
        }
    }
    assert_eq!(M::objects().count().await?, before);
    Ok(())
}

/// Comparisons and aggregates agree with Rust's order.
async fn ordered<T: Sample, M: Cell<T>>(mut values: Vec<T>) -> Result<()> {
    if values[0].order(&values[0]).is_none() {
        return Ok(());
    }
    let order = |a: &T, b: &T| a.order(b).unwrap();
    values.sort_by(order);
    let (first, last) = (&values[0], &values[values.len() - 1]);
    let end = |name| M::objects().aggregate(move |c| orm::aggregate::<Option<T>, _>(name, M::one(c)));
    let (min, max) = (end("min").await?, end("max").await?);
    assert_eq!((order(&min.unwrap(), first), order(&max.unwrap(), last)), (Ordering::Equal, Ordering::Equal));
    let found = M::objects().order_by(|c| M::one(c)).values(|c| M::one(c)).await?;
    assert_eq!(found.len(), values.len());
    for (found, wanted) in found.iter().zip(&values) {
        assert_eq!(order(found, wanted), Ordering::Equal, "{found:?} instead of {wanted:?}");
    }
    for at in [0, values.len() / 3, values.len() - 1] {
        let value = &values[at];
        let count = |wanted: &[Ordering]| {
            values.iter().filter(|other| wanted.contains(&order(other, value))).count() as i64
        };
        let (less, equal, greater) =
            (&[Ordering::Less][..], &[Ordering::Equal][..], &[Ordering::Greater][..]);
        assert_eq!(M::objects().filter(|c| M::one(c).lt(value.clone())).count().await?, count(less));
        assert_eq!(M::objects().filter(|c| M::one(c).gt(value.clone())).count().await?, count(greater));
        assert_eq!(M::objects().filter(|c| M::one(c).eq(value.clone())).count().await?, count(equal));
        let range = M::objects().filter(|c| M::one(c).range(first.clone(), value.clone()));
        assert_eq!(range.count().await?, count(less) + count(equal));
        let either = M::objects().filter(|c| M::one(c).in_([value, last].map(T::clone))).count().await?;
        let last = values.iter().filter(|other| order(other, last).is_eq()).count() as i64;
        assert_eq!(
            either,
            if order(value, &values[values.len() - 1]).is_eq() { last } else { count(equal) + last }
        );
    }
    Ok(())
}

pub(super) async fn arrays<T: Sample + Element, M: Cells<T>>() {
    on::<M>(async {
        let mut random = Random::new(seed());
        let (good, refused) = values::<T>(&mut random);
        let mut wanted = vec![good.clone(), Vec::new()];
        wanted.extend((0..10).map(|_| {
            (0..random.below(5)).map(|_| good[random.below(good.len() as u64) as usize].clone()).collect()
        }));
        let given = |values: &[(T, T)]| values.iter().map(|(given, _)| given.clone()).collect::<Vec<_>>();
        let gaps = |values: &[(T, T)]| {
            given(values).into_iter().flat_map(|value| [None, Some(value)]).collect::<Vec<_>>()
        };
        let mut rows =
            M::objects()
                .bulk_create(wanted.iter().enumerate().map(|(n, values)| {
                    M::new(given(values), gaps(values), (n % 2 > 0).then(|| given(values)))
                }))
                .await?;
        for (n, values) in wanted.iter().enumerate() {
            let row = &mut rows[n];
            let found =
                M::objects().filter(|c| M::many(c).eq(given(values)) & M::id(c).eq(row.key())).one().await;
            for row in [&mut found?, row] {
                let (many, gaps, maybe) = row.parts();
                assert_eq!(
                    (many.len(), gaps.len(), maybe.is_some()),
                    (values.len(), 2 * values.len(), n % 2 > 0)
                );
                for (at, (value, stored)) in values.iter().enumerate() {
                    same(&many[at], stored, value, "in an array");
                    same(gaps[2 * at + 1].as_ref().unwrap(), stored, value, "in an array with NULLs");
                    assert_eq!(gaps[2 * at], None);
                    maybe
                        .iter()
                        .for_each(|maybe| same(&maybe[at], stored, value, "in an array that may be NULL"));
                }
            }
            *row.parts().0 = given(&wanted[0]);
            row.save().await?;
            wanted[0]
                .iter()
                .zip(row.parts().0)
                .for_each(|((value, stored), found)| same(found, stored, value, "saved"));
        }
        for value in refused {
            let array = || vec![good[0].0.clone(), value.clone()];
            for error in [
                M::objects().bulk_create([M::new(array(), vec![], None)]).await.unwrap_err(),
                M::objects()
                    .bulk_create([M::new(vec![], vec![None, Some(value.clone())], None)])
                    .await
                    .unwrap_err(),
                M::objects().update(|c| M::many(c).set(array())).await.unwrap_err(),
            ] {
                assert!(error.is_invalid_value() && error.sql().is_none(), "{value:?}: {error}");
            }
        }
        Ok(())
    })
    .await;
}

/// Bytes of any kind are read without a panic, as what is written the same again or an error; an encoding that is cut off
/// or too long is an error.
pub(super) fn bytes<T: Sample>() {
    let mut random = Random::new(seed());
    let (good, _) = values::<T>(&mut random);
    let encode = |value: &T| {
        let mut out = Vec::new();
        value.encode(&mut out).map(|()| out)
    };
    let encoded: Vec<_> = good.iter().map(|(value, _)| encode(value).unwrap()).collect();
    for (bytes, (value, stored)) in encoded.iter().zip(&good) {
        same(&T::decode(bytes).unwrap(), stored, value, "decoded");
        if T::ENDS && bytes.len() < 1_000 {
            (0..bytes.len())
                .for_each(|end| assert!(T::decode(&bytes[..end]).is_err(), "{value:?} cut after {end}"));
            assert!(T::decode(&[&bytes[..], &[0]].concat()).is_err(), "{value:?} and a byte more");
        }
    }
    for _ in 0..cases(500) * 10 / T::HUGE {
        let mut bytes = match random.below(3) {
            0 => {
                let length = random.below(24);
                random.bytes(length)
            }
            _ => encoded[random.below(encoded.len() as u64) as usize].clone(),
        };
        for _ in 0..random.below(4).min(bytes.len() as u64) {
            let at = random.below(bytes.len() as u64) as usize;
            bytes[at] = random.pick(&[0, 1, 0x7f, 0x80, 0xff, bytes[at] ^ 1, bytes[at].wrapping_add(1)]);
        }
        if let Ok(value) = T::decode(&bytes)
            && let Ok(again) = encode(&value)
        {
            same(&T::decode(&again).unwrap(), &value, &value, "written again");
        }
    }
}
