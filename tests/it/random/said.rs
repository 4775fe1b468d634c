//! What can be said of a row, made at random.

use super::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    Land,
    Person,
    Book,
    Review,
    Topic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    People,
    Home,
    Written,
    Edited,
    Reviewed,
    Friends,
    Likes,
    Author,
    Editor,
    SequelTo,
    Sequels,
    Reviews,
    Topics,
    OfBook,
    By,
    Books,
    Fans,
}

pub use Step::*;

impl Step {
    pub fn is_many(self) -> bool {
        !matches!(self, Home | Author | Editor | SequelTo | OfBook | By)
    }

    pub fn target(self) -> Table {
        match self {
            Home => Table::Land,
            People | Friends | Author | Editor | By | Fans => Table::Person,
            Written | Edited | SequelTo | Sequels | OfBook | Books => Table::Book,
            Reviewed | Reviews => Table::Review,
            Likes | Topics => Table::Topic,
        }
    }
}

impl Table {
    pub const ALL: [Table; 5] = [Table::Land, Table::Person, Table::Book, Table::Review, Table::Topic];

    pub fn steps(self) -> &'static [Step] {
        match self {
            Table::Land => &[People],
            Table::Person => &[Home, Written, Edited, Reviewed, Friends, Likes],
            Table::Book => &[Author, Editor, SequelTo, Sequels, Reviews, Topics],
            Table::Review => &[OfBook, By],
            Table::Topic => &[Books, Fans],
        }
    }

    pub fn attributes(self) -> &'static [Attribute] {
        match self {
            Table::Land => &[Key, Area, Name],
            Table::Person => &[Key, Age, Name, Nick, Active],
            Table::Book => &[Key, Pages, Name],
            Table::Review => &[Key, Stars, Name],
            Table::Topic => &[Key, Rank, Name],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribute {
    Key,
    /// The row's own text: name, title, …
    Name,
    Nick,
    Area,
    Age,
    Active,
    Pages,
    Stars,
    Rank,
}

pub use Attribute::*;

impl Attribute {
    pub fn is_text(self) -> bool {
        matches!(self, Name | Nick)
    }

    pub fn may_be_null(self) -> bool {
        matches!(self, Nick | Area | Age | Rank)
    }
}

/// All values are small numbers; of texts, the places in [`TEXTS`].
#[derive(Clone, Copy, Debug)]
pub enum Test {
    Eq(i64),
    Ne(i64),
    Lt(i64),
    Gte(i64),
    Range(i64, i64),
    In(i64, i64),
    IsNull,
    Contains(i64),
}

pub const VALUES: i64 = 5;
pub const TEXTS: [&str; 5] = ["a", "ab", "b%", "B", "a_b"];

/// What is said at the end of a path.
#[derive(Clone, Debug)]
pub enum End {
    Test(Attribute, Test),
    /// The row is among those of a query.
    In(Box<Said>),
    Any(Box<Said>),
    None(Box<Said>),
    All(Box<Said>),
    MoreThan(i64),
}

/// A condition on a row.
#[derive(Clone, Debug)]
pub enum Said {
    And(Box<Said>, Box<Said>),
    Or(Box<Said>, Box<Said>),
    Not(Box<Said>),
    At(Vec<Step>, End),
}

impl Said {
    /// What is left when one part of it is not said.
    pub fn smaller(&self) -> Vec<Said> {
        let both = |a: &Said, b: &Said, make: fn(Box<Said>, Box<Said>) -> Said| {
            let mut all = vec![a.clone(), b.clone()];
            all.extend(a.smaller().into_iter().map(|a| make(a.into(), b.clone().into())));
            all.extend(b.smaller().into_iter().map(|b| make(a.clone().into(), b.into())));
            all
        };
        match self {
            Said::And(a, b) => both(a, b, Said::And),
            Said::Or(a, b) => both(a, b, Said::Or),
            Said::Not(a) => {
                let nots = a.smaller().into_iter().map(|a| Said::Not(a.into()));
                [(**a).clone()].into_iter().chain(nots).collect()
            }
            Said::At(path, end) => {
                let within = |said: &Said, make: fn(Box<Said>) -> End| {
                    let all = said.smaller().into_iter();
                    all.map(|said| Said::At(path.clone(), make(said.into()))).collect()
                };
                match end {
                    End::In(said) => within(said, End::In),
                    End::Any(said) => within(said, End::Any),
                    End::None(said) => within(said, End::None),
                    End::All(said) => within(said, End::All),
                    End::Test(..) | End::MoreThan(_) => Vec::new(),
                }
            }
        }
    }
}

impl Random {
    pub fn said(&mut self, table: Table, depth: u64) -> Said {
        let inner = |random: &mut Random| Box::new(random.said(table, depth - 1));
        match self.below(if depth == 0 { 1 } else { 7 }) {
            1 | 2 => Said::And(inner(self), inner(self)),
            3 | 4 => Said::Or(inner(self), inner(self)),
            5 => Said::Not(inner(self)),
            _ => self.at(table, depth),
        }
    }

    /// A path of at most so many steps, and where it ends.
    pub fn path(&mut self, table: Table, most: u64, only: fn(&Step) -> bool) -> (Vec<Step>, Table) {
        let (mut path, mut here) = (Vec::new(), table);
        for _ in 0..self.below(most + 1) {
            let steps: Vec<_> = here.steps().iter().copied().filter(only).collect();
            if steps.is_empty() {
                break;
            }
            path.push(self.pick(&steps));
            here = path[path.len() - 1].target();
        }
        (path, here)
    }

    fn at(&mut self, table: Table, depth: u64) -> Said {
        let (mut path, here) = self.path(table, 3, |_| true);
        let kind = if depth == 0 { 0 } else { self.below(9) };
        if kind < 4 {
            let attribute = self.pick(here.attributes());
            let test = self.test(attribute);
            return Said::At(path, End::Test(attribute, test));
        }
        let steps: Vec<_> = here.steps().iter().copied().filter(|step| kind == 4 || step.is_many()).collect();
        if steps.is_empty() {
            return Said::At(path, End::Test(Key, Test::Gte(self.below(5) as i64)));
        }
        let step = self.pick(&steps);
        path.push(step);
        let inner = |random: &mut Random| Box::new(random.said(step.target(), depth - 1));
        let end = match kind {
            4 => End::In(inner(self)),
            5 => End::Any(inner(self)),
            6 => End::None(inner(self)),
            7 => End::All(inner(self)),
            _ => End::MoreThan(self.below(4) as i64),
        };
        Said::At(path, end)
    }

    fn test(&mut self, attribute: Attribute) -> Test {
        let (a, b) = (self.below(VALUES as u64) as i64, self.below(VALUES as u64) as i64);
        match self.below(if attribute.is_text() { 5 } else { 7 }) {
            0 => Test::Eq(a),
            1 => Test::Ne(a),
            2 => Test::IsNull,
            3 => Test::In(a, b),
            4 if attribute.is_text() => Test::Contains(a),
            4 => Test::Gte(a),
            5 => Test::Lt(a),
            _ => Test::Range(a, b),
        }
    }
}

/// A total of the numbers at the end of a path that leads to many rows.
#[derive(Clone, Debug)]
pub struct Total {
    pub path: Vec<Step>,
    pub how: How,
    pub attribute: Attribute,
    /// Over those rows only for which this holds.
    pub filter: Option<(Attribute, Test)>,
}

#[derive(Clone, Copy, Debug)]
pub enum How {
    Count,
    Distinct,
    Sum,
    Min,
    Max,
}

impl Random {
    pub fn number(&mut self, table: Table) -> Attribute {
        let numbers: Vec<_> =
            table.attributes().iter().copied().filter(|of| !of.is_text() && *of != Active).collect();
        self.pick(&numbers)
    }

    /// A total, if there are many rows to come to.
    pub fn total(&mut self, table: Table) -> Option<Total> {
        let (path, here) = self.path(table, 3, |_| true);
        if !path.iter().any(|step| step.is_many()) {
            return None;
        }
        let how = self.pick(&[How::Count, How::Distinct, How::Sum, How::Min, How::Max]);
        let attribute = self.number(here);
        let filter = self.one_in(3).then(|| {
            let attribute = self.pick(here.attributes());
            (attribute, self.test(attribute))
        });
        Some(Total { path, how, attribute, filter })
    }
}
