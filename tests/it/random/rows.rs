//! The rows of the small world, and what holds of them: a naive evaluation in memory.

use super::{
    Random,
    models::{About, Book, Friend, Land, Like, Person, Review, Topic},
    said::*,
};
use orm::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// A row: its attributes, and where its keys lead.
#[derive(Debug, Default)]
struct Row {
    values: HashMap<Attribute, i64>,
    keys: HashMap<Step, i64>,
}

#[derive(Debug, Default)]
pub struct Rows {
    rows: HashMap<Table, Vec<Row>>,
    /// Of many-to-many relations, as the side sees them that has the table.
    pairs: HashMap<Step, BTreeSet<(i64, i64)>>,
}

pub type Place = (Table, i64);

const COUNTS: [(Table, u64); 5] =
    [(Table::Land, 4), (Table::Person, 10), (Table::Book, 16), (Table::Review, 18), (Table::Topic, 5)];

fn count(table: Table) -> u64 {
    COUNTS.iter().find(|(counted, _)| *counted == table).unwrap().1
}

impl Rows {
    pub fn random(random: &mut Random) -> Self {
        let mut rows = Rows::default();
        for (table, count_of) in COUNTS {
            for key in 1..=count_of as i64 {
                let mut row = Row::default();
                for &attribute in table.attributes() {
                    if !attribute.may_be_null() || !random.one_in(3) {
                        row.values.insert(attribute, random.below(VALUES as u64) as i64);
                    }
                }
                row.values.insert(Key, key);
                for &step in table.steps().iter().filter(|step| !step.is_many()) {
                    // no book comes before the one it is a sequel to
                    let targets = if step == SequelTo { key as u64 - 1 } else { count(step.target()) };
                    let must = matches!(step, Author | OfBook | By);
                    if targets > 0 && (must || !random.one_in(3)) {
                        row.keys.insert(step, random.below(targets) as i64 + 1);
                    }
                }
                rows.rows.entry(table).or_default().push(row);
            }
        }
        for (step, from) in [(Likes, Table::Person), (Topics, Table::Book), (Friends, Table::Person)] {
            let pairs = rows.pairs.entry(step).or_default();
            for _ in 0..random.below(2 * count(from)) {
                let pair = [from, step.target()].map(|table| random.below(count(table)) as i64 + 1);
                pairs.insert((pair[0], pair[1]));
                if step == Friends {
                    pairs.insert((pair[1], pair[0]));
                }
            }
        }
        rows
    }

    pub fn keys(&self, table: Table) -> impl Iterator<Item = i64> + use<> {
        1..=self.rows[&table].len() as i64
    }

    fn row(&self, (table, key): Place) -> &Row {
        &self.rows[&table][key as usize - 1]
    }

    /// A value of the row at the end of a path of steps to one row.
    pub fn value(&self, from: Place, path: &[Step], attribute: Attribute) -> Option<i64> {
        let at = self.walk(path, from, &HashMap::new())?;
        let value = self.row(at).values.get(&attribute).copied()?;
        Some(if attribute == Active { (value + 1) % 2 } else { value })
    }

    /// A total, -1 if there is none.
    pub fn total(&self, from: Place, total: &Total) -> i64 {
        let rows = self.all(from, &total.path).into_iter().filter(|row| {
            total.filter.is_none_or(|(attribute, test)| {
                test.holds(attribute, self.row(*row).values.get(&attribute).copied())
            })
        });
        let mut values: Vec<_> =
            rows.filter_map(|row| self.row(row).values.get(&total.attribute).copied()).collect();
        match total.how {
            How::Count => values.len() as i64,
            How::Distinct => {
                values.sort_unstable();
                values.dedup();
                values.len() as i64
            }
            How::Sum if values.is_empty() => -1,
            How::Sum => values.iter().sum(),
            How::Min => values.iter().copied().min().unwrap_or(-1),
            How::Max => values.iter().copied().max().unwrap_or(-1),
        }
    }

    /// All rows at the end of a path, one as often as it is come to.
    pub fn all(&self, from: Place, path: &[Step]) -> Vec<Place> {
        path.iter()
            .fold(vec![from], |from, step| from.into_iter().flat_map(|row| self.step(row, *step)).collect())
    }

