//! Twelve questions of a shop owner. Each is a query: printed, refined or awaited by whoever asks it.

use crate::models::*;
use orm::{IntoList, prelude::*};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// When it was rented, by whom (first name, last name, phone), and the film.
pub(crate) type Overdue = (DateTime<Utc>, String, String, String, String);

/// 1. What should have been back by now, and whom do I call?
///
/// A film is lent for three to seven days.
pub(crate) fn overdue(now: DateTime<Utc>) -> QuerySet<Rental, Overdue> {
    Rental::objects()
        .filter(|r| r.returned_at.is_null())
        .filter(|r| {
            let late = |days: i16| {
                r.copy.film.rental_duration.eq(days) & r.rented_at.lt(now - DAY * days.unsigned_abs().into())
            };
            late(3) | late(4) | late(5) | late(6) | late(7)
        })
        .order_by(|r| (r.rented_at, r.id))
        .values(|r| {
            (
                r.rented_at,
                r.customer.first_name,
                r.customer.last_name,
                r.customer.address.phone,
                r.copy.film.title,
            )
        })
}

/// 2. Which films with this actor has nobody ever rented?
pub(crate) fn never_rented(last_name: &str) -> QuerySet<Film, (String, Option<i32>)> {
    Film::objects()
        .filter(|f| f.actors.last_name.iexact(last_name))
        .filter(|f| f.copies.none(|copy| copy.rentals.exists()))
        .order_by(|f| f.title)
        .values(|f| (f.title, f.release_year))
}

/// 3. Which films of these categories do the customers of a country rent?
pub(crate) fn rented_in(country: &str, categories: impl IntoList<String>) -> QuerySet<Rental, String> {
    Rental::objects()
        .filter(|r| r.customer.address.city.country.name.eq(country))
        .filter(|r| r.copy.film.categories.name.in_(categories))
        .order_by(|r| r.copy.film.title)
        .values(|r| r.copy.film.title)
        .distinct()
}

/// How many payments, their sum and their mean.
pub(crate) type Takings = (i64, Decimal, Option<f64>);

/// 4. What did a store take on a day?
pub(crate) fn takings(
    store: i32,
    midnight: DateTime<Utc>,
) -> impl ToSql + IntoFuture<Output = orm::Result<Takings>> {
    Payment::objects()
        .filter(|p| p.paid_at.gte(midnight) & p.paid_at.lt(midnight + DAY))
        .filter(|p| p.rental.copy.store.eq(store))
        .aggregate(|p| (p.id.count(), p.amount.sum().or(0), p.amount.avg()))
}

/// First name, last name, and the store's street, city and country.
pub(crate) type Colleague = (String, String, String, String, String);

/// 5. Who works for me, and where?
pub(crate) fn staff() -> QuerySet<Staff, Colleague> {
    Staff::objects().order_by(|s| (s.last_name, s.first_name)).values(|s| {
        let at = &s.store.address; // a relation, and a path to go on from
        (s.first_name, s.last_name, at.street, at.city.name, at.city.country.name)
    })
}

/// The film, its copies in the store, and how many of them are out.
pub(crate) type Stock = (String, i64, i64);

/// 6. How many copies of the films with this in their title does a store have, and how many are out?
pub(crate) fn stock(title: &str, store: i32) -> QuerySet<Film, Stock> {
    Film::objects().filter(|f| f.title.icontains(title)).order_by(|f| f.title).values(|f| {
        let copies = Inventory::objects().filter(|copy| copy.film.eq(f.id) & copy.store.eq(store));
        let out = copies.clone().filter(|copy| copy.rentals.any(|r| r.returned_at.is_null()));
        (f.title, copies.count(), out.count())
    })
}

/// 7. Which active customers of a store rented nothing between two moments, both included?
pub(crate) fn absent(
    store: i32,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> QuerySet<Customer, (String, String)> {
    Customer::objects()
        .filter(|c| c.active & c.store.eq(store))
        .exclude(|c| c.rentals.rented_at.range(from, to))
        .order_by(|c| (c.last_name, c.first_name))
        .values(|c| (c.first_name, c.last_name))
}

/// 8. Which customers have brought back all they rented?
pub(crate) fn reliable() -> QuerySet<Customer, (i32, String, String)> {
    Customer::objects()
        .filter(|c| c.rentals.exists() & c.rentals.all(|r| !r.returned_at.is_null()))
        .order_by(|c| c.id)
        .values(|c| (c.id, c.first_name, c.last_name))
}

/// 9. With whom did an actor play, and how often?
pub(crate) fn costars(actor: i32) -> QuerySet<Actor, (String, String, i64)> {
    let films = FilmActor::objects().filter(|role| role.actor.eq(actor)).values(|role| role.film.id);
    Actor::objects()
        .exclude(|a| a.id.eq(actor))
        .filter(|a| a.roles.film.in_(films.clone()))
        .order_by(|a| a.id)
        .values(|a| {
            let together = FilmActor::objects().filter(|role| role.actor.eq(a.id) & role.film.in_(films));
            (a.first_name, a.last_name, together.count())
        })
}

/// The film, its minutes, its rate, and the language it was shot in, if it is not the one it is in.
pub(crate) type LongFilm = (String, Option<i16>, Decimal, Option<String>);

/// 10. Which films are an hour longer than the mean of the films in their language?
pub(crate) fn long() -> QuerySet<Film, LongFilm> {
    Film::objects()
        .filter(|f| (f.length - 60).cast::<f64>().gt(f.language.films.length.avg()))
        .order_by(|f| (f.length.desc(), f.title))
        .values(|f| (f.title, f.length, f.rental_rate, f.original_language.name))
}

/// 11. In which cities do I have customers but no store?
pub(crate) fn cities_without_store() -> QuerySet<City, (String, String)> {
    City::objects()
        .filter(|city| Customer::objects().filter(|c| c.address.city.eq(city.id)).exists())
        .exclude(|city| Store::objects().filter(|s| s.address.city.eq(city.id)).exists())
        .order_by(|city| (city.country.name, city.name))
        .values(|city| (city.name, city.country.name))
}

/// First name, last name, the number of rentals, what was paid, and the film rented last.
pub(crate) type BestCustomer = (String, String, i64, Decimal, Option<String>);

/// 12. Who are my ten best customers, and what did they last see?
pub(crate) fn best_customers() -> QuerySet<Customer, BestCustomer> {
    Customer::objects().order_by(|c| (c.rentals.count().desc(), c.id)).limit(10).values(|c| {
        let last =
            Rental::objects().filter(|r| r.customer.eq(c.id)).order_by(|r| (r.rented_at.desc(), r.id.desc()));
        (
            c.first_name,
            c.last_name,
            c.rentals.count(),
            c.payments.amount.sum().or(0),
            last.values(|r| r.copy.film.title).first(),
        )
    })
}
