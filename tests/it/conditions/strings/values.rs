//! Values of each type of column, as texts.

use orm::{CiText, Interval, Range, prelude::*, testing::TestDb};
use std::net::IpAddr;

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Mood {
    Fair,
    Fine,
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[orm(text)]
enum Size {
    Small,
    Large,
}

#[derive(DbType, Debug, Clone, PartialEq)]
struct Slug(String);

#[derive(DbType, Debug, Clone, PartialEq)]
#[orm(domain = "percent", check = "VALUE <= 100")]
struct Percent(i32);

#[derive(Model, Debug, Clone)]
struct Thing {
    id: Uuid,
    yes: bool,
    small: i16,
    unsigned: u32,
    float: f32,
    double: f64,
    price: Decimal,
    slug: Slug,
    ci: CiText,
    mood: Mood,
    size: Size,
    percent: Percent,
    day: NaiveDate,
    at: DateTime<Utc>,
    local: NaiveDateTime,
    time: NaiveTime,
    spent: Interval,
    ip: IpAddr,
    numbers: Vec<i32>,
    span: Range<i32>,
}

async fn things() -> TestDb {
    let test = TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Thing]).await.unwrap();
    let at: DateTime<Utc> = "2024-02-29T13:45:30.123456Z".parse().unwrap();
    let thing = Thing::draft()
        .id(Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef))
        .yes(true)
        .small(-7)
        .unsigned(4_000_000_000)
        .float(1.5)
        .double(-2.25e10)
        .price("12.50".parse::<Decimal>().unwrap())
        .slug(Slug("a-b".into()))
        .ci(CiText("Ann".into()))
        .mood(Mood::Fine)
        .size(Size::Large)
        .percent(Percent(99))
        .day(at.date_naive())
        .at(at)
        .local(at.naive_utc())
        .time(at.time())
        .spent(Interval { months: 1, days: 2, microseconds: 3_000_000 })
        .ip("10.0.0.7".parse::<IpAddr>().unwrap())
        .numbers([1, 2, 3])
        .span(Range::from(1..5))
        .build();
    test.db().scope(thing.save()).await.unwrap();
    test
}

#[tokio::test]
async fn a_text_is_read_as_its_column_is_written() {
    let test = things().await;
    let equal = [
        ("id", "01234567-89ab-cdef-0123-456789abcdef"),
        ("id", "0123456789ABCDEF0123456789ABCDEF"),
        ("id__startswith", "01234567-"),
        ("yes", "true"),
        ("small", "-7"),
        ("unsigned", "4000000000"),
        ("float", "1.5"),
        ("double", "-2.25e10"),
        ("price", "12.5"),
        ("price__range", "12.49,12.51"),
        ("price__in", "1,12.50"),
        ("slug", "a-b"),
        ("slug__in", "x,a-b"),
        ("slug__icontains", "A-"),
        ("ci", "ANN"),
        ("ci__in", "bob,aNN"),
        ("mood", "fine"),
        ("mood__in", "fair,fine"),
        ("mood__gt", "fair"),
        ("size", "large"),
        ("percent", "99"),
        ("percent__in", "98,99"),
        ("day", "2024-02-29"),
        ("day__in", "2024-02-28,2024-02-29"),
        ("at", "2024-02-29T13:45:30.123456Z"),
        ("at", "2024-02-29 15:45:30.123456+02:00"),
        ("at__range", "2024-02-29,2024-03-01"),
        ("local", "2024-02-29T13:45:30.123456"),
        ("time", "13:45:30.123456"),
        ("time__gt", "13:45"),
        ("spent", "1 month 2 days 3 seconds"),
        ("ip", "10.0.0.7"),
        ("ip__lt", "10.0.1.0"),
        ("numbers", "{1,2,3}"),
        ("span", "[1,5)"),
    ];
    for (name, value) in equal {
        let things = Thing::objects().using(test.db());
        assert_eq!(
            things.clone().filter_str(name, value).unwrap().count().await.unwrap(),
            1,
            "{name}={value}"
        );
        assert_eq!(things.exclude_str(name, value).unwrap().count().await.unwrap(), 0, "{name}={value}");
    }
}

#[tokio::test]
async fn a_text_that_is_no_value_is_an_error_that_does_not_show_it() {
    let wrong = [
        ("id", "0123", "Thing.id: the text is no value of type uuid"),
        ("yes", "maybe", "Thing.yes: the text is neither `true` nor `false`"),
        ("yes__isnull", "", "Thing.yes: the text is neither `true` nor `false`"),
        ("small", "40000", "Thing.small: the text is no value of type smallint"),
        ("small", "", "Thing.small: the text is no value of type smallint"),
        ("small__in", "1,,2", "Thing.small: the text is no value of type smallint"),
        ("small__range", "1", "Thing.small: a range is two values with a comma between them"),
        ("small__range", "1,2,3", "Thing.small: the text is no value of type smallint"),
        ("double", "1,5", "Thing.double: the text is no value of type double precision"),
        ("mood", "angry", "Thing.mood: the text is none of fair, fine"),
        ("size", "medium", "Thing.size: the text is none of small, large"),
        ("percent", "x", "Thing.percent: the text is no value of type percent"),
        ("day", "29.02.2024", "Thing.day: the text is no value of type date"),
        ("at", "2023-02-29T00:00:00Z", "Thing.at: the text is no value of type timestamp with time zone"),
        ("local", "2024-02-29T00:00:00Z", "Thing.local: the text is no value of type timestamp"),
        ("time", "25:00", "Thing.time: the text is no value of type time"),
    ];
    for (name, value, said) in wrong {
        let error = Thing::objects().filter_str(name, value).unwrap_err();
        assert!(error.is_invalid_input(), "{name}");
        assert_eq!(error.to_string(), said);
        assert_eq!(error.fields(), [name.split("__").next().unwrap()]);
    }
    let error = Thing::objects().filter_str("slug", "\0").unwrap_err();
    assert_eq!(error.to_string(), "Thing.slug: text cannot hold the character NUL");

    // What only the server can read, it refuses.
    let test = things().await;
    for (name, value) in
        [("price", "x"), ("spent", "soon"), ("ip", "10.0.0"), ("numbers", "1,2"), ("span", "(")]
    {
        let query = Thing::objects().filter_str(name, value).unwrap().using(test.db());
        let error = query.count().await.unwrap_err();
        assert!(error.is_invalid_value(), "{name}: {error:?}");
    }
}
