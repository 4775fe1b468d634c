//! Ranges and multiranges.

use super::{through_bytes, with_tables};
use orm::{ErrorKind, Multirange, Range, prelude::*};
use std::ops::Bound::*;

#[derive(Model, Debug, Clone, PartialEq)]
struct Booking {
    id: i64,
    ages: Range<i32>,
    places: Option<Range<i64>>,
    days: Range<NaiveDate>,
    during: Range<DateTime<Utc>>,
    breaks: Multirange<DateTime<Utc>>,
    seats: Option<Multirange<i32>>,
    others: Vec<Range<NaiveDate>>,
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, day).unwrap()
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + second, 123_456_000).unwrap()
}

fn bookings() -> impl Iterator<Item = orm::Draft<Booking>> {
    let ages =
        [Range::from(1..10), Range::EMPTY, Range::from(..), Range::from(..=5), Range::from(i32::MIN..)];
    ages.into_iter().zip(0..).map(|(ages, n)| {
        let draft = Booking::draft().ages(ages).days(day(1)..=day(1 + n));
        let draft = draft.during(Range::new(Excluded(at(0)), Included(at(n.into()))));
        let draft =
            draft.breaks(Multirange::from_iter((0..n).map(|n| Range::from(at(n.into())..at(n.into())))));
        let draft = draft.others((0..n).map(|n| Range::from(day(n + 1)..)).collect::<Vec<_>>());
        match n % 2 {
            0 => draft.build(),
            _ => {
                draft.places(0..i64::MAX).seats(Multirange::from_iter([3..7, 9..10].map(Range::from))).build()
            }
        }
    })
}

