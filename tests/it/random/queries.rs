//! Random queries over random rows find what a naive evaluation in memory finds.
//!
//! `ORM_SEED` and `ORM_CASES` set the seed and the number of queries. A failure shows a query that has been made as small as
//! it can be; `ORM_CASE` with its number asks it alone.

use super::{
    Random, cases,
    models::{Book, Land, Person, Review, Topic, all},
    rows::Rows,
    said::*,
    seed, set,
    speak::{Speak, build, total},
};
use futures_util::{StreamExt, stream};
use orm::{Order, prelude::*, testing::TestDb, types::Own};
use std::{cmp::Ordering, collections::BTreeMap};

/// How many queries are asked of the same rows, and how many at once.
const BATCH: u64 = 250;
const AT_ONCE: usize = 6;

#[derive(Clone, Debug)]
struct Asked {
    table: Table,
    /// Whether to exclude, and what.
    calls: Vec<(bool, Said)>,
    order: Vec<(By, bool)>,
    reverse: bool,
    limit: Option<u64>,
    offset: Option<u64>,
    what: What,
}

#[derive(Clone, Debug)]
enum By {
    Number(Vec<Step>, Attribute),
    Total(Total),
}

#[derive(Clone, Debug)]
enum What {
    Rows,
    Count,
    Exists,
    /// The different values.
    Distinct(Attribute),
    /// Number of rows, sum, least and greatest.
    Totals(Attribute),
    /// Rows with two annotations.
    With(Total, Total),
    /// Rows with the value of a condition.
    Truth(Said),
    /// Number of rows and a sum for each value.
    Groups(Attribute, Attribute),
}

impl Random {
    fn asked(&mut self) -> Asked {
        let table = self.pick(&Table::ALL);
        let calls = (0..self.below(3)).map(|_| (self.one_in(3), self.said(table, 3))).collect();
        let what = match self.below(12) {
            0 => What::Count,
            1 => What::Exists,
            2 => What::Distinct(self.number(table)),
            3 => What::Totals(self.number(table)),
            4 => What::Truth(self.said(table, 3)),
            5 => What::Groups(self.number(table), self.number(table)),
            6..8 => match (self.total(table), self.total(table)) {
                (Some(a), Some(b)) => What::With(a, b),
                _ => What::Rows,
            },
            _ => What::Rows,
        };
        let mut asked =
            Asked { table, calls, order: Vec::new(), reverse: false, limit: None, offset: None, what };
        if !matches!(asked.what, What::Distinct(_) | What::Groups(..)) {
            for _ in 0..self.below(3) {
                let by = match self.total(table).filter(|_| self.one_in(3)) {
                    Some(total) => By::Total(total),
                    None => {
                        let (path, here) = self.path(table, 2, |step| !step.is_many());
                        By::Number(path, self.pick(&here.attributes()[..2]))
                    }
                };
                let desc = self.one_in(2);
                asked.order.push((by, desc));
            }
            asked.order.push((By::Number(Vec::new(), Key), self.one_in(2)));
            asked.reverse = self.one_in(4);
            asked.limit = self.one_in(3).then(|| self.below(8));
            asked.offset = self.one_in(4).then(|| self.below(6));
        }
        asked
    }
}

impl Asked {
    /// The same with something left out.
    fn smaller(&self) -> Vec<Asked> {
        let mut all = Vec::new();
        let mut with = |change: &dyn Fn(&mut Asked)| {
            let mut asked = self.clone();
            change(&mut asked);
            all.push(asked);
        };
        for at in 0..self.calls.len() {
            with(&|asked| drop(asked.calls.remove(at)));
            for said in self.calls[at].1.smaller() {
                with(&|asked| asked.calls[at].1 = said.clone());
            }
            if self.calls[at].0 {
                with(&|asked| asked.calls[at].0 = false);
            }
        }
        for at in 0..self.order.len().saturating_sub(1) {
            with(&|asked| drop(asked.order.remove(at)));
        }
        if self.reverse {
            with(&|asked| asked.reverse = false);
        }
        if self.limit.is_some() {
            with(&|asked| asked.limit = None);
        }
        if self.offset.is_some() {
            with(&|asked| asked.offset = None);
        }
        if let What::Truth(said) = &self.what {
            for said in said.smaller() {
                with(&|asked| asked.what = What::Truth(said.clone()));
            }
        }
        all
    }

