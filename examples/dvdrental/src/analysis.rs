//! Twelve questions of the hard kind: windows, groups of groups, rows put together, recursion, search, ranges.

use crate::{models::*, reports::Question};
use orm::{Range, TimeUnit, func, prelude::*, search, value, window};

/// The store, a film, what it took there, and its place.
pub(crate) type BestFilm = (i32, String, Decimal, i64);

/// 21. Which three films took most in each store?
pub(crate) fn best_films(places: i64) -> impl Question<BestFilm> {
    Payment::objects()
        .group_by(|p| (p.rental.copy.store.id, p.rental.copy.film.title))
        .annotate(|p| p.amount.sum().or(0))
        .subquery()
        .annotate(|(store, title, paid)| {
            window::row_number().over(|w| w.partition_by(store).order_by((paid.desc(), title)))
        })
        .subquery()
        .filter(|(_, _, _, place)| place.lte(places))
        .order_by(|(store, _, _, place)| (store, place))
}

/// The month, what came in, all that came in so far, and what came in the month before.
pub(crate) type Month = (DateTime<Utc>, Decimal, Option<Decimal>, Option<Decimal>);

/// 22. What came in each month, what had come in by its end, and what came in the month before?
pub(crate) fn months() -> impl Question<Month> {
    Payment::objects()
        .group_by(|p| p.paid_at.trunc_in(TimeUnit::Month, "UTC"))
        .annotate(|p| p.amount.sum().or(0))
        .subquery()
        .annotate(|(month, paid)| {
            (paid.clone().sum().over(|w| w.order_by(month.clone())), paid.lag(1).over(|w| w.order_by(month)))
        })
        .order_by(|(month, ..)| month)
}

/// 23. Which customers have rented both films?
pub(crate) fn rented_both(first: &str, second: &str) -> impl Question<(String, String)> {
    let renters = |film: &str| Customer::objects().filter(|c| c.rentals.copy.film.title.eq(film));
    renters(first)
        .intersection(renters(second))
        .order_by(|c| (c.last_name, c.first_name))
        .values(|c| (c.first_name, c.last_name))
}

/// 24. To whom in a country do I write: my staff, and customers with an address for mail?
pub(crate) fn mailing_list(country: &str) -> impl Question<(String, String, String)> {
    let staff = Staff::objects()
        .filter(|s| s.store.address.city.country.name.eq(country))
        .values(|s| (s.last_name, s.first_name, value("staff")));
    Customer::objects()
        .filter(|c| c.address.city.country.name.eq(country) & c.email.is_not_null())
        .values(|c| (c.last_name, c.first_name, value("customer")))
        .union(staff)
        .order_by(|(last, first, kind)| (last, first, kind))
}

/// The month of the first rental, a month, and how many of those customers rented in it.
pub(crate) type Cohort = (Option<DateTime<Utc>>, DateTime<Utc>, i64);

/// 25. Of the customers who came first in a month, how many came in each of the months that followed?
pub(crate) fn cohorts() -> impl Question<Cohort> {
    Rental::objects()
        .annotate(|r| r.rented_at.min().over(|w| w.partition_by(r.customer.id)))
        .subquery()
        .annotate(|(r, first)| {
            (first.trunc_in(TimeUnit::Month, "UTC"), r.rented_at.trunc_in(TimeUnit::Month, "UTC"))
        })
        .group_by(|(_, _, cohort, month)| (cohort, month))
        .annotate(|(r, ..)| r.customer.id.count().distinct())
        .order_by(|(_, _, _, _, cohort, month, _)| (cohort, month))
}

/// 26. What do the customers of each store pay, in the middle?
pub(crate) fn medians() -> impl Question<(i32, Option<f64>, Option<f64>)> {
    Payment::objects()
        .group_by(|p| (p.customer.store.id, p.customer.id))
        .annotate(|p| p.amount.sum().or(0))
        .subquery()
        .group_by(|(store, _, _)| store)
        .annotate(|(_, _, paid)| {
            let paid = paid.cast::<f64>();
            (paid.clone().percentile_cont(0.5), paid.percentile_cont(0.9))
        })
        .order_by(|(_, _, _, store, ..)| store)
}

/// The film, how well it matches, and where.
pub(crate) type Found = (String, f32, Option<String>);

/// 27. Which films are about this, the best ones first, and where does it say so?
pub(crate) fn about(words: &str) -> impl Question<Found> {
    let query = || search::config("english").websearch(words);
    Film::objects()
        .filter(|f| f.fulltext.search(query()))
        .annotate(|f| f.fulltext.rank(query()))
        .order_by(|(f, rank)| (rank.desc(), f.title))
        .values(|(f, rank)| (f.title, rank, f.description.headline(query())))
}

/// 28. Which copies of a film are free all the time between two days, and in which store?
pub(crate) fn free(film: &str, from: DateTime<Utc>, to: DateTime<Utc>) -> impl Question<(i32, i32)> {
    let wanted = Range::from(from..to);
    Inventory::objects()
        .filter(|copy| copy.film.title.eq(film))
        .exclude(|copy| {
            copy.rentals.any(|r| {
                func::<Range<DateTime<Utc>>, _>("tstzrange", (r.rented_at, r.returned_at)).overlap(wanted)
            })
        })
        .order_by(|copy| copy.id)
        .values(|copy| (copy.id, copy.store.id))
}

/// The country, its best customer, and what was paid.
pub(crate) type Best = (String, String, String, Decimal);

/// 29. Who pays most in each country?
pub(crate) fn best_by_country() -> impl Question<Best> {
    Customer::objects()
        .annotate(|c| c.payments.amount.sum().or(0))
        .distinct_on(|(c, _)| c.address.city.country.name)
        .order_by(|(c, paid)| (c.address.city.country.name, paid.desc(), c.id))
        .values(|(c, paid)| (c.address.city.country.name, c.first_name, c.last_name, paid))
}

/// 30. Which part of all takings is each category's?
pub(crate) fn shares() -> impl Question<(String, Option<f64>)> {
    Category::objects()
        .values(|c| c.name)
        .annotate(|c| c.films.copies.rentals.payments.amount.sum().or(0).cast::<f64>())
        .subquery()
        .values(|(name, paid)| (name, paid.clone() / paid.sum().over(|w| w)))
        .order_by(|(_, paid)| paid.desc())
}

/// The numbers of two actors, and how many films they share.
pub(crate) type Pair = (i32, i32, i64);

/// 31. Which two actors are together most often?
pub(crate) fn pairs() -> impl Question<Pair> {
    FilmActor::objects()
        .lateral(|a| {
            let others = FilmActor::objects().filter(|b| b.film.eq(a.film.id) & b.actor.id.gt(a.actor.id));
            others.values(|b| b.actor.id)
        })
        .group_by(|(a, other)| (a.actor.id, other))
        .annotate(|(a, _)| a.film.id.count())
        .order_by(|(_, _, one, other, films)| (films.desc(), one, other))
        .limit(10)
}

/// 32. How many actors are how far from an actor, from film to film?
pub(crate) fn degrees(actor: i32, most: i32) -> impl Question<(Option<i32>, i64)> {
    Actor::objects()
        .filter(|a| a.id.eq(actor))
        .annotate(|_| value(0))
        .recursive(|found| {
            found.filter(|(_, far)| far.lt(most)).follow(|(a, _)| a.films.actors).annotate(|(_, far)| far + 1)
        })
        .group_by(|(a, _)| a.id)
        .annotate(|(_, far)| far.min())
        .subquery()
        .group_by(|(_, far)| far)
        .annotate(|(actor, _)| actor.count())
        .order_by(|(_, _, far, _)| far)
}
