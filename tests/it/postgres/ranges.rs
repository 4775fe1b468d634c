//! Ranges and multiranges in queries: what they contain, how they lie, what comes of two.

use super::check;
use expect_test::expect;
use orm::{Multirange, Range, Result, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
struct Booking {
    id: i64,
    seats: Range<i32>,
    nights: Option<Range<NaiveDate>>,
    closed: Multirange<i64>,
    guest: i32,
    day: NaiveDate,
}

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 5, n).unwrap()
}

async fn filled() -> Result<()> {
    let rows = [
        (1, Range::from(1..5), Some(Range::from(day(1)..day(4))), &[(1, 3), (7, 9)][..], 2, 2),
        (2, Range::from(5..), Some(Range::from(day(4)..day(9))), &[(2, 5)], 9, 1),
        (3, Range::EMPTY, None, &[], 0, 9),
    ];
    for (id, seats, nights, closed, guest, at) in rows {
        let closed: Multirange<i64> = closed.iter().map(|(from, to)| Range::from(*from..*to)).collect();
        let booking = Booking::objects().create().id(id).seats(seats).nights(nights).closed(closed);
        booking.guest(guest).day(day(at)).await?;
    }
    Ok(())
}

#[orm::test(models(Booking), transaction)]
async fn a_range_contains_values_and_ranges_whatever_its_width() -> Result<()> {
    filled().await?;
    let all = Booking::objects;
    check(all().filter(|b| b.seats.contains(4)), expect![[r#""booking"."seats" @> $1"#]], &[1]).await;
    check(all().filter(|b| b.seats.contains(2..4)), expect![[r#""booking"."seats" @> $1"#]], &[1]).await;
    check(
        all().filter(|b| b.seats.contains(Range::EMPTY)),
        expect![[r#""booking"."seats" @> $1"#]],
        &[1, 2, 3],
    )
    .await;
    check(
        all().filter(|b| b.seats.contains(b.guest)),
        expect![[r#""booking"."seats" @> "booking"."guest""#]],
        &[1, 2],
    )
    .await;
    check(
        all().filter(|b| b.nights.contains(b.day)),
        expect![[r#""booking"."nights" @> "booking"."day""#]],
        &[1],
    )
    .await;
    check(
        all().filter(|b| b.nights.contains(day(2)..=day(3))),
        expect![[r#""booking"."nights" @> $1"#]],
        &[1],
    )
    .await;
    // A multirange contains values, ranges and multiranges.
    check(all().filter(|b| b.closed.contains(8)), expect![[r#""booking"."closed" @> $1"#]], &[1]).await;
    check(all().filter(|b| b.closed.contains(2..3)), expect![[r#""booking"."closed" @> $1"#]], &[1, 2]).await;
    let two: Multirange<i64> = [Range::from(1..2), Range::from(7..8)].into_iter().collect();
    check(all().filter(|b| b.closed.contains(&two)), expect![[r#""booking"."closed" @> $1"#]], &[1]).await;
    // The other way round, of plain values too.
    check(all().filter(|b| b.seats.contained_by(0..10)), expect![[r#""booking"."seats" <@ $1"#]], &[1, 3])
        .await;
    check(
        all().filter(|b| b.guest.contained_by(b.seats)),
        expect![[r#""booking"."guest" <@ "booking"."seats""#]],
        &[1, 2],
    )
    .await;
    check(
        all().filter(|b| b.day.contained_by(day(1)..day(3))),
        expect![[r#""booking"."day" <@ $1"#]],
        &[1, 2],
    )
    .await;
    Ok(())
}

#[orm::test(models(Booking), transaction)]
async fn ranges_lie_before_after_beside_and_over_each_other() -> Result<()> {
    filled().await?;
    let all = Booking::objects;
    check(all().filter(|b| b.seats.overlap(4..6)), expect![[r#""booking"."seats" && $1"#]], &[1, 2]).await;
    check(all().filter(|b| b.seats.fully_lt(5..)), expect![[r#""booking"."seats" << $1"#]], &[1]).await;
    check(all().filter(|b| b.seats.fully_gt(1..5)), expect![[r#""booking"."seats" >> $1"#]], &[2]).await;
    check(all().filter(|b| b.seats.not_lt(5..9)), expect![[r#""booking"."seats" &> $1"#]], &[2]).await;
    check(all().filter(|b| b.seats.not_gt(0..5)), expect![[r#""booking"."seats" &< $1"#]], &[1]).await;
    check(all().filter(|b| b.seats.adjacent_to(5..7)), expect![[r#""booking"."seats" -|- $1"#]], &[1]).await;
    // NULL lies nowhere, and stays under `!`.
    check(
        all().exclude(|b| b.nights.overlap(day(1)..day(2))),
        expect![[r#"("booking"."nights" && $1) IS NOT TRUE"#]],
        &[2, 3],
    )
    .await;
    Ok(())
}

#[orm::test(models(Booking), transaction)]
async fn bounds_are_values_and_what_they_are_like_conditions() -> Result<()> {
    filled().await?;
    let all = Booking::objects;
    let rows: Vec<(Option<i32>, Option<i32>, Option<NaiveDate>)> = all()
        .order_by(|b| b.id)
        .values(|b| (b.seats.lower_bound(), b.seats.upper_bound(), b.nights.upper_bound()))
        .await?;
    assert_eq!(rows, [(Some(1), Some(5), Some(day(4))), (Some(5), None, Some(day(9))), (None, None, None)]);
    check(all().filter(|b| b.seats.lower_bound().gt(2)), expect![[r#"LOWER("booking"."seats") > $1"#]], &[2])
        .await;
    check(all().filter(|b| b.seats.is_empty()), expect![[r#"ISEMPTY("booking"."seats")"#]], &[3]).await;
    check(all().filter(|b| b.seats.upper_inf()), expect![[r#"UPPER_INF("booking"."seats")"#]], &[2]).await;
    check(all().filter(|b| !b.seats.lower_inc()), expect![[r#"NOT LOWER_INC("booking"."seats")"#]], &[3])
        .await;
    check(
        all().filter(|b| b.seats.upper_inc() | b.seats.lower_inf()),
        expect![[r#"UPPER_INC("booking"."seats") OR LOWER_INF("booking"."seats")"#]],
        &[],
    )
    .await;
    Ok(())
}

#[orm::test(models(Booking), transaction)]
async fn ranges_are_joined_cut_and_gathered() -> Result<()> {
    filled().await?;
    let one = Booking::objects().filter(|b| b.id.eq(1));
    let (union, both, rest, merged): (Range<i32>, Range<i32>, Range<i32>, Range<i32>) = one
        .clone()
        .values(|b| {
            (
                b.seats.union(4..8),
                b.seats.intersection(3..),
                b.seats.difference(3..9),
                b.seats.range_merge(8..9),
            )
        })
        .one()
        .await?;
    assert_eq!([union, both, rest, merged], [1..8, 3..5, 1..3, 1..9].map(Range::from));
    let gap = atomic(async { one.clone().values(|b| b.seats.union(8..9)).one().await }).await;
    assert!(gap.unwrap_err().to_string().contains("contiguous"));
    let cut: Multirange<i64> =
        one.values(|b| b.closed.difference(Multirange::from_iter([Range::from(2..8)]))).one().await?;
    assert_eq!(cut.to_string(), "{[1,2),[8,9)}");
    let (nights, seats): (Option<Multirange<NaiveDate>>, Option<Range<i32>>) =
        Booking::objects().aggregate(|b| (b.nights.range_agg(), b.seats.range_intersect_agg())).await?;
    assert_eq!(nights.unwrap().to_string(), "{[2026-05-01,2026-05-09)}");
    assert_eq!(seats, Some(Range::EMPTY));
    Booking::objects().update(|b| b.seats.set(b.seats.intersection(0..2))).await?;
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
struct Offer {
    id: i64,
    prices: Range<Decimal>,
    gaps: Multirange<Decimal>,
    hours: Option<Range<NaiveDateTime>>,
}

#[orm::test(models(Offer), transaction)]
async fn ranges_are_of_decimals_and_of_times_without_a_zone_too() -> Result<()> {
    let cents = |n| Decimal::new(n, 2);
    let noon = day(1).and_hms_opt(12, 0, 0).unwrap();
    let offer = Offer::objects().create().prices(cents(150)..=cents(299)).hours(noon..);
    let offer = offer.gaps(Multirange::from_iter([Range::from(cents(1)..cents(2))])).await?;
    assert_eq!(
        (offer.prices, offer.hours),
        (Range::from(cents(150)..=cents(299)), Some(Range::from(noon..)))
    );
    let all = Offer::objects;
    check(all().filter(|o| o.prices.contains(2)), expect![[r#""offer"."prices" @> $1"#]], &[1]).await;
    check(
        all().filter(|o| o.gaps.contains(cents(1)) & o.hours.contains(noon)),
        expect![[r#"("offer"."gaps" @> $1) AND ("offer"."hours" @> $2)"#]],
        &[1],
    )
    .await;
    let (least, most) = all().values(|o| (o.prices.lower_bound(), o.prices.upper_inc())).one().await?;
    assert_eq!((least, most), (Some(cents(150)), true));
    Ok(())
}