    /// Where a step leads from a row.
    fn step(&self, from: Place, step: Step) -> Vec<Place> {
        let table = step.target();
        let pairs = |step| self.pairs[&step].iter();
        let back = match step {
            Friends | Likes | Topics => {
                return pairs(step).filter(|pair| pair.0 == from.1).map(|pair| (table, pair.1)).collect();
            }
            Books => {
                return pairs(Topics).filter(|pair| pair.1 == from.1).map(|pair| (table, pair.0)).collect();
            }
            Fans => {
                return pairs(Likes).filter(|pair| pair.1 == from.1).map(|pair| (table, pair.0)).collect();
            }
            People => Home,
            Written => Author,
            Edited => Editor,
            Reviewed => By,
            Reviews => OfBook,
            Sequels => SequelTo,
            _ => return self.row(from).keys.get(&step).map(|key| (table, *key)).into_iter().collect(),
        };
        let rows = (1..).zip(&self.rows[&table]);
        let back = rows.filter(|(_, row)| row.keys.get(&back) == Some(&from.1));
        back.map(|(key, _)| (table, key)).collect()
    }

    pub fn holds(&self, said: &Said, row: Place) -> bool {
        match said {
            Said::Or(a, b) => self.holds(a, row) || self.holds(b, row),
            Said::Not(a) => !self.holds(a, row),
            Said::At(..) => self.mentions(&[said], row, &HashMap::new()),
            Said::And(..) => {
                let (mut parts, mut open, mut mentions) = (Vec::new(), vec![said], Vec::new());
                while let Some(said) = open.pop() {
                    match said {
                        Said::And(a, b) => open.extend([&**a, &**b]),
                        Said::At(..) => mentions.push(said),
                        other => parts.push(other),
                    }
                }
                self.mentions(&mentions, row, &HashMap::new())
                    && parts.iter().all(|part| self.holds(part, row))
            }
        }
    }

    /// Whether there is a row for each to-many path, so that all that is said about them holds.
    fn mentions(&self, all: &[&Said], row: Place, chosen: &HashMap<&[Step], Place>) -> bool {
        let open = all
            .iter()
            .flat_map(|said| said.walked())
            .find(|path| path.last().is_some_and(|step| step.is_many()) && !chosen.contains_key(path));
        if let Some(open) = open {
            let (last, before) = open.split_last().unwrap();
            let choices =
                self.walk(before, row, chosen).map(|from| self.step(from, *last)).unwrap_or_default();
            return choices.into_iter().any(|choice| {
                let mut chosen = chosen.clone();
                chosen.insert(open, choice);
                self.mentions(all, row, &chosen)
            });
        }
        all.iter().all(|said| {
            let Said::At(path, end) = said else { unreachable!() };
            let last = || {
                let (last, before) = path.split_last().unwrap();
                self.walk(before, row, chosen).map(|from| self.step(from, *last)).unwrap_or_default()
            };
            match end {
                End::Test(attribute, test) => {
                    let value =
                        self.walk(path, row, chosen).and_then(|at| self.row(at).values.get(attribute));
                    test.holds(*attribute, value.copied())
                }
                End::In(inner) => self.walk(path, row, chosen).is_some_and(|row| self.holds(inner, row)),
                End::Any(inner) => last().iter().any(|row| self.holds(inner, *row)),
                End::None(inner) => !last().iter().any(|row| self.holds(inner, *row)),
                End::All(inner) => last().iter().all(|row| self.holds(inner, *row)),
                End::MoreThan(count) => self.all(row, path).len() as i64 > *count,
            }
        })
    }

    /// The row at the end of a path whose to-many steps are chosen.
    fn walk(&self, path: &[Step], row: Place, chosen: &HashMap<&[Step], Place>) -> Option<Place> {
        (1..=path.len()).try_fold(row, |row, len| match chosen.get(&path[..len]) {
            Some(choice) => Some(*choice),
            None => self.step(row, path[len - 1]).first().copied(),
        })
    }
}

