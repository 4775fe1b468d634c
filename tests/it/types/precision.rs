//! What a column or a type holds only in part: precisions, values that only the server has, time zones.

use crate::bad_input::{Lab, says};
use bigdecimal::BigDecimal;
use chrono::Datelike;
use orm::{ErrorKind, Interval, Result, prelude::*};
use std::time::Duration;

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "price")]
struct Price {
    id: i64,
    #[orm(unique)]
    name: String,
    net: Decimal,
    taken: NaiveTime,
}

/// A table whose columns have a precision.
async fn priced<T>(body: impl AsyncFnOnce(&Lab) -> Result<T>) -> T {
    let lab = Lab::new().await;
    lab.db.create_tables(orm::models![Price]).await.unwrap();
    lab.sql("ALTER TABLE price ALTER net TYPE numeric(10, 2), ALTER taken TYPE time(3)").await;
    lab.db.scope(body(&lab)).await.unwrap()
}

#[tokio::test]
async fn an_instance_holds_what_its_columns_precision_left_of_a_value() {
    priced(async |_| {
        let of = |text: &str| text.parse::<Decimal>().unwrap();
        let at = |micros| NaiveTime::from_hms_micro_opt(12, 0, 0, micros).unwrap();
        let stored = |price: &Price| (price.net.to_string(), price.taken);
        let mut row = Price::objects().create().name("a").net(of("1.005")).taken(at(1_499)).await?;
        assert_eq!(stored(&row), ("1.01".into(), at(1_000)), "created");
        (row.net, row.taken) = (of("-2.675"), at(1_500));
        row.save().await?;
        assert_eq!(stored(&row), ("-2.68".into(), at(2_000)), "saved");
        row.net = 3.into();
        row.save_fields(|p| p.net).await?;
        assert_eq!(stored(&row), ("3.00".into(), at(2_000)), "saved in part");
        let draft = |name: &str| Price::draft().name(name).net(of("0.0049")).taken(at(1)).build();
        for row in Price::objects().bulk_create([draft("b"), draft("c")]).await? {
            assert_eq!(stored(&row), ("0.00".into(), at(0)), "in bulk");
        }
        let find = |name: &'static str| Price::objects().filter(move |p| p.name.eq(name));
        let (row, _) = Price::objects()
            .get_or_create(|p| p.name.eq("d"), |new| new.name("d").net(of("9.999")).taken(at(0)))
            .await?;
        assert_eq!(stored(&row), ("10.00".into(), at(0)), "got or created");
        let (row, _) = Price::objects()
            .update_or_create(
                |p| p.name.eq("d"),
                |p| p.net.set(p.net / 3),
                |new| new.name("d").net(0).taken(at(0)),
            )
            .await?;
        assert_eq!(stored(&row), ("3.33".into(), at(0)), "updated or created");
        assert_eq!(find("d").one().await?, row);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn decimals_are_calculated_with_compared_and_summed_as_decimals() {
    priced(async |_| {
        let of = |text: &str| text.parse::<Decimal>().unwrap();
        let draft = |(name, net)| Price::draft().name(name).net(of(net)).taken(NaiveTime::MIN).build();
        Price::objects().bulk_create([("a", "0.10"), ("b", "0.20"), ("c", "12345678.90")].map(draft)).await?;
        let names = |query: QuerySet<Price>| query.order_by(|p| p.name).values(|p| p.name);
        assert_eq!(names(Price::objects().filter(|p| p.net.lt(1))).await?, ["a", "b"]);
        assert_eq!(names(Price::objects().filter(|p| p.net.eq(of("0.1")))).await?, ["a"]);
        assert_eq!(names(Price::objects().filter(|p| (p.net * 2).in_([of("0.4"), of("7")]))).await?, ["b"]);
        assert_eq!(names(Price::objects().filter(|p| p.net.in_([1, 2]))).await?, [""; 0]);
        let small = Price::objects().filter(|p| p.net.lt(1));
        let (sum, mean) = small.clone().aggregate(|p| (p.net.sum(), p.net.avg())).await?;
        assert_eq!((sum, mean), (Some(of("0.30")), Some(0.15)), "and not 0.30000000000000004");
        assert_eq!(small.none().aggregate(|p| p.net.sum().or(0)).await?, Decimal::ZERO);
        assert_eq!(Price::objects().values(|p| -p.net).order_by(|p| p.net).first().await?, Some(of("-0.10")));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_number_that_a_decimal_cannot_hold_exactly_names_the_field_and_is_never_rounded() {
    priced(async |lab| {
        lab.sql("ALTER TABLE price ALTER net TYPE numeric").await;
        let digits = "the number has more digits than `Decimal` can hold";
        for (value, what) in [
            ("12345678901234567890123456789012345678", digits),
            ("79228162514264337593543950336", digits),
            ("0.12345678901234567890123456789", digits),
            ("1.00000000000000000000000000001", digits),
            ("1e-35", digits),
            ("1e40", digits),
            ("'NaN'", "the number is `NaN`, which `Decimal` cannot hold"),
            ("'infinity'", "the number is `Infinity`, which `Decimal` cannot hold"),
            ("'-infinity'", "the number is `-Infinity`, which `Decimal` cannot hold"),
        ] {
            lab.sql(&format!("INSERT INTO price (name, net, taken) VALUES ('x', {value}, '12:00')")).await;
            says(&Price::objects().one().await.unwrap_err(), ErrorKind::Decode, &["Price.net", what]);
            assert_eq!(Price::objects().filter(|p| p.name.eq("x")).delete().await?, 1);
        }
        // What only looks so.
        for (value, decimal) in [
            ("1.0000000000000000000000000000000000000000", "1.0000000000000000000000000000"),
            ("79228162514264337593543950335.00", "79228162514264337593543950335"),
            ("7.92281625142643375935439503350", "7.9228162514264337593543950335"),
            ("1e28", "10000000000000000000000000000"),
            ("0e-40", "0.0000000000000000000000000000"),
        ] {
            lab.sql(&format!("INSERT INTO price (name, net, taken) VALUES ('y', {value}, '12:00')")).await;
            assert_eq!(Price::objects().one().await?.net.to_string(), decimal, "{value}");
            assert_eq!(Price::objects().delete().await?, 1);
        }
        Ok(())
    })
    .await;
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "large")]
struct Large {
    id: i64,
    number: BigDecimal,
}

#[tokio::test]
async fn the_longest_numbers_of_the_server_are_read_and_those_it_would_not_take_are_refused() {
    let lab = Lab::new().await;
    lab.db.create_tables(orm::models![Large]).await.unwrap();
    let digits = |n: usize| "1234567890".repeat(n.div_ceil(10))[..n].to_owned();
    let create = |text: String| {
        let number: BigDecimal = text.parse().unwrap();
        Large::objects().using(&lab.db).create().number(number)
    };
    for text in [digits(12_000), format!("0.{}1", "0".repeat(16_382)), format!("1{}", "0".repeat(131_071))] {
        let row = create(text.clone()).await.unwrap();
        assert_eq!(row.number.to_plain_string(), text);
    }
    for text in [digits(12_001), format!("0.{}1", "0".repeat(16_383)), format!("1{}", "0".repeat(131_072))] {
        let error = create(text).await.unwrap_err();
        says(&error, ErrorKind::InvalidValue, &["Large.number", "16,383 after it", "12,000"]);
    }
    // More digits than the server takes in this format it still sends.
    let text = format!("{}.5", digits(20_000));
    lab.sql(&format!("DELETE FROM large; INSERT INTO large (number) VALUES ({text})")).await;
    let row = Large::objects().using(&lab.db).one().await.unwrap();
    assert_eq!(row.number.to_plain_string(), text);
    for special in ["NaN", "Infinity", "-Infinity"] {
        lab.sql(&format!("UPDATE large SET number = '{special}'")).await;
        let error = Large::objects().using(&lab.db).one().await.unwrap_err();
        says(
            &error,
            ErrorKind::Decode,
            &["Large.number", &format!("`{special}`, which `BigDecimal` cannot hold")],
        );
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "span")]
struct Span {
    id: i64,
    at: NaiveTime,
    fixed: Option<TimeDelta>,
    positive: Option<Duration>,
    whole: Option<Interval>,
}

#[tokio::test]
async fn midnight_at_the_end_of_a_day_and_a_month_in_a_fixed_span_are_errors_when_they_are_read() {
    let lab = Lab::new().await;
    lab.db.create_tables(orm::models![Span]).await.unwrap();
    let months = "the interval has months, which have no fixed length, so `TimeDelta` cannot hold it";
    for (column, value, what) in [
        ("at", "24:00:00", Err("the time is `24:00:00`, which `NaiveTime` cannot hold")),
        ("at", "00:00:00", Ok(())),
        ("fixed", "1 mon", Err(months)),
        ("fixed", "1 year -12 mon", Ok(())),
        ("positive", "1 mon", Err("so `Duration` cannot hold it; `orm::Interval` can")),
        ("positive", "-1 us", Err("the interval is out of the range of `Duration`")),
        ("positive", "-1 day 24:00:00", Ok(())),
    ] {
        lab.sql(&format!(
            "DELETE FROM span; INSERT INTO span (at) VALUES ('12:00'); UPDATE span SET {column} = '{value}'"
        ))
        .await;
        match (Span::objects().using(&lab.db).one().await, what) {
            (Err(error), Err(what)) => says(&error, ErrorKind::Decode, &[&format!("Span.{column}"), what]),
            (found, what) => assert_eq!(found.is_ok(), what.is_ok(), "{column} {value}"),
        }
    }
}

#[tokio::test]
async fn intervals_are_read_and_printed_as_the_server_prints_them() {
    let lab = Lab::new().await;
    lab.db.create_tables(orm::models![Span]).await.unwrap();
    let texts = [
        ("1 year 2 mons 3 days 04:05:06.789", "P1Y2M3DT4H5M6.789S"),
        ("-1 year -2 mons +3 days -04:05:06.789", "P-1Y-2M3DT-4H-5M-6.789S"),
        ("0", "PT0S"),
        ("1 day", "P1D"),
        ("-0.5 s", "PT-0.5S"),
        ("90 s", "PT1M30S"),
        ("1 us", "PT0.000001S"),
        ("1000 h", "PT1000H"),
        ("25 mon", "P2Y1M"),
    ];
    for (text, iso) in texts {
        lab.sql(&format!("DELETE FROM span; INSERT INTO span (at, whole) VALUES ('12:00', '{text}')")).await;
        let row = Span::objects().using(&lab.db).one().await.unwrap();
        assert_eq!(row.whole.unwrap().to_string(), iso, "{text}");
        let sql = "SET intervalstyle = iso_8601; SELECT whole FROM span";
        let answers = lab.client.simple_query(sql).await.unwrap();
        let written = answers.iter().find_map(|answer| match answer {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(String::from),
            _ => None,
        });
        assert_eq!(written.unwrap(), iso);
        assert_eq!(iso.parse::<Interval>().unwrap(), row.whole.unwrap());
    }
    for text in [
        "",
        "P",
        "1D",
        "P1",
        "PT",
        "P1DT",
        "P1H",
        "PT1D",
        "P1.5D",
        "PT1.1234567S",
        "PT.S",
        "PT1e3S",
        "P9999999999Y",
        "PT1S1",
        "P1Dé",
    ] {
        assert_eq!(text.parse::<Interval>().unwrap_err().kind(), ErrorKind::InvalidValue, "{text}");
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "event")]
struct Event {
    id: i64,
    at: DateTime<Utc>,
    local: NaiveDateTime,
    #[orm(auto_now_add)]
    day: NaiveDate,
    #[orm(auto_now)]
    clock: NaiveTime,
    #[orm(auto_now)]
    moment: NaiveDateTime,
}

#[tokio::test]
async fn a_databases_time_zone_changes_no_value_where_its_clocks_are_put_forward() {
    let lab = Lab::new().await;
    lab.db.create_tables(orm::models![Event]).await.unwrap();
    let name = lab.test.name();
    lab.sql(&format!("ALTER DATABASE {name} SET TimeZone = 'America/Santiago'")).await;
    let db = Db::connect(lab.test.url()).await.unwrap();
    db.scope(async {
        // At midnight of 2024-09-08 it became one o'clock there; at that of 2024-04-07 eleven again.
        for (month, day, hour, minute) in
            [(9, 8, 0, 30), (9, 8, 4, 0), (9, 8, 3, 59), (4, 6, 23, 30), (4, 7, 3, 30)]
        {
            let local =
                NaiveDate::from_ymd_opt(2024, month, day).unwrap().and_hms_opt(hour, minute, 0).unwrap();
            let before = Utc::now();
            let row = Event::objects().create().at(local.and_utc()).local(local).await?;
            assert_eq!((row.at, row.local), (local.and_utc(), local));
            assert!(
                row.moment.and_utc() - before < TimeDelta::seconds(60) && row.day.year() >= before.year()
            );
            assert!(row.clock == row.moment.time() || row.clock > row.moment.time() - TimeDelta::seconds(60));
            let found = Event::objects().filter(|e| e.at.eq(local.and_utc()) & e.local.eq(local));
            assert_eq!(found.clone().count().await?, 1);
            let text = found.values(|e| (e.at.cast::<String>(), e.local.cast::<String>())).one().await?;
            let wanted = local.format("%Y-%m-%d %H:%M:%S").to_string();
            assert_eq!(text, (format!("{wanted}+00"), wanted), "the session's time zone is UTC");
        }
        Ok::<_, orm::Error>(())
    })
    .await
    .unwrap();
}
