//! Oracles that know no right answer, only that answers must agree, after SQLancer: a condition and its opposite divide the
//! rows in two (TLP; conditions have no third value here), and a condition as a value is true for those rows that it finds
//! (NoREC).

use super::{
    Random, cases,
    models::{Book, Land, Person, Review, Topic},
    queries::world,
    rows::Rows,
    said::*,
    seed,
    speak::{Speak, build},
};
use orm::{Result, prelude::*};

struct Case {
    table: Table,
    rows: Said,
    condition: Said,
    attribute: Attribute,
}

impl Random {
    fn case(&mut self) -> Case {
        let table = self.pick(&Table::ALL);
        Case {
            table,
            rows: self.said(table, 2),
            condition: self.said(table, 3),
            attribute: self.number(table),
        }
    }
}

async fn keys<M: Speak>(query: QuerySet<M>) -> Result<Vec<i64>> {
    let mut keys = query.values(|row| M::number(row, Key)).await?;
    keys.sort_unstable();
    Ok(keys)
}

/// How many rows there are, and the sum of a number.
async fn totals<M: Speak>(query: QuerySet<M>, of: Attribute) -> Result<(i64, i64)> {
    let sum = query.clone().aggregate(|row| M::number(row, of).sum().cast::<i64>().or(0));
    Ok((query.count().await?, sum.await?))
}

impl Case {
    /// What does not agree, if anything.
    async fn wrong<M: Speak>(&self, db: &Db) -> Result<Option<String>> {
        let all = || M::objects().using(db).filter(|row| build::<M>(row, &self.rows));
        let with = || all().filter(|row| build::<M>(row, &self.condition));
        let without = || all().filter(|row| !build::<M>(row, &self.condition));

        let (found, mut both) = (keys(with()).await?, keys(without()).await?);
        both.extend(&found);
        both.sort_unstable();
        let every = keys(all()).await?;
        if both != every {
            return Ok(Some(format!("the parts are {both:?}, the whole is {every:?}")));
        }
        let [a, b, whole] = [
            totals(with(), self.attribute).await?,
            totals(without(), self.attribute).await?,
            totals(all(), self.attribute).await?,
        ];
        if (a.0 + b.0, a.1 + b.1) != whole {
            return Ok(Some(format!("{a:?} and {b:?} do not add up to {whole:?}")));
        }
        let truths = M::truth(all(), &self.condition).await?;
        let mut truths: Vec<_> = truths.iter().filter(|row| row[1] == 1).map(|row| row[0]).collect();
        truths.sort_unstable();
        Ok((truths != found).then(|| format!("it is true for {truths:?}, and finds {found:?}")))
    }
}

#[tokio::test]
async fn a_condition_and_its_opposite_divide_the_rows_and_its_value_says_which_it_finds() {
    let test = world().await;
    let mut random = Random::of(0, 0);
    for case in 0..cases(2_000) / 10 {
        if case % 50 == 0 {
            Rows::random(&mut random).store(test.db()).await.unwrap();
        }
        let asked = random.case();
        let wrong = match asked.table {
            Table::Land => asked.wrong::<Land>(test.db()).await,
            Table::Person => asked.wrong::<Person>(test.db()).await,
            Table::Book => asked.wrong::<Book>(test.db()).await,
            Table::Review => asked.wrong::<Review>(test.db()).await,
            Table::Topic => asked.wrong::<Topic>(test.db()).await,
        };
        let Case { table, rows, condition, .. } = asked;
        assert_eq!(
            wrong.unwrap(),
            None,
            "ORM_SEED={}, case {case}: {table:?}\n{rows:?}\n{condition:?}",
            seed()
        );
    }
}
