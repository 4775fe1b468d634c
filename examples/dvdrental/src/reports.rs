//! Eight reports, which need groups, annotations and several relations at once.

use crate::models::*;
use orm::prelude::*;

/// The store, its payments, their sum and the largest one.
pub(crate) type StoreTakings = (i32, i64, Decimal, Option<Decimal>);

/// 13. What did each store take?
pub(crate) fn takings_by_store() -> impl Question<StoreTakings> {
    Payment::objects()
        .group_by(|p| p.rental.copy.store.id)
        .annotate(|p| (p.id.count(), p.amount.sum().or(0), p.amount.max()))
        .order_by(|(_, store, ..)| store)
}

/// The category, its films, the rentals of them and what was paid for these.
pub(crate) type CategoryTakings = (String, i64, i64, Decimal);

/// 14. Which categories of films earn most?
///
/// Three aggregates over relations to many rows: each is right, as no join makes several rows of one.
pub(crate) fn takings_by_category() -> impl Question<CategoryTakings> {
    Category::objects()
        .values(|c| c.name)
        .annotate(|c| {
            let rentals = &c.films.copies.rentals;
            (c.films.count(), rentals.count(), rentals.payments.amount.sum().or(0))
        })
        .order_by(|(c, _, _, paid)| (paid.desc(), c.name))
}

/// 15. Which customers have rented every film of an actor?
pub(crate) fn fans(actor: i32) -> impl Question<(String, String)> {
    let films = Film::objects().filter(|f| f.actors.id.eq(actor));
    Customer::objects()
        .filter(|c| !films.exclude(|f| f.copies.rentals.customer.eq(c.id)).exists())
        .order_by(|c| (c.last_name, c.first_name))
        .values(|c| (c.first_name, c.last_name))
}

/// 16. In which countries have I at least so many customers, and how many of them are active?
pub(crate) fn countries(customers: i64) -> impl Question<(String, i64, i64)> {
    Customer::objects()
        .group_by(|c| c.address.city.country.name)
        .annotate(|c| (c.id.count(), c.id.count().filter(c.active)))
        .having(|(_, _, all, _)| all.gte(customers))
        .order_by(|(_, country, all, _)| (all.desc(), country))
}

/// The rating, its films, their mean length, and how many of them are long and dear.
pub(crate) type Rated = (Option<Rating>, i64, Option<f64>, i64);

/// 17. How long are the films of each rating, and how many are longer than two and a half hours and cost more than three?
pub(crate) fn ratings() -> impl Question<Rated> {
    Film::objects()
        .group_by(|f| f.rating)
        .annotate(|f| {
            let dear = f.id.count().filter(f.length.gt(150) & f.rental_rate.gt(3));
            (f.id.count(), f.length.avg(), dear)
        })
        .order_by(|(_, rating, ..)| rating)
}

/// 18. Which actors have played in films of at least so many categories, and in how many films?
pub(crate) fn versatile(categories: i64) -> impl Question<(String, String, i64, i64)> {
    Actor::objects()
        .values(|a| (a.first_name, a.last_name))
        .annotate(|a| (a.films.categories.id.count().distinct(), a.films.count()))
        .filter(|(_, of, _)| of.gte(categories))
        .order_by(|(a, of, films)| (of.desc(), films.desc(), a.id))
}

/// 19. Of which films is every copy out?
pub(crate) fn sold_out() -> impl Question<(String, i64)> {
    Film::objects()
        .filter(|f| f.copies.exists() & f.copies.all(|copy| copy.rentals.any(|r| r.returned_at.is_null())))
        .order_by(|f| f.title)
        .values(|f| f.title)
        .annotate(|f| f.copies.count())
}

/// 20. What has an actor played in: films with their language, their cast and their categories, in three statements?
pub(crate) fn filmography(actor: i32) -> QuerySet<Film> {
    Film::objects()
        .filter(|f| f.actors.id.eq(actor))
        .order_by(|f| f.title)
        .select_related(|f| f.language)
        .prefetch_related(|f| (f.actors, f.categories))
}

/// What can be printed as SQL, and awaited for rows `R`.
pub(crate) trait Question<R>: ToSql + IntoFuture<Output = orm::Result<Vec<R>>> {}
impl<R, Q: ToSql + IntoFuture<Output = orm::Result<Vec<R>>>> Question<R> for Q {}
