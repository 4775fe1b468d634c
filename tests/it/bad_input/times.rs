//! Timestamps and dates at and beyond the ends.

use super::{in_a_lab, says};
use chrono::{NaiveTime, TimeDelta};
use orm::{ErrorKind, prelude::*};

#[derive(Model, Debug, Clone, PartialEq)]
#[orm(table = "moment")]
struct Moment {
    id: i64,
    at: Option<DateTime<Utc>>,
    day: Option<NaiveDate>,
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn noon(year: i32, month: u32, day_: u32) -> DateTime<Utc> {
    day(year, month, day_).and_hms_opt(12, 0, 0).unwrap().and_utc()
}

in_a_lab! {
    async fn times_at_the_ends_of_the_range_come_back_and_those_beyond_are_refused(lab) {
        lab.db.create_tables(orm::models![Moment]).await?;
        for at in [noon(-4713, 11, 24), noon(-1, 1, 1), noon(0, 2, 29), noon(9999, 12, 31), noon(262_142, 12, 31)] {
            let row = Moment::objects().create().at(at).await?;
            assert_eq!(Moment::objects().get(row.id).await?.at, Some(at));
            assert_eq!(Moment::objects().filter(|m| m.at.eq(at)).count().await?, 1);
        }
        for date in [day(-4713, 11, 24), day(0, 1, 1), day(9999, 12, 31), NaiveDate::MAX] {
            let row = Moment::objects().create().day(date).await?;
            assert_eq!(Moment::objects().get(row.id).await?.day, Some(date));
            assert_eq!(Moment::objects().filter(|m| m.day.eq(date)).count().await?, 1);
        }
        let before = Moment::objects().count().await?;
        for at in [noon(-4713, 11, 23), DateTime::<Utc>::MIN_UTC] {
            let between = ["Moment.at", "a timestamp is between 4713 BC and 294276 AD"];
            says(&Moment::objects().create().at(at).await.unwrap_err(), ErrorKind::InvalidValue, &between);
            says(&Moment::objects().update(|m| m.at.set(at)).await.unwrap_err(), ErrorKind::InvalidValue, &between);
            says(&Moment::objects().filter(|m| m.at.gt(at)).await.unwrap_err(), ErrorKind::InvalidValue, &between);
            says(&Moment::objects().filter(|m| m.at.in_([at])).await.unwrap_err(), ErrorKind::InvalidValue, &between);
        }
        for date in [day(-4713, 11, 23), NaiveDate::MIN] {
            let between = ["Moment.day", "a date is not before 4713 BC"];
            says(&Moment::objects().create().day(date).await.unwrap_err(), ErrorKind::InvalidValue, &between);
            says(&Moment::objects().filter(|m| m.day.lte(date)).await.unwrap_err(), ErrorKind::InvalidValue, &between);
        }
        assert_eq!(Moment::objects().count().await?, before, "nothing was written");
    }

    async fn the_last_moment_that_rust_knows_is_stored_or_refused_but_never_changed(lab) {
        lab.db.create_tables(orm::models![Moment]).await?;
        match Moment::objects().create().at(DateTime::<Utc>::MAX_UTC).await {
            Ok(row) => assert!(DateTime::<Utc>::MAX_UTC - row.at.unwrap() < TimeDelta::microseconds(1)),
            Err(error) => says(&error, ErrorKind::InvalidValue, &["Moment.at", "between 4713 BC and"]),
        }
    }

    async fn a_time_that_rust_cannot_hold_names_the_model_and_the_field(lab) {
        lab.db.create_tables(orm::models![Moment]).await?;
        let good = Moment::objects().create().at(noon(2026, 1, 2)).await?;
        for (column, value, what) in [
            ("at", "infinity", "the timestamp is `infinity`, which `DateTime<Utc>` cannot hold"),
            ("at", "-infinity", "the timestamp is `-infinity`, which `DateTime<Utc>` cannot hold"),
            ("at", "294276-12-31 23:59:59.999999", "the timestamp is out of the range of `DateTime<Utc>`"),
            ("day", "infinity", "the date is `infinity`, which `NaiveDate` cannot hold"),
            ("day", "-infinity", "the date is `-infinity`, which `NaiveDate` cannot hold"),
            ("day", "5874897-12-31", "the date is out of the range of `NaiveDate`"),
        ] {
            lab.sql(&format!("INSERT INTO moment ({column}) VALUES ('{value}')")).await;
            let field = &*format!("Moment.{column}");
            says(&Moment::objects().all().await.unwrap_err(), ErrorKind::Decode, &[field, what]);
            let strange = Moment::objects().exclude(|m| m.id.eq(good.id));
            says(&strange.clone().one().await.unwrap_err(), ErrorKind::Decode, &[field, what]);
            let values = strange.clone().values(|m| (m.id, m.at, m.day)).await.unwrap_err();
            says(&values, ErrorKind::Decode, &[if column == "at" { "column 2" } else { "column 3" }, what]);
            assert_eq!(Moment::objects().get(good.id).await?, good, "the other rows can be read");
            assert_eq!(strange.update(|m| (m.at.set(None), m.day.set(None))).await?, 1, "and it can be mended");
            assert_eq!(Moment::objects().exclude(|m| m.id.eq(good.id)).delete().await?, 1);
        }
        lab.sql("INSERT INTO moment (at, day) VALUES ('4713-01-01 BC', '4714-11-24 BC')").await;
        let oldest = Moment::objects().order_by(|m| m.id.desc()).first().await?.unwrap();
        assert_eq!((oldest.at.unwrap(), oldest.day.unwrap()), (noon(-4712, 1, 1) - TimeDelta::hours(12), day(-4713, 11, 24)));
    }

    async fn a_leap_second_is_the_next_second_and_less_than_a_microsecond_is_rounded(lab) {
        lab.db.create_tables(orm::models![Moment]).await?;
        let at = |hour, minute, second, nano| {
            let time = NaiveTime::from_hms_nano_opt(hour, minute, second, nano).unwrap();
            day(2016, 12, 31).and_time(time).and_utc()
        };
        let new_year = day(2017, 1, 1).and_time(NaiveTime::MIN).and_utc();
        for (given, stored) in [
            (at(23, 59, 59, 1_000_000_000), new_year),
            (at(23, 59, 59, 1_500_000_000), new_year + TimeDelta::milliseconds(500)),
            (at(23, 59, 59, 999_999_499), at(23, 59, 59, 999_999_000)),
            (at(23, 59, 59, 999_999_500), new_year),
            (at(12, 0, 0, 1), at(12, 0, 0, 0)),
            (at(12, 0, 0, 1_499), at(12, 0, 0, 1_000)),
            (at(12, 0, 0, 1_500), at(12, 0, 0, 2_000)),
        ] {
            let row = Moment::objects().create().at(given).await?;
            assert_eq!(row.at, Some(stored), "{given:?}: in the instance");
            assert_eq!(Moment::objects().get(row.id).await?.at, Some(stored), "{given:?}: in the database");
            assert!(Moment::objects().filter(|m| m.at.eq(given)).exists().await?, "{given:?}: and it is found by it");
        }
        // before the epoch, and before PostgreSQL's, the nearest too
        let early = noon(1969, 7, 20) + TimeDelta::nanoseconds(1_500);
        assert_eq!(Moment::objects().create().at(early).await?.at, Some(noon(1969, 7, 20) + TimeDelta::microseconds(2)));
    }
}
