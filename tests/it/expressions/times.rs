//! Dates, times, intervals, and more aggregates.

use super::{Post, User, world};
use expect_test::expect;
use orm::{Interval, TimeUnit, prelude::*, value};

#[tokio::test]
async fn parts_of_times_are_values_and_lookups_also_across_relations() {
    let w = world().await;
    let at: DateTime<Utc> = "2023-12-31T23:30:15.9Z".parse().unwrap();
    Post::objects().using(w.db()).filter(|p| p.id.eq(1)).update(|p| p.published_at.set(at)).await.unwrap();
    let post = Post::objects().using(w.db()).filter(|p| p.id.eq(1));
    let parts = post.clone().values(|p| {
        let at = p.published_at;
        (
            at.year(),
            at.iso_year(),
            at.quarter(),
            at.month(),
            at.week(),
            at.day(),
            at.week_day(),
            at.iso_week_day(),
        )
    });
    assert_eq!(
        parts.one().await.unwrap(),
        (Some(2023), Some(2023), Some(4), Some(12), Some(52), Some(31), Some(1), Some(7))
    );
    let there = post.clone().values(|p| {
        let there = p.published_at.at_time_zone("Europe/Berlin");
        (there.clone().year(), there.clone().hour(), there.clone().minute(), there.second())
    });
    assert_eq!(there.one().await.unwrap(), (Some(2024), Some(0), Some(30), Some(15)));
    let (date, time) = post.values(|p| (p.published_at.date(), p.published_at.time())).one().await.unwrap();
    assert_eq!((date, time), (Some(at.date_naive()), Some(at.time())));
    let query = User::objects().filter(|u| u.posts.published_at.year().eq(2021));
    w.check(query, expect![[r#"FROM "user" WHERE EXISTS(SELECT 1 FROM "blog_post" WHERE "blog_post"."author_id" = "user"."id" AND CAST(EXTRACT(YEAR FROM "blog_post"."published_at") AS integer) = $1)"#]], &[2]).await;
}

#[tokio::test]
async fn times_are_cut_in_utc_or_in_a_zone() {
    let w = world().await;
    let at: DateTime<Utc> = "2023-12-31T23:30:15Z".parse().unwrap();
    let user = User::objects().using(w.db()).filter(|u| u.id.eq(1));
    let query = user.clone().values(move |_| {
        (
            value(at).trunc(TimeUnit::Month),
            value(at).trunc_in(TimeUnit::Month, "Europe/Berlin"),
            value(at.date_naive()).trunc(TimeUnit::Year),
        )
    });
    let (utc, berlin, day) = query.one().await.unwrap();
    assert_eq!(utc.to_rfc3339(), "2023-12-01T00:00:00+00:00");
    assert_eq!(berlin.to_rfc3339(), "2023-12-31T23:00:00+00:00");
    assert_eq!(day.to_string(), "2023-01-01");
    let unknown = user.values(move |_| value(at).at_time_zone("Nowhere")).one().await;
    let error = unknown.unwrap_err();
    assert!(error.is_invalid_value(), "{error:?}");
}

#[tokio::test]
async fn times_spans_and_days_are_added_and_subtracted() {
    let w = world().await;
    let at: DateTime<Utc> = "2024-01-31T00:00:00Z".parse().unwrap();
    let day = at.date_naive();
    let user = User::objects().using(w.db()).filter(|u| u.id.eq(1));
    let query = user.clone().values(move |_| {
        (
            value(at) + Interval::months(1),
            value(at) - TimeDelta::hours(1),
            value(at) - value(at - TimeDelta::days(2)),
            value(day) + 1,
            value(day) - day,
            (value(at) - at).total_seconds(),
        )
    });
    let (month, hour, span, next, none, seconds) = query.one().await.unwrap();
    assert_eq!(month.to_rfc3339(), "2024-02-29T00:00:00+00:00");
    assert_eq!(hour.to_rfc3339(), "2024-01-30T23:00:00+00:00");
    assert_eq!(span, Interval::days(2));
    assert_eq!(next.to_string(), "2024-02-01");
    assert_eq!((none, seconds), (0, 0.0));
    let before = Post::objects().using(w.db()).filter(|p| p.published_at.lt(orm::now() - Interval::days(1)));
    assert_eq!(before.count().await.unwrap(), 3);
    let ages = Post::objects()
        .using(w.db())
        .filter(|p| (orm::now().typed::<DateTime<Utc>>() - p.published_at).gt(Interval::days(365 * 5)));
    assert_eq!(ages.count().await.unwrap(), 2);
}

#[tokio::test]
async fn values_are_gathered_in_texts_arrays_and_json() {
    let w = world().await;
    let query = User::objects().using(w.db()).order_by(|u| u.id).values(|u| {
        (
            u.posts.title.string_agg(", ").order_by(u.posts.views.desc()),
            u.posts.views.array_agg().order_by(u.posts.views.asc()),
        )
    });
    let rows: Vec<(Option<String>, Option<Vec<i32>>)> = query.await.unwrap();
    assert_eq!(rows[0], (Some("rust, go".into()), Some(vec![5, 100])));
    assert_eq!(rows[3], (None, None));
    let ages: Option<Vec<Option<i32>>> =
        User::objects().using(w.db()).aggregate(|u| u.age.array_agg().order_by(u.id)).await.unwrap();
    assert_eq!(ages, Some(vec![Some(30), None, Some(40), Some(20)]));
    let json = User::objects().using(w.db()).aggregate(|u| u.age.jsonb_agg().order_by(u.id)).await.unwrap();
    assert_eq!(json.unwrap().to_string(), "[30,null,40,20]");
}

#[tokio::test]
async fn truth_bits_and_statistics_are_aggregates() {
    let w = world().await;
    let posts = Post::objects().using(w.db());
    let (all, any) =
        posts.clone().aggregate(|p| (p.views.gt(5).bool_and(), p.views.gt(5).bool_or())).await.unwrap();
    assert_eq!((all, any), (Some(false), Some(true)));
    let bits = posts.clone().aggregate(|p| (p.views.bit_and(), p.views.bit_or(), p.views.bit_xor()));
    assert_eq!(bits.await.unwrap(), (Some(0), Some(237), Some(100)));
    let (median, first, mode) = posts
        .clone()
        .aggregate(|p| (p.views.percentile_cont(0.5), p.views.percentile_disc(0.5), p.title.mode()))
        .await
        .unwrap();
    assert_eq!((median, first, mode), (Some(100.0), Some(100), Some("rust".into())));
    let filtered = posts.clone().aggregate(|p| p.views.percentile_cont(0.5).filter(p.views.lt(100)));
    assert_eq!(filtered.await.unwrap(), Some(5.0));
    let (pop, samp) = posts.clone().aggregate(|p| (p.id.var_pop(), p.id.var_samp())).await.unwrap();
    assert_eq!((pop, samp), (Some(2.0), Some(2.5)));
    let (corr, slope, n) = posts
        .clone()
        .aggregate(|p| (p.id.corr(p.id), p.id.regr_slope(p.id * 2), p.id.regr_count(p.id)))
        .await
        .unwrap();
    assert_eq!((corr, slope, n), (Some(1.0), Some(0.5), 5));
    let refused = posts.aggregate(|p| p.title.mode().distinct()).await;
    assert!(refused.unwrap_err().to_string().contains("DISTINCT"));
}

#[tokio::test]
async fn a_time_is_cut_at_every_unit() {
    let w = world().await;
    let at: DateTime<Utc> = "2023-11-30T23:30:15.9Z".parse().unwrap();
    for (unit, cut) in [
        (TimeUnit::Second, "2023-11-30T23:30:15Z"),
        (TimeUnit::Minute, "2023-11-30T23:30:00Z"),
        (TimeUnit::Hour, "2023-11-30T23:00:00Z"),
        (TimeUnit::Day, "2023-11-30T00:00:00Z"),
        (TimeUnit::Week, "2023-11-27T00:00:00Z"),
        (TimeUnit::Month, "2023-11-01T00:00:00Z"),
        (TimeUnit::Quarter, "2023-10-01T00:00:00Z"),
        (TimeUnit::Year, "2023-01-01T00:00:00Z"),
    ] {
        let user = User::objects().using(w.db()).filter(|u| u.id.eq(1));
        let found: DateTime<Utc> = user.values(move |_| value(at).trunc(unit)).one().await.unwrap();
        assert_eq!(found, cut.parse::<DateTime<Utc>>().unwrap());
    }
}

#[tokio::test]
async fn now_is_when_the_statement_began() {
    let w = world().await;
    let before = Utc::now();
    let user = User::objects().using(w.db()).filter(|u| u.id.eq(1));
    let now = user.values(|_| orm::now().typed::<DateTime<Utc>>()).one().await.unwrap();
    assert!((now - before).abs() < TimeDelta::minutes(1), "{before} {now}");
}

#[tokio::test]
async fn deviations_are_roots_of_variances() {
    let w = world().await;
    let deviations = Post::objects().using(w.db()).aggregate(|p| (p.id.stddev_pop(), p.id.stddev_samp()));
    let (pop, samp) = deviations.await.unwrap();
    let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} is not {b}");
    near(pop, 2_f64.sqrt());
    near(samp, 2.5_f64.sqrt());
}

#[tokio::test]
async fn any_value_is_one_of_them_or_an_error_where_the_server_has_none() {
    let w = world().await;
    match Post::objects().using(w.db()).aggregate(|p| p.id.any_value()).await {
        Ok(id) => assert!((1..=5).contains(&id.unwrap())),
        Err(error) => assert!(error.is_schema(), "{error:?}"),
    }
}
