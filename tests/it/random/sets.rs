//! Queries over queries, against the evaluation of the rows in memory: unions and differences are those of sets, a subquery goes on where
//! its query ended, and an outer reference speaks of the row that it was taken from.

use super::{
    Random, cases,
    models::{Book, Land, Person, Review, Topic},
    queries::world,
    rows::Rows,
    said::*,
    seed,
    speak::{Speak, build},
};
use orm::{Result, prelude::*, types::Row, window};
use std::collections::{BTreeMap, BTreeSet};

struct Case {
    table: Table,
    one: Said,
    other: Said,
    attribute: Attribute,
    limit: u64,
}

impl Random {
    fn sets(&mut self) -> Case {
        let table = self.pick(&Table::ALL);
        Case {
            table,
            one: self.said(table, 2),
            other: self.said(table, 2),
            attribute: self.number(table),
            limit: self.below(6),
        }
    }
}

/// The keys of rows, which must be those expected.
async fn same<M: Speak>(
    what: &str,
    query: QuerySet<M>,
    expected: impl IntoIterator<Item = i64>,
) -> Result<()> {
    let expected: Vec<_> = expected.into_iter().collect();
    let count = query.clone().count().await?;
    let keys = query.order_by(|row| M::number(row, Key)).values(|row| M::number(row, Key)).await?;
    assert_eq!(keys, expected, "{what}");
    assert_eq!(count, expected.len() as i64, "the number of rows of {what}");
    Ok(())
}

impl Case {
    /// What the library finds, against the evaluation of the rows in memory.
    async fn check<M: Speak + Row<Lead<M> = M, Over = ()>>(&self, rows: &Rows, db: &Db) -> Result<()> {
        let all = || M::objects().using(db).order_by(|_| ());
        let one = || all().filter(|row| build::<M>(row, &self.one));
        let other = || all().filter(|row| build::<M>(row, &self.other));
        let keys = |said: &Said| -> BTreeSet<i64> {
            rows.keys(self.table).filter(|key| rows.holds(said, (self.table, *key))).collect()
        };
        let (a, b) = (keys(&self.one), keys(&self.other));

        same("the union", one().union(other()), a.union(&b).copied()).await?;
        same("the intersection", one().intersection(other()), a.intersection(&b).copied()).await?;
        same("the difference", one().difference(other()), a.difference(&b).copied()).await?;
        let twice: Vec<_> = a.iter().flat_map(|key| [*key; 2]).collect();
        same("twice", one().union_all(one()), twice).await?;
        let both = || one().subquery().filter(|row| build::<M>(row, &self.other));
        same("a subquery that is filtered", both(), a.intersection(&b).copied()).await?;
        same(
            "a common table",
            one().cte().filter(|row| build::<M>(row, &self.other)),
            a.intersection(&b).copied(),
        )
        .await?;

        let first = a.iter().take(self.limit as usize).copied();
        let few = one().order_by(|row| M::number(row, Key)).limit(self.limit).subquery();
        let few = few.filter(|row| build::<M>(row, &self.other));
        same("some of a subquery", few, first.clone().filter(|key| b.contains(key))).await?;
        let places = one()
            .values(|row| M::number(row, Key))
            .annotate(|row| window::row_number().over(|w| w.order_by(M::number(row, Key))))
            .subquery()
            .filter(|(_, place)| place.lte(self.limit as i64))
            .order_by(|(_, place)| place)
            .values(|(key, _)| key);
        assert_eq!(places.await?, first.collect::<Vec<_>>(), "the first places");

        let mut least = BTreeMap::new();
        let mut counts = BTreeMap::new();
        for key in &a {
            let value = rows.value((self.table, *key), &[], self.attribute).unwrap_or(-1);
            least.entry(value).or_insert(*key);
            *counts.entry(value).or_insert(0) += 1;
        }
        let distinct = one()
            .annotate(|row| M::number(row, self.attribute))
            .distinct_on(|(_, value)| value)
            .order_by(|(row, value)| (value, M::number(row, Key)))
            .values(|(row, value)| (value, M::number(row, Key)));
        assert_eq!(distinct.await?, least.into_iter().collect::<Vec<_>>(), "the first of each value");
        let having = one()
            .group_by(|row| M::number(row, self.attribute))
            .annotate(|row| M::number(row, Key).count())
            .having(|(_, _, n)| n.gt(1))
            .order_by(|(_, value, _)| value);
        let groups: Vec<(i64, i64)> = counts.into_iter().filter(|(_, n)| *n > 1).collect();
        assert_eq!(having.clone().await?, groups, "groups of more than one");
        let total = having.subquery().aggregate(|(_, n)| n.sum().cast::<i64>().or(0)).await?;
        assert_eq!(total, groups.iter().map(|(_, n)| n).sum::<i64>(), "what is in groups of more than one");

        // The same row again, by an outer reference.
        let again = one().filter(|row| {
            let key = M::number(row, Key);
            let it = M::objects().order_by(|_| ()).filter(|inner| M::number(inner, Key).eq(key));
            it.filter(|inner| build::<M>(inner, &self.other)).exists()
        });
        same("an outer reference", again, a.intersection(&b).copied()).await?;
        let counted = one().filter(|row| {
            let value = M::number(row, self.attribute);
            let like = M::objects().order_by(|_| ()).filter(|row| build::<M>(row, &self.other));
            like.filter(|inner| M::number(inner, self.attribute).eq(value)).count().gt(1)
        });
        let value = |key: i64| rows.value((self.table, key), &[], self.attribute).unwrap_or(-1);
        let of_others = |key: &i64| b.iter().filter(|other| value(**other) == value(*key)).count();
        same("a count by an outer reference", counted, a.iter().copied().filter(|key| of_others(key) > 1))
            .await
    }
}

#[tokio::test]
async fn queries_over_queries_do_with_rows_what_sets_do() {
    let test = world().await;
    let mut random = Random::of(7, 0);
    let mut rows = Rows::random(&mut random);
    for case in 0..cases(2_000) / 20 {
        if case % 50 == 0 {
            rows = Rows::random(&mut random);
            rows.store(test.db()).await.unwrap();
        }
        let asked = random.sets();
        let Case { table, one, other, attribute, limit } = &asked;
        eprintln!("ORM_SEED={}, case {case}: {table:?}\n{one:?}\n{other:?}\n{attribute:?} {limit}", seed());
        match table {
            Table::Land => asked.check::<Land>(&rows, test.db()).await,
            Table::Person => asked.check::<Person>(&rows, test.db()).await,
            Table::Book => asked.check::<Book>(&rows, test.db()).await,
            Table::Review => asked.check::<Review>(&rows, test.db()).await,
            Table::Topic => asked.check::<Topic>(&rows, test.db()).await,
        }
        .unwrap();
    }
}