    fn query<M: Speak>(&self, db: &Db) -> QuerySet<M> {
        let query = self.calls.iter().fold(M::objects().using(db), |query, (exclude, said)| match exclude {
            false => query.filter(|row| build::<M>(row, said)),
            true => query.exclude(|row| build::<M>(row, said)),
        });
        let query = query.order_by(|_| ());
        let order = |row: &'static M::Fields<Own>, at: usize| -> Order {
            match &self.order[at] {
                (By::Number(path, attribute), desc) => M::by(row, path, *attribute, *desc),
                (By::Total(of), true) => total::<M>(row, of).desc(),
                (By::Total(of), false) => total::<M>(row, of).asc(),
            }
        };
        let mut query = match self.order.len() {
            0 => query,
            1 => query.order_by(|row| order(row, 0)),
            2 => query.order_by(|row| (order(row, 0), order(row, 1))),
            _ => query.order_by(|row| (order(row, 0), order(row, 1), order(row, 2))),
        };
        if self.reverse {
            query = query.reverse();
        }
        if let Some(limit) = self.limit {
            query = query.limit(limit);
        }
        if let Some(offset) = self.offset {
            query = query.offset(offset);
        }
        query
    }

    /// What the library finds.
    async fn found<M: Speak>(&self, db: &Db) -> orm::Result<Vec<Vec<i64>>> {
        let query = self.query::<M>(db);
        Ok(match &self.what {
            What::Rows => query.await?.iter().map(|row| vec![row.key()]).collect(),
            What::Count => vec![vec![query.count().await?]],
            What::Exists => vec![vec![query.exists().await?.into()]],
            What::Distinct(attribute) => {
                let mut values = query.values(|row| M::number(row, *attribute)).distinct().await?;
                values.sort_unstable();
                values.into_iter().map(|value| vec![value]).collect()
            }
            What::Totals(attribute) => {
                let number = |row| M::number(row, *attribute);
                let totals = query.aggregate(|row| {
                    let sum = number(row).sum().cast::<i64>().or(-1);
                    (number(row).count(), sum, number(row).min().or(-1), number(row).max().or(-1))
                });
                let (count, sum, min, max) = totals.await?;
                vec![vec![count, sum, min, max]]
            }
            What::With(a, b) => M::with(query, a, b).await?,
            What::Truth(said) => M::truth(query, said).await?,
            What::Groups(by, of) => {
                let groups = query.group_by(|row| M::number(row, *by));
                let groups = groups.annotate(|row| {
                    (M::number(row, *of).count(), M::number(row, *of).sum().cast::<i64>().or(-1))
                });
                let mut groups: Vec<_> =
                    groups.await?.into_iter().map(|(by, n, sum)| vec![by, n, sum]).collect();
                groups.sort_unstable();
                groups
            }
        })
    }

    async fn answer(&self, db: &Db) -> orm::Result<Vec<Vec<i64>>> {
        match self.table {
            Table::Land => self.found::<Land>(db).await,
            Table::Person => self.found::<Person>(db).await,
            Table::Book => self.found::<Book>(db).await,
            Table::Review => self.found::<Review>(db).await,
            Table::Topic => self.found::<Topic>(db).await,
        }
    }

    fn sql(&self, db: &Db) -> String {
        match self.table {
            Table::Land => self.query::<Land>(db).to_sql(),
            Table::Person => self.query::<Person>(db).to_sql(),
            Table::Book => self.query::<Book>(db).to_sql(),
            Table::Review => self.query::<Review>(db).to_sql(),
            Table::Topic => self.query::<Topic>(db).to_sql(),
        }
    }

    /// What there is to find.
    fn wanted(&self, rows: &Rows) -> Vec<Vec<i64>> {
        let place = |key: i64| (self.table, key);
        let holds =
            |key: &i64| self.calls.iter().all(|(exclude, said)| rows.holds(said, place(*key)) != *exclude);
        let mut keys: Vec<_> = rows.keys(self.table).filter(holds).collect();
        keys.sort_by(|a, b| {
            let parts = self.order.iter().map(|(by, desc)| {
                // NULL is the greatest
                let value = |key: i64| match by {
                    By::Number(path, attribute) => {
                        rows.value(place(key), path, *attribute).unwrap_or(i64::MAX)
                    }
                    By::Total(total) => rows.total(place(key), total),
                };
                let ordering = value(*a).cmp(&value(*b));
                if *desc != self.reverse { ordering.reverse() } else { ordering }
            });
            parts.fold(Ordering::Equal, Ordering::then)
        });
        let keys = keys.into_iter().skip(self.offset.unwrap_or(0) as usize);
        let keys: Vec<_> = keys.take(self.limit.unwrap_or(u64::MAX) as usize).collect();
        let value = |key: i64, attribute| rows.value(place(key), &[], attribute).unwrap_or(-1);
        let count = keys.len() as i64;
        let keys = keys.into_iter();
        match &self.what {
            What::Rows => keys.map(|key| vec![key]).collect(),
            What::Count => vec![vec![count]],
            What::Exists => vec![vec![(count > 0).into()]],
            What::Distinct(attribute) => {
                let mut values: Vec<_> = keys.map(|key| vec![value(key, *attribute)]).collect();
                values.sort_unstable();
                values.dedup();
                values
            }
            What::Totals(attribute) => {
                let values: Vec<_> = keys.map(|key| value(key, *attribute)).collect();
                let [min, max] =
                    [values.iter().min(), values.iter().max()].map(|value| value.copied().unwrap_or(-1));
                let sum = if count == 0 { -1 } else { values.iter().sum() };
                vec![vec![count, sum, min, max]]
            }
            What::With(a, b) => {
                keys.map(|key| vec![key, rows.total(place(key), a), rows.total(place(key), b)]).collect()
            }
            What::Truth(said) => keys.map(|key| vec![key, rows.holds(said, place(key)).into()]).collect(),
            What::Groups(by, of) => {
                let mut groups = BTreeMap::<i64, (i64, i64)>::new();
                for key in keys {
                    let (n, sum) = groups.entry(value(key, *by)).or_default();
                    *n += 1;
                    *sum += value(key, *of);
                }
                groups.into_iter().map(|(by, (n, sum))| vec![by, n, sum]).collect()
            }
        }
    }

    /// Why the library is wrong, if it is.
    async fn wrong(&self, rows: &Rows, db: &Db) -> Option<String> {
        let wanted = self.wanted(rows);
        match self.answer(db).await {
            Ok(found) if found == wanted => None,
            Ok(found) => Some(format!("found {found:?}\nnot   {wanted:?}")),
            Err(error) => Some(format!("{error:?}")),
        }
    }
}