impl Said {
    /// The paths on the way to the rows that a mention is about, the shortest first.
    fn walked(&self) -> impl Iterator<Item = &[Step]> {
        let (path, len) = match self {
            Said::At(path, End::Test(..) | End::In(_)) => (&path[..], path.len()),
            Said::At(_, End::MoreThan(_)) => (&[][..], 0),
            Said::At(path, _) => (&path[..], path.len() - 1),
            _ => unreachable!("only mentions are asked"),
        };
        (1..=len).map(|len| &path[..len])
    }
}

impl Test {
    fn holds(self, attribute: Attribute, value: Option<i64>) -> bool {
        match self {
            Test::IsNull => value.is_none(),
            // it is a condition by itself, whatever the test says
            _ if attribute == Active => value.is_some_and(|value| value % 2 == 0),
            Test::Ne(a) => value != Some(a),
            Test::Eq(a) => value == Some(a),
            Test::Lt(a) => value.is_some_and(|value| value < a),
            Test::Gte(a) => value.is_some_and(|value| value >= a),
            Test::Range(a, b) => value.is_some_and(|value| a <= value && value <= b),
            Test::In(a, b) => value.is_some_and(|value| value == a || value == b),
            Test::Contains(a) => value.is_some_and(|value| TEXTS[value as usize].contains(TEXTS[a as usize])),
        }
    }
}

impl Rows {
    /// Makes the database hold these rows, and no others.
    pub async fn store(&self, db: &Db) -> orm::Result<()> {
        Friend::objects().using(db).delete().await?;
        Like::objects().using(db).delete().await?;
        About::objects().using(db).delete().await?;
        Review::objects().using(db).delete().await?;
        Book::objects().using(db).delete().await?;
        Person::objects().using(db).delete().await?;
        Land::objects().using(db).delete().await?;
        Topic::objects().using(db).delete().await?;

        let rows = |table| (1..).zip(&self.rows[&table]);
        let number = |row: &Row, attribute| row.values[&attribute];
        let text = |row: &Row, attribute| TEXTS[row.values[&attribute] as usize];
        let maybe = |row: &Row, attribute| row.values.get(&attribute).map(|value| *value as i32);
        let lands = rows(Table::Land)
            .map(|(id, row)| Land::draft().id(id).name(text(row, Name)).area(maybe(row, Area)).build());
        Land::objects().using(db).bulk_create(lands).await?;
        let topics = rows(Table::Topic)
            .map(|(id, row)| Topic::draft().id(id).name(text(row, Name)).rank(maybe(row, Rank)).build());
        Topic::objects().using(db).bulk_create(topics).await?;
        let people = rows(Table::Person).map(|(id, row)| {
            let nick = row.values.contains_key(&Nick).then(|| text(row, Nick).to_owned());
            let person = Person::draft().id(id).name(text(row, Name)).active(number(row, Active) % 2 == 0);
            let person = person.nick(nick).age(maybe(row, Age));
            person.home(row.keys.get(&Home).map(|key| ForeignKey::to(*key))).build()
        });
        Person::objects().using(db).bulk_create(people).await?;
        let books = rows(Table::Book).map(|(id, row)| {
            let book = Book::draft().id(id).title(text(row, Name)).pages(number(row, Pages) as i32);
            let book = book.author(row.keys[&Author]);
            let book = book.editor(row.keys.get(&Editor).map(|key| ForeignKey::to(*key)));
            book.sequel_to(row.keys.get(&SequelTo).map(|key| ForeignKey::to(*key))).build()
        });
        Book::objects().using(db).bulk_create(books).await?;
        let reviews = rows(Table::Review).map(|(id, row)| {
            let review = Review::draft().id(id).text(text(row, Name)).stars(number(row, Stars) as i16);
            review.book(row.keys[&OfBook]).by(row.keys[&By]).build()
        });
        Review::objects().using(db).bulk_create(reviews).await?;

        let pairs = |step| self.pairs[&step].iter();
        let friends = pairs(Friends).map(|(a, b)| Friend::draft().from_person(*a).to_person(*b).build());
        Friend::objects().using(db).bulk_create(friends).await?;
        let likes = pairs(Likes).map(|(a, b)| Like::draft().person(*a).topic(*b).build());
        Like::objects().using(db).bulk_create(likes).await?;
        let about = pairs(Topics).map(|(a, b)| About::draft().book(*a).topic(*b).build());
        About::objects().using(db).bulk_create(about).await?;
        Ok(())
    }
}
