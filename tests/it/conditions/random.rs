//! Random conditions over random rows find what a naive evaluation in memory finds.
//!
//! `ORM_SEED` and `ORM_CASES` set the seed and the number of conditions; a failure prints its seed.

use crate::models::{
    Comment, CommentFields, Company, CompanyFields, Post, PostFields, User, UserFields, all,
};
use crate::random::{Random, cases, seed};
use orm::{Cond, Reach, prelude::*};
use std::collections::HashMap;

impl Random {
    /// A key of one of the first so many rows, or none.
    fn key(&mut self, rows: u64) -> Option<i64> {
        (!self.one_in(3)).then(|| self.below(rows) as i64 + 1)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Table {
    Company,
    User,
    Post,
    Comment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Staff,
    ToCompany,
    Posts,
    Edited,
    Comments,
    Author,
    Editor,
    ReplyTo,
    Replies,
    ToPost,
}

use Step::*;

impl Step {
    fn is_many(self) -> bool {
        matches!(self, Staff | Posts | Edited | Comments | Replies)
    }

    fn target(self) -> Table {
        match self {
            ToCompany => Table::Company,
            Staff | Author | Editor => Table::User,
            Posts | Edited | ReplyTo | Replies | ToPost => Table::Post,
            Comments => Table::Comment,
        }
    }
}

impl Table {
    fn steps(self) -> &'static [Step] {
        match self {
            Table::Company => &[Staff],
            Table::User => &[ToCompany, Posts, Edited, Comments],
            Table::Post => &[Author, Editor, ReplyTo, Comments, Replies],
            Table::Comment => &[ToPost, Author],
        }
    }

    fn attributes(self) -> &'static [Attribute] {
        match self {
            Table::Company => &[Key, Name],
            Table::User => &[Key, Name, Email, Age, Active],
            Table::Post => &[Key, Name, Views],
            Table::Comment => &[Key, Name, Stars],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Attribute {
    Key,
    /// The row's own text: name, title, …
    Name,
    Email,
    Age,
    Active,
    Views,
    Stars,
}

use Attribute::*;

/// All values are small numbers; of texts, the places in [`TEXTS`].
#[derive(Clone, Copy, Debug)]
enum Test {
    Eq(i64),
    Ne(i64),
    Lt(i64),
    Gte(i64),
    Range(i64, i64),
    In(i64, i64),
    IsNull,
    Contains(i64),
}

const VALUES: i64 = 5;
const TEXTS: [&str; 12] = ["a", "ab", "b%", "b", "a_b", "c", "ca", "%", "_b", "B", "", "abc"];

/// What is said at the end of a path.
#[derive(Clone, Debug)]
enum End {
    Test(Attribute, Test),
    Any(Box<Said>),
    None(Box<Said>),
    All(Box<Said>),
    MoreThan(i64),
}

/// A condition on a row.
#[derive(Clone, Debug)]
enum Said {
    And(Box<Said>, Box<Said>),
    Or(Box<Said>, Box<Said>),
    Not(Box<Said>),
    At(Vec<Step>, End),
}

impl Random {
    fn said(&mut self, table: Table, depth: u64) -> Said {
        let inner = |random: &mut Random| Box::new(random.said(table, depth - 1));
        match self.below(if depth == 0 { 1 } else { 7 }) {
            1 | 2 => Said::And(inner(self), inner(self)),
            3 | 4 => Said::Or(inner(self), inner(self)),
            5 => Said::Not(inner(self)),
            _ => self.at(table, depth),
        }
    }

    fn at(&mut self, table: Table, depth: u64) -> Said {
        let (mut path, mut here) = (Vec::new(), table);
        for _ in 0..self.below(4) {
            let step = self.pick(here.steps());
            here = step.target();
            path.push(step);
        }
        let many: Vec<_> = here.steps().iter().copied().filter(|step| step.is_many()).collect();
        if depth == 0 || many.is_empty() || self.below(2) == 0 {
            let attribute = self.pick(here.attributes());
            let test = self.test(attribute);
            return Said::At(path, End::Test(attribute, test));
        }
        let step = self.pick(&many);
        path.push(step);
        let end = match self.below(4) {
            0 => End::Any(Box::new(self.said(step.target(), depth - 1))),
            1 => End::None(Box::new(self.said(step.target(), depth - 1))),
            2 => End::All(Box::new(self.said(step.target(), depth - 1))),
            _ => End::MoreThan(self.below(4) as i64),
        };
        Said::At(path, end)
    }

    fn test(&mut self, attribute: Attribute) -> Test {
        let (a, b) = (self.below(VALUES as u64) as i64, self.below(VALUES as u64) as i64);
        match self.below(if matches!(attribute, Name | Email) { 5 } else { 7 }) {
            0 => Test::Eq(a),
            1 => Test::Ne(a),
            2 => Test::IsNull,
            3 => Test::In(a, b),
            4 if matches!(attribute, Name | Email) => Test::Contains(a),
            4 => Test::Gte(a),
            5 => Test::Lt(a),
            _ => Test::Range(a, b),
        }
    }
}

/// A row: its attributes, and where its keys lead.
#[derive(Debug, Default)]
struct Row {
    values: HashMap<Attribute, i64>,
    keys: HashMap<Step, i64>,
}

#[derive(Debug, Default)]
struct Rows(HashMap<Table, Vec<Row>>);

type Place = (Table, i64);

impl Rows {
    fn random(random: &mut Random) -> Self {
        let tables = [(Table::Company, 4), (Table::User, 12), (Table::Post, 22), (Table::Comment, 24)];
        let mut rows = Rows::default();
        for (table, count) in tables {
            for key in 1..=count {
                let mut row = Row::default();
                for &attribute in table.attributes() {
                    if !matches!(attribute, Email | Age) || !random.one_in(3) {
                        row.values.insert(attribute, random.below(VALUES as u64) as i64);
                    }
                }
                row.values.insert(Key, key);
                if matches!(table, Table::Company | Table::User) {
                    row.values.insert(Name, key - 1); // unique there
                }
                for &step in table.steps().iter().filter(|step| !step.is_many()) {
                    let (_, targets) = *tables.iter().find(|(table, _)| *table == step.target()).unwrap();
                    // no post comes before the one it replies to
                    let targets = if step == ReplyTo { key - 1 } else { targets } as u64;
                    let lead = if targets == 0 { None } else { random.key(targets) };
                    let must = matches!(step, Author | ToPost).then_some(1);
                    row.keys.extend(lead.or(must).map(|key| (step, key)));
                }
                rows.0.entry(table).or_default().push(row);
            }
        }
        rows
    }

    fn row(&self, (table, key): Place) -> &Row {
        &self.0[&table][key as usize - 1]
    }

    /// Where a step leads from a row.
    fn step(&self, from: Place, step: Step) -> Vec<Place> {
        let back = match (from.0, step) {
            (_, Staff) => ToCompany,
            (_, Posts) => Author,
            (_, Edited) => Editor,
            (Table::User, Comments) => Author,
            (_, Comments) => ToPost,
            (_, Replies) => ReplyTo,
            _ => {
                return self.row(from).keys.get(&step).map(|key| (step.target(), *key)).into_iter().collect();
            }
        };
        let rows = (1..).zip(&self.0[&step.target()]);
        let back = rows.filter(|(_, row)| row.keys.get(&back) == Some(&from.1));
        back.map(|(key, _)| (step.target(), key)).collect()
    }

    fn holds(&self, said: &Said, row: Place) -> bool {
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
                End::Any(inner) => last().iter().any(|row| self.holds(inner, *row)),
                End::None(inner) => !last().iter().any(|row| self.holds(inner, *row)),
                End::All(inner) => last().iter().all(|row| self.holds(inner, *row)),
                End::MoreThan(count) => {
                    let all = path.iter().fold(vec![row], |from, step| {
                        from.into_iter().flat_map(|row| self.step(row, *step)).collect()
                    });
                    all.len() as i64 > *count
                }
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
            Said::At(path, End::Test(..)) => (&path[..], path.len()),
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

/// The test of a field of the library.
macro_rules! test {
    ($field:expr, $test:expr, $value:expr, $contains:expr) => {{
        let (field, value) = ($field, $value);
        match $test {
            Test::Eq(a) => field.eq(value(a)),
            Test::Ne(a) => field.ne(value(a)),
            Test::Lt(a) => field.lt(value(a)),
            Test::Gte(a) => field.gte(value(a)),
            Test::Range(a, b) => field.range(value(a), value(b)),
            Test::In(a, b) => field.in_([value(a), value(b)]),
            Test::IsNull => field.is_null(),
            Test::Contains(a) => $contains(field, a),
        }
    }};
}

macro_rules! number {
    ($field:expr, $test:expr, $t:ty) => {
        test!($field, $test, |a: i64| a as $t, |_, _| unreachable!("a number contains nothing"))
    };
}

fn text(a: i64) -> &'static str {
    TEXTS[a as usize]
}

/// What is said at the end of a to-many relation, or further on.
macro_rules! many {
    ($relation:expr, $model:ident, $rest:expr, $end:expr) => {
        match ($rest, $end) {
            ([], End::Any(said)) => $relation.any(|row| build::<$model>(row, said)),
            ([], End::None(said)) => $relation.none(|row| build::<$model>(row, said)),
            ([], End::All(said)) => $relation.all(|row| build::<$model>(row, said)),
            ([], End::MoreThan(count)) => $relation.count().gt(*count),
            (rest, end) => <$model as Speak>::at(&$relation, rest, end),
        }
    };
}

trait Speak: Model {
    fn at<N: Reach>(row: &'static Self::Fields<N>, path: &[Step], end: &End) -> Cond;
}

fn build<M: Speak>(row: &'static M::Fields<orm::__private::Own>, said: &Said) -> Cond {
    match said {
        Said::And(a, b) => build::<M>(row, a) & build::<M>(row, b),
        Said::Or(a, b) => build::<M>(row, a) | build::<M>(row, b),
        Said::Not(a) => !build::<M>(row, a),
        Said::At(path, end) => M::at(row, path, end),
    }
}

impl Speak for Company {
    fn at<N: Reach>(c: &'static CompanyFields<N>, path: &[Step], end: &End) -> Cond {
        match (path, end) {
            ([], End::Test(Key, test)) => number!(c.id, *test, i64),
            ([], End::Test(Name, test)) => {
                test!(c.name, *test, text, |f: orm::Field<String, N>, a| f.contains(text(a)))
            }
            ([Staff, rest @ ..], end) => many!(c.staff, User, rest, end),
            other => unreachable!("{other:?}"),
        }
    }
}

impl Speak for User {
    fn at<N: Reach>(u: &'static UserFields<N>, path: &[Step], end: &End) -> Cond {
        match (path, end) {
            ([], End::Test(Key, test)) => number!(u.id, *test, i64),
            ([], End::Test(Name, test)) => {
                test!(u.username, *test, text, |f: orm::Field<String, N>, a| f.contains(text(a)))
            }
            ([], End::Test(Email, test)) => {
                test!(u.email, *test, text, |f: orm::Field<Option<String>, N>, a| f.contains(text(a)))
            }
            ([], End::Test(Age, test)) => number!(u.age, *test, i32),
            ([], End::Test(Active, Test::IsNull)) => u.active.is_null(),
            ([], End::Test(Active, _)) => u.active & true,
            ([ToCompany, rest @ ..], end) => <Company as Speak>::at(&u.company, rest, end),
            ([Posts, rest @ ..], end) => many!(u.posts, Post, rest, end),
            ([Edited, rest @ ..], end) => many!(u.edited, Post, rest, end),
            ([Comments, rest @ ..], end) => many!(u.comments, Comment, rest, end),
            other => unreachable!("{other:?}"),
        }
    }
}

impl Speak for Post {
    fn at<N: Reach>(p: &'static PostFields<N>, path: &[Step], end: &End) -> Cond {
        match (path, end) {
            ([], End::Test(Key, test)) => number!(p.id, *test, i64),
            ([], End::Test(Name, test)) => {
                test!(p.title, *test, text, |f: orm::Field<String, N>, a| f.contains(text(a)))
            }
            ([], End::Test(Views, test)) => number!(p.views, *test, i32),
            ([Author, rest @ ..], end) => <User as Speak>::at(&p.author, rest, end),
            ([Editor, rest @ ..], end) => <User as Speak>::at(&p.editor, rest, end),
            ([ReplyTo, rest @ ..], end) => <Post as Speak>::at(&p.reply_to, rest, end),
            ([Comments, rest @ ..], end) => many!(p.comments, Comment, rest, end),
            ([Replies, rest @ ..], end) => many!(p.replies, Post, rest, end),
            other => unreachable!("{other:?}"),
        }
    }
}

impl Speak for Comment {
    fn at<N: Reach>(c: &'static CommentFields<N>, path: &[Step], end: &End) -> Cond {
        match (path, end) {
            ([], End::Test(Key, test)) => number!(c.id, *test, i64),
            ([], End::Test(Name, test)) => {
                test!(c.text, *test, text, |f: orm::Field<String, N>, a| f.contains(text(a)))
            }
            ([], End::Test(Stars, test)) => number!(c.stars, *test, i16),
            ([ToPost, rest @ ..], end) => <Post as Speak>::at(&c.post, rest, end),
            ([Author, rest @ ..], end) => <User as Speak>::at(&c.author, rest, end),
            other => unreachable!("{other:?}"),
        }
    }
}

impl Rows {
    async fn insert(&self) -> orm::Result<()> {
        let rows = |table| (1..).zip(&self.0[&table]);
        let number = |row: &Row, attribute| row.values[&attribute];
        let named = |row: &Row| text(number(row, Name));
        let maybe = |row: &Row, attribute| row.values.get(&attribute).copied();
        let companies =
            rows(Table::Company).map(|(id, row)| Company::draft().id(id).name(named(row)).build());
        Company::objects().bulk_create(companies).await?;
        let users = rows(Table::User).map(|(id, row)| {
            let user = User::draft().id(id).username(named(row)).active(number(row, Active) % 2 == 0);
            let user = user
                .email(maybe(row, Email).map(|a| text(a).to_owned()))
                .age(maybe(row, Age).map(|a| a as i32));
            user.company(row.keys.get(&ToCompany).map(|key| ForeignKey::to(*key))).build()
        });
        User::objects().bulk_create(users).await?;
        let posts = rows(Table::Post).map(|(id, row)| {
            let post = Post::draft()
                .id(id)
                .title(named(row))
                .views(number(row, Views) as i32)
                .author(row.keys[&Author]);
            let post = post.editor(row.keys.get(&Editor).map(|key| ForeignKey::to(*key)));
            post.reply_to(row.keys.get(&ReplyTo).map(|key| ForeignKey::to(*key))).build()
        });
        Post::objects().bulk_create(posts).await?;
        let comments = rows(Table::Comment).map(|(id, row)| {
            let comment = Comment::draft().id(id).text(named(row)).stars(number(row, Stars) as i16);
            comment.post(row.keys[&ToPost]).author(row.keys[&Author]).build()
        });
        Comment::objects().bulk_create(comments).await?;
        Ok(())
    }
}

async fn agree<M: Speak<Key = i64>>(table: Table, rows: &Rows, random: &mut Random, seed: &str) {
    let calls: Vec<_> = (0..=random.below(3)).map(|_| (random.one_in(3), random.said(table, 4))).collect();
    let query = calls.iter().fold(M::objects(), |query, (exclude, said)| match exclude {
        false => query.filter(|row| build::<M>(row, said)),
        true => query.exclude(|row| build::<M>(row, said)),
    });
    let sql = query.to_sql();
    let mut found: Vec<_> = match query.await {
        Ok(rows) => rows.iter().map(Model::key).collect(),
        Err(error) => panic!("{seed}: {error:?}\n{calls:#?}"),
    };
    found.sort_unstable();
    let keys = 1..=rows.0[&table].len() as i64;
    let naive = |key: &i64| calls.iter().all(|(exclude, said)| rows.holds(said, (table, *key)) != *exclude);
    let wanted: Vec<_> = keys.filter(naive).collect();
    assert_eq!(found, wanted, "{seed}\n{calls:#?}\n{sql}");
}

#[orm::test(models = all())]
async fn random_conditions_agree_with_a_naive_evaluation() {
    let (seed, cases) = (seed(), cases(300));
    let mut random = Random::new(seed);
    let rows = Rows::random(&mut random);
    rows.insert().await.unwrap();
    for case in 0..cases {
        let seed = format!("ORM_SEED={seed}, case {case}");
        match random.below(4) {
            0 => agree::<Company>(Table::Company, &rows, &mut random, &seed).await,
            1 => agree::<User>(Table::User, &rows, &mut random, &seed).await,
            2 => agree::<Post>(Table::Post, &rows, &mut random, &seed).await,
            _ => agree::<Comment>(Table::Comment, &rows, &mut random, &seed).await,
        }
    }
}