/// Shows the smallest query that is wrong, come to from this one by leaving out parts.
async fn show(mut asked: Asked, mut why: String, rows: &Rows, db: &Db, case: u64) -> ! {
    'smaller: loop {
        for smaller in asked.smaller() {
            if let Some(still) = smaller.wrong(rows, db).await {
                (asked, why) = (smaller, still);
                continue 'smaller;
            }
        }
        break;
    }
    let seed = seed();
    panic!("ORM_SEED={seed} ORM_CASE={case}: {why}\n{asked:#?}\n{}\n{rows:?}", asked.sql(db));
}

/// A database of its own with the tables of the small world.
pub async fn world() -> TestDb {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(all()).await.unwrap();
    test
}

#[tokio::test]
async fn random_queries_agree_with_a_naive_evaluation() {
    let test = world().await;
    let db = test.db();
    let only = set("ORM_CASE");
    for batch in 0..cases(2_000).div_ceil(BATCH) {
        let cases = batch * BATCH..(batch + 1) * BATCH;
        if only.is_some_and(|only| !cases.contains(&only)) {
            continue;
        }
        let rows = Rows::random(&mut Random::of(batch, 0));
        rows.store(db).await.unwrap();
        let cases = cases.filter(|case| only.is_none_or(|only| only == *case));
        let wrong = stream::iter(cases).map(async |case| {
            let asked = Random::of(batch, case + 1).asked();
            asked.wrong(&rows, db).await.map(|why| (asked, why, case))
        });
        let mut wrong = wrong.buffer_unordered(AT_ONCE);
        while let Some(wrong) = wrong.next().await {
            if let Some((asked, why, case)) = wrong {
                show(asked, why, &rows, db, case).await;
            }
        }
    }
}
