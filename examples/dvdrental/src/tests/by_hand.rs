//! The questions, each compared with the SQL that one would write for it.

use super::Shop;
use crate::questions::{self, BestCustomer, Colleague, LongFilm, Overdue, Stock, Takings};
use orm::prelude::*;

/// Amounts are read by hand as cents, so that what `Decimal` reads is compared with what the server calculates.
pub(super) fn cents(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

impl Shop {
    pub(super) async fn overdue(&self, now: DateTime<Utc>) -> Vec<Overdue> {
        let sql = "
            SELECT r.rental_date, c.first_name, c.last_name, a.phone, f.title
            FROM rental r
            JOIN customer c USING (customer_id)
            JOIN address a USING (address_id)
            JOIN inventory i USING (inventory_id)
            JOIN film f USING (film_id)
            WHERE r.return_date IS NULL AND r.rental_date + f.rental_duration * interval '1 day' < $1
            ORDER BY r.rental_date, r.rental_id";
        self.same(questions::overdue(now), sql, &[&now], |r| {
            (r.get(0), r.get(1), r.get(2), r.get(3), r.get(4))
        })
        .await
    }

    pub(super) async fn never_rented(&self, last_name: &str) -> Vec<(String, Option<i32>)> {
        let sql = "
            SELECT f.title, f.release_year::int4
            FROM film f
            WHERE f.film_id IN (
                SELECT film_id FROM film_actor JOIN actor USING (actor_id) WHERE lower(last_name) = lower($1)
            )
            AND f.film_id NOT IN (SELECT film_id FROM inventory JOIN rental USING (inventory_id))
            ORDER BY f.title";
        self.same(questions::never_rented(last_name), sql, &[&last_name], |r| (r.get(0), r.get(1))).await
    }

    pub(super) async fn rented_in(&self, country: &str, categories: &[&str]) -> Vec<String> {
        let sql = "
            SELECT f.title
            FROM film f
            JOIN inventory USING (film_id)
            JOIN rental USING (inventory_id)
            JOIN customer USING (customer_id)
            JOIN address USING (address_id)
            JOIN city USING (city_id)
            JOIN country USING (country_id)
            JOIN film_category USING (film_id)
            JOIN category USING (category_id)
            WHERE country.country = $1 AND category.name = ANY($2)
            GROUP BY f.film_id, f.title
            ORDER BY f.title";
        let question = questions::rented_in(country, categories.to_vec());
        self.same(question, sql, &[&country, &categories], |r| r.get(0)).await
    }

    pub(super) async fn takings(&self, store: i32, midnight: DateTime<Utc>) -> Takings {
        let sql = "
            SELECT count(*), (coalesce(sum(p.amount), 0) * 100)::bigint, avg(p.amount)::float8
            FROM payment p
            JOIN rental USING (rental_id)
            JOIN inventory USING (inventory_id)
            WHERE date_trunc('day', p.payment_date AT TIME ZONE 'UTC') = $1::timestamptz AT TIME ZONE 'UTC'
            AND store_id = $2";
        let question = async { questions::takings(store, midnight).await.map(|row| vec![row]) };
        let params = [&midnight as _, &store as _];
        let rows = self.same(question, sql, &params, |r| (r.get(0), cents(r.get(1)), r.get(2))).await;
        rows[0]
    }

    pub(super) async fn staff(&self) -> Vec<Colleague> {
        let sql = "
            SELECT s.first_name, s.last_name, a.address, city.city, country.country
            FROM staff s
            JOIN store USING (store_id)
            JOIN address a ON a.address_id = store.address_id
            JOIN city USING (city_id)
            JOIN country USING (country_id)
            ORDER BY s.last_name, s.first_name";
        self.same(questions::staff(), sql, &[], |r| (r.get(0), r.get(1), r.get(2), r.get(3), r.get(4))).await
    }

    pub(super) async fn stock(&self, title: &str, store: i32) -> Vec<Stock> {
        let sql = "
            SELECT f.title, count(DISTINCT i.inventory_id),
                count(DISTINCT i.inventory_id) FILTER (WHERE r.rental_id IS NOT NULL)
            FROM film f
            LEFT JOIN inventory i ON i.film_id = f.film_id AND i.store_id = $2
            LEFT JOIN rental r ON r.inventory_id = i.inventory_id AND r.return_date IS NULL
            WHERE position(lower($1) IN lower(f.title)) > 0
            GROUP BY f.film_id, f.title
            ORDER BY f.title";
        let question = questions::stock(title, store);
        self.same(question, sql, &[&title, &store], |r| (r.get(0), r.get(1), r.get(2))).await
    }

    pub(super) async fn absent(
        &self,
        store: i32,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Vec<(String, String)> {
        let sql = "
            SELECT c.first_name, c.last_name
            FROM customer c
            LEFT JOIN rental r ON r.customer_id = c.customer_id AND r.rental_date >= $2 AND r.rental_date <= $3
            WHERE c.activebool AND c.store_id = $1 AND r.rental_id IS NULL
            ORDER BY c.last_name, c.first_name";
        let question = questions::absent(store, from, to);
        self.same(question, sql, &[&store, &from, &to], |r| (r.get(0), r.get(1))).await
    }

    pub(super) async fn reliable(&self) -> Vec<(i32, String, String)> {
        let sql = "
            SELECT c.customer_id, c.first_name, c.last_name
            FROM customer c
            JOIN rental r USING (customer_id)
            GROUP BY c.customer_id
            HAVING count(*) = count(r.return_date)
            ORDER BY c.customer_id";
        self.same(questions::reliable(), sql, &[], |r| (r.get(0), r.get(1), r.get(2))).await
    }

    pub(super) async fn costars(&self, actor: i32) -> Vec<(String, String, i64)> {
        let sql = "
            SELECT a.first_name, a.last_name, count(*)
            FROM film_actor mine
            JOIN film_actor theirs ON theirs.film_id = mine.film_id AND theirs.actor_id <> mine.actor_id
            JOIN actor a ON a.actor_id = theirs.actor_id
            WHERE mine.actor_id = $1
            GROUP BY a.actor_id
            ORDER BY a.actor_id";
        self.same(questions::costars(actor), sql, &[&actor], |r| (r.get(0), r.get(1), r.get(2))).await
    }

    pub(super) async fn long(&self) -> Vec<LongFilm> {
        let sql = "
            WITH mean AS (SELECT language_id, avg(length) AS length FROM film GROUP BY language_id)
            SELECT f.title, f.length, (f.rental_rate * 100)::bigint, l.name
            FROM film f
            JOIN mean USING (language_id)
            LEFT JOIN language l ON l.language_id = f.original_language_id
            WHERE f.length > mean.length + 60
            ORDER BY f.length DESC, f.title";
        self.same(questions::long(), sql, &[], |r| (r.get(0), r.get(1), cents(r.get(2)), r.get(3))).await
    }

    pub(super) async fn cities_without_store(&self) -> Vec<(String, String)> {
        let sql = "
            SELECT DISTINCT city.city, country.country, city_id
            FROM city
            JOIN country USING (country_id)
            JOIN address USING (city_id)
            JOIN customer USING (address_id)
            WHERE city_id NOT IN (SELECT city_id FROM store JOIN address USING (address_id))
            ORDER BY country.country, city.city";
        self.same(questions::cities_without_store(), sql, &[], |r| (r.get(0), r.get(1))).await
    }

    pub(super) async fn best_customers(&self) -> Vec<BestCustomer> {
        let sql = "
            WITH rentals AS (SELECT customer_id, count(*) AS n FROM rental GROUP BY customer_id),
            paid AS (SELECT customer_id, sum(amount) AS sum FROM payment GROUP BY customer_id),
            last AS (
                SELECT DISTINCT ON (customer_id) customer_id, title
                FROM rental JOIN inventory USING (inventory_id) JOIN film USING (film_id)
                ORDER BY customer_id, rental_date DESC, rental_id DESC
            )
            SELECT c.first_name, c.last_name, coalesce(n, 0), (coalesce(sum, 0) * 100)::bigint, title
            FROM customer c
            LEFT JOIN rentals USING (customer_id)
            LEFT JOIN paid USING (customer_id)
            LEFT JOIN last USING (customer_id)
            ORDER BY 3 DESC, c.customer_id
            LIMIT 10";
        let question = questions::best_customers();
        self.same(question, sql, &[], |r| (r.get(0), r.get(1), r.get(2), cents(r.get(3)), r.get(4))).await
    }
}