#[tokio::test]
async fn ranges_come_back_equal_one_by_one_and_in_bulk() {
    with_tables(orm::models![Booking], async {
        let many = Booking::objects().bulk_create(bookings()).await?;
        assert_eq!(many[0].ages, Range::from(1..=9));
        assert_eq!(
            (many[1].ages, many[2].ages, many[3].ages),
            (Range::EMPTY, Range::from(..), Range::from(..6))
        );
        assert_eq!(many[0].during, Range::EMPTY, "(a, a] holds nothing");
        assert_eq!(many[3].during.bounds(), Some((Excluded(&at(0)), Included(&at(3)))));
        assert_eq!((many[2].days.lower(), many[2].days.upper()), (Some(&day(1)), Some(&day(4))));
        assert_eq!((&many[3].places, &many[2].places), (&Some(Range::from(0..i64::MAX)), &None));
        assert_eq!(many[3].seats.as_ref().map(|seats| seats.ranges().len()), Some(2));
        assert_eq!(many[3].others, [day(1).., day(2).., day(3)..].map(Range::from));
        for row in &many {
            let equal = Booking::objects().filter(|b| {
                b.ages.eq(row.ages)
                    & b.places.eq(row.places)
                    & b.days.eq(row.days)
                    & b.during.eq(row.during)
                    & b.breaks.eq(&row.breaks)
                    & b.seats.eq(&row.seats)
                    & b.others.eq(&row.others)
            });
            assert_eq!(&equal.one().await?, row);
            let copy = Booking::objects().create().ages(row.ages).places(row.places).days(row.days);
            let copy =
                copy.during(row.during).breaks(&row.breaks).seats(&row.seats).others(&row.others).await?;
            assert_eq!(Booking { id: row.id, ..copy }, *row);
        }
        assert_eq!(
            Booking::objects().filter(|b| b.ages.in_([Range::from(1..10), Range::EMPTY])).count().await?,
            4
        );
        assert_eq!(Booking::objects().filter(|b| b.ages.eq(1..=9)).count().await?, 2);
        let mut row = many[0].clone();
        row.places = Some((..7).into());
        row.save().await?;
        assert_eq!(Booking::objects().filter(|b| b.places.eq(Range::from(..=6))).one().await?, row);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_range_the_wrong_way_round_or_beyond_its_type_is_refused_and_names_the_field() {
    with_tables(orm::models![Booking], async {
        for (ages, why) in [
            (Range::new(Included(9), Excluded(1)), "above its upper"),
            (Range::from(1..=i32::MAX), "last value"),
        ] {
            let error = Booking::objects().update(|b| b.ages.set(ages)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue);
            assert!(
                error.to_string().contains("Booking.ages: ") && error.to_string().contains(why),
                "{error}"
            );
            assert!(!ages.contains(&9) || ages.contains(&i32::MAX));
            let seats = Multirange::from_iter([Range::from(1..100), ages]);
            let error = Booking::objects().filter(|b| b.seats.eq(&seats)).await.unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn multiranges_are_put_together_as_the_server_does() {
    #[derive(Model, Debug)]
    struct Sets {
        id: i64,
        discrete: Multirange<i32>,
        continuous: Multirange<DateTime<Utc>>,
    }
    use std::ops::Bound;
    // All sets of up to three of some ranges, as the server makes them of one-range multiranges.
    let ends = |n: i64| [Bound::Included(n), Bound::Excluded(n)];
    let mut ranges = vec![(Unbounded, Excluded(1)), (Excluded(2), Unbounded), (Included(1), Excluded(1))];
    ranges.extend([(0, 1), (1, 2), (0, 3), (2, 4)].into_iter().flat_map(|(from, to)| {
        ends(from).into_iter().flat_map(move |from| ends(to).into_iter().map(move |to| (from, to)))
    }));
    let test = orm::testing::TestDb::create().await.unwrap();
    test.db().create_tables(orm::models![Sets]).await.unwrap();
    let client = super::by_hand(&test).await;
    test.db()
        .scope(async {
            let sql = |range: &(Bound<i64>, Bound<i64>), at: &dyn Fn(i64) -> String| {
                let bound = |bound, included, excluded| match bound {
                    Included(n) => (at(n), included),
                    Excluded(n) => (at(n), excluded),
                    Unbounded => (String::new(), excluded),
                };
                let ((from, open), (to, close)) = (bound(range.0, '[', '('), bound(range.1, ']', ')'));
                format!("{open}{from},{to}{close}")
            };
            let time = |n: i64| format!("\"{}\"", at(n).to_rfc3339());
            let mut sets = Vec::new();
            let mut rows = Vec::new();
            for (i, a) in ranges.iter().enumerate() {
                for (j, b) in ranges.iter().enumerate().skip(i) {
                    for c in &ranges[j..] {
                        let set = [a, b, c];
                        let text = |at: &dyn Fn(i64) -> String| set.map(|range| sql(range, at)).join(",");
                        rows.push(format!(
                            "({}, '{{{}}}', '{{{}}}')",
                            sets.len() + 1,
                            text(&|n| n.to_string()),
                            text(&time)
                        ));
                        let int = |bound: Bound<i64>| bound.map(|n| i32::try_from(n).unwrap());
                        let discrete = set.iter().map(|(from, to)| Range::new(int(*from), int(*to)));
                        let continuous = set.iter().map(|(from, to)| Range::new(from.map(at), to.map(at)));
                        sets.push((Multirange::from_iter(discrete), Multirange::from_iter(continuous)));
                    }
                }
            }
            client.batch_execute(&format!("INSERT INTO sets VALUES {}", rows.join(","))).await.unwrap();
            let stored = Sets::objects().order_by(|s| s.id).await?;
            assert_eq!(stored.len(), sets.len());
            for ((row, set), sql) in stored.into_iter().zip(sets).zip(rows) {
                assert_eq!((row.discrete, row.continuous), set, "{sql}");
            }
            Ok::<_, orm::Error>(())
        })
        .await
        .unwrap();
}

#[test]
fn ranges_contain_what_lies_between_their_bounds() {
    let range = Range::new(Excluded(1), Included(3));
    assert_eq!([1, 2, 3, 4].map(|n| range.contains(&n)), [false, true, true, false]);
    assert!(!Range::EMPTY.contains(&1) && Range::<i32>::EMPTY.is_empty());
    assert!(Range::from(..).contains(&i64::MIN));
    let texts =
        [Range::from(1..3), Range::EMPTY, Range::from(..), Range::from(5..)].map(|range| range.to_string());
    assert_eq!(texts, ["[1,3)", "empty", "(,)", "[5,)"]);
    assert_eq!(through_bytes(&Range::from(i32::MIN..i32::MAX)).unwrap(), Range::from(i32::MIN..i32::MAX));
}

#[test]
fn serde_has_ranges_as_their_bounds() {
    for (range, json) in [
        (Range::from(1..10), r#"{"lower":1,"upper":10,"bounds":"[)"}"#),
        (Range::from(..10), r#"{"lower":null,"upper":10,"bounds":"()"}"#),
        (Range::from(..), r#"{"lower":null,"upper":null,"bounds":"()"}"#),
        (Range::EMPTY, r#"{"empty":true}"#),
    ] {
        assert_eq!(serde_json::to_string(&range).unwrap(), json);
        assert_eq!(serde_json::from_str::<Range<i32>>(json).unwrap(), range);
    }
    let read = |json| serde_json::from_str::<Range<i32>>(json);
    assert_eq!(read(r#"{"lower": 1, "upper": 10}"#).unwrap(), Range::from(1..10));
    assert_eq!(read(r#"{"lower": 1, "upper": 10, "bounds": "(]"}"#).unwrap(), Range::from(2..11));
    for wrong in [
        r#"{"lower": 1, "upper": 10, "bounds": "["}"#,
        "{}",
        r#"{"lower": "1", "upper": 2}"#,
        r#"{"empty": false}"#,
        r#"{"empty": true, "lower": 1}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
    let ranges = Multirange::from_iter([Range::from(1..3), Range::from(3..5)]);
    let json = serde_json::to_string(&ranges).unwrap();
    assert_eq!(json, r#"[{"lower":1,"upper":5,"bounds":"[)"}]"#);
    assert_eq!(serde_json::from_str::<Multirange<i32>>(&json).unwrap(), ranges);
}
