//! The same, said in the library's words.

use super::{
    models::{
        Book, BookFields, Land, LandFields, Person, PersonFields, Review, ReviewFields, Topic, TopicFields,
    },
    said::*,
};
use orm::{
    Cond, Expr, Field, Order, Reach,
    prelude::*,
    types::{Many, Null, One, Own, Single, kind::PerRow},
};

/// Paths to one row.
pub trait Lone: Single + Reach<One = <Self as Lone>::AfterOne, Null = Null, Kind = PerRow> {
    type AfterOne: Lone;
}
impl Lone for Own {
    type AfterOne = One;
}
impl Lone for One {
    type AfterOne = One;
}
impl Lone for Null {
    type AfterOne = Null;
}

pub trait Speak: orm::Writable + Model<Key = i64> {
    /// What is said at the end of a path.
    fn at<N: Reach>(row: &'static Self::Fields<N>, path: &[Step], end: &End) -> Cond;
    /// By the number at the end of a path.
    fn by<N: Lone>(row: &'static Self::Fields<N>, path: &[Step], attribute: Attribute, desc: bool) -> Order;
    /// A number of the row itself, -1 for NULL.
    fn number(row: &'static Self::Fields<Own>, attribute: Attribute) -> Expr<i64>;
    /// A total of numbers at the end of a path, -1 for NULL.
    fn total<N: Reach>(row: &'static Self::Fields<N>, path: &[Step], of: Of) -> Expr<i64>;
    /// The same, after the first step to many rows.
    fn of_many(row: &'static Self::Fields<Many>, path: &[Step], of: Of) -> Expr<i64>;
    /// Keys with two totals.
    async fn with(query: QuerySet<Self>, a: &Total, b: &Total) -> orm::Result<Vec<Vec<i64>>>;
    /// Keys with the value of a condition.
    async fn truth(query: QuerySet<Self>, said: &Said) -> orm::Result<Vec<Vec<i64>>>;
}

/// What a total is of.
pub struct Of {
    pub how: How,
    pub attribute: Attribute,
    pub filter: Option<Cond>,
}

pub fn build<M: Speak>(row: &'static M::Fields<Own>, said: &Said) -> Cond {
    match said {
        Said::And(a, b) => build::<M>(row, a) & build::<M>(row, b),
        Said::Or(a, b) => build::<M>(row, a) | build::<M>(row, b),
        Said::Not(a) => !build::<M>(row, a),
        Said::At(path, end) => M::at(row, path, end),
    }
}

pub fn total<M: Speak>(row: &'static M::Fields<Own>, total: &Total) -> Expr<i64> {
    let Total { path, how, attribute, filter } = total;
    let filter = filter.map(|(attribute, test)| M::at(row, path, &End::Test(attribute, test)));
    M::total(row, path, Of { how: *how, attribute: *attribute, filter })
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

fn text(a: i64) -> &'static str {
    TEXTS[a as usize]
}

/// What is said at the end of a to-many relation, or further on.
macro_rules! many {
    ($relation:expr, $model:ident, $rest:expr, $end:expr) => {
        match ($rest, $end) {
            ([], End::In(said)) => $relation.in_($model::objects().filter(|row| build::<$model>(row, said))),
            ([], End::Any(said)) => $relation.any(|row| build::<$model>(row, said)),
            ([], End::None(said)) => $relation.none(|row| build::<$model>(row, said)),
            ([], End::All(said)) => $relation.all(|row| build::<$model>(row, said)),
            ([], End::MoreThan(count)) => $relation.count().gt(*count),
            (rest, end) => <$model as Speak>::at(&$relation, rest, end),
        }
    };
}

/// An aggregate, with its filter, as one number.
macro_rules! aggregate {
    ($aggregate:expr, $filter:expr) => {{
        let aggregate = $aggregate;
        match $filter {
            Some(condition) => aggregate.filter(condition).cast::<i64>().or(-1),
            None => aggregate.cast::<i64>().or(-1),
        }
    }};
}

macro_rules! speaks {
    ($model:ident, $fields:ident, texts [$($t:ident $text:ident: $text_type:ty),*], numbers [$($n:ident $number:ident: $number_type:ty),*],
     truths [$($b:ident $truth:ident),*], one [$($o:ident $one:ident: $one_model:ident),*], many [$($m:ident $many:ident: $many_model:ident),*]) => {
        impl Speak for $model {
            fn at<N: Reach>(row: &'static $fields<N>, path: &[Step], end: &End) -> Cond {
                match (path, end) {
                    $(([], End::Test($t, test)) => {
                        test!(row.$text, *test, text, |field: Field<$text_type, N>, a| field.contains(text(a)))
                    })*
                    $(([], End::Test($n, test)) => {
                        test!(row.$number, *test, |a: i64| a as $number_type, |_, _| unreachable!("a number contains nothing"))
                    })*
                    $(([], End::Test($b, Test::IsNull)) => row.$truth.is_null(),
                    ([], End::Test($b, _)) => row.$truth & true,)*
                    $(([$o], End::In(said)) => row.$one.in_($one_model::objects().filter(|row| build::<$one_model>(row, said))),
                    ([$o, rest @ ..], end) => <$one_model as Speak>::at(&row.$one, rest, end),)*
                    $(([$m, rest @ ..], end) => many!(row.$many, $many_model, rest, end),)*
                    other => unreachable!("{other:?}"),
                }
            }

            fn by<N: Lone>(row: &'static $fields<N>, path: &[Step], attribute: Attribute, desc: bool) -> Order {
                match (path, attribute) {
                    $(([], $n) => if desc { row.$number.desc() } else { row.$number.asc() },)*
                    $(([], $b) => if desc { row.$truth.desc() } else { row.$truth.asc() },)*
                    $(([$o, rest @ ..], attribute) => <$one_model as Speak>::by(&row.$one, rest, attribute, desc),)*
                    other => unreachable!("{other:?}"),
                }
            }

            fn number(row: &'static $fields<Own>, attribute: Attribute) -> Expr<i64> {
                match attribute {
                    $($n => row.$number.cast::<i64>().or(-1),)*
                    other => unreachable!("{other:?}"),
                }
            }

            fn total<N: Reach>(row: &'static $fields<N>, path: &[Step], of: Of) -> Expr<i64> {
                match path {
                    $([$o, rest @ ..] => <$one_model as Speak>::total(&row.$one, rest, of),)*
                    $([$m, rest @ ..] => <$many_model as Speak>::of_many(&row.$many, rest, of),)*
                    other => unreachable!("{other:?}"),
                }
            }

            async fn with(query: QuerySet<Self>, a: &Total, b: &Total) -> orm::Result<Vec<Vec<i64>>> {
                let query = query.annotate(|row| total::<Self>(row, a)).annotate(|(row, _)| total::<Self>(row, b));
                Ok(query.await?.iter().map(|(row, a, b)| vec![row.key(), *a, *b]).collect())
            }

            async fn truth(query: QuerySet<Self>, said: &Said) -> orm::Result<Vec<Vec<i64>>> {
                let rows = query.annotate(|row| build::<Self>(row, said)).await?;
                Ok(rows.iter().map(|(row, truth)| vec![row.key(), (*truth).into()]).collect())
            }

            fn of_many(row: &'static $fields<Many>, path: &[Step], of: Of) -> Expr<i64> {
                match (path, of.attribute) {
                    $(([], $n) => match of.how {
                        How::Count => aggregate!(row.$number.count(), of.filter),
                        How::Distinct => aggregate!(row.$number.count().distinct(), of.filter),
                        How::Sum => aggregate!(row.$number.sum(), of.filter),
                        How::Min => aggregate!(row.$number.min(), of.filter),
                        How::Max => aggregate!(row.$number.max(), of.filter),
                    },)*
                    $(([$o, rest @ ..], _) => <$one_model as Speak>::of_many(&row.$one, rest, of),)*
                    $(([$m, rest @ ..], _) => <$many_model as Speak>::of_many(&row.$many, rest, of),)*
                    other => unreachable!("{other:?}"),
                }
            }
        }
    };
}

speaks!(Land, LandFields, texts [Name name: String], numbers [Key id: i64, Area area: i32], truths [], one [], many [People people: Person]);
speaks!(Person, PersonFields, texts [Name name: String, Nick nick: Option<String>], numbers [Key id: i64, Age age: i32],
    truths [Active active], one [Home home: Land],
    many [Written written: Book, Edited edited: Book, Reviewed reviews: Review, Friends friends: Person, Likes likes: Topic]);
speaks!(Book, BookFields, texts [Name title: String], numbers [Key id: i64, Pages pages: i32], truths [],
    one [Author author: Person, Editor editor: Person, SequelTo sequel_to: Book],
    many [Sequels sequels: Book, Reviews reviews: Review, Topics topics: Topic]);
speaks!(Review, ReviewFields, texts [Name text: String], numbers [Key id: i64, Stars stars: i16], truths [],
    one [OfBook book: Book, By by: Person], many []);
speaks!(Topic, TopicFields, texts [Name name: String], numbers [Key id: i64, Rank rank: i32], truths [], one [],
    many [Books books: Book, Fans fans: Person]);
