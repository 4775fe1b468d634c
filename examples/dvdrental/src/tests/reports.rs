//! The reports, each compared with the SQL that one would write for it.

use super::{Shop, by_hand::cents};
use crate::{models::Rating, reports};
use orm::testing::count_queries;

#[tokio::test]
async fn takings_by_store_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT store_id, count(*), (sum(amount) * 100)::bigint, (max(amount) * 100)::bigint
        FROM payment JOIN rental USING (rental_id) JOIN inventory USING (inventory_id)
        GROUP BY store_id ORDER BY store_id";
    let read = |r: &tokio_postgres::Row| (r.get(0), r.get(1), cents(r.get(2)), Some(cents(r.get(3))));
    assert_eq!(shop.same(reports::takings_by_store(), sql, &[], read).await.len(), 2);
}

#[tokio::test]
async fn takings_by_category_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        WITH films AS (SELECT category_id, count(*) AS n FROM film_category GROUP BY 1),
        rentals AS (
            SELECT category_id, count(*) AS n
            FROM film_category JOIN inventory USING (film_id) JOIN rental USING (inventory_id)
            GROUP BY 1
        ),
        paid AS (
            SELECT category_id, sum(amount) AS sum
            FROM film_category
            JOIN inventory USING (film_id)
            JOIN rental USING (inventory_id)
            JOIN payment USING (rental_id)
            GROUP BY 1
        )
        SELECT name, films.n, rentals.n, (sum * 100)::bigint
        FROM category JOIN films USING (category_id) JOIN rentals USING (category_id) JOIN paid USING (category_id)
        ORDER BY 4 DESC, 1";
    let read = |r: &tokio_postgres::Row| (r.get(0), r.get(1), r.get(2), cents(r.get(3)));
    assert_eq!(shop.same(reports::takings_by_category(), sql, &[], read).await.len(), 16);
}

#[tokio::test]
async fn a_fan_has_rented_every_film_of_the_actor() {
    let shop = Shop::open().await;
    let sql = "
        SELECT c.first_name, c.last_name
        FROM customer c
        JOIN rental USING (customer_id)
        JOIN inventory USING (inventory_id)
        JOIN film_actor fa USING (film_id)
        WHERE fa.actor_id = $1
        GROUP BY c.customer_id
        HAVING count(DISTINCT film_id) = (SELECT count(*) FROM film_actor WHERE actor_id = $1)
        ORDER BY c.last_name, c.first_name";
    let fans = |actor: i32| {
        let shop = &shop;
        async move { shop.same(reports::fans(actor), sql, &[&actor], |r| (r.get(0), r.get(1))).await.len() }
    };
    assert_eq!(fans(1).await, 0);
    // An actor of a single film, which somebody has rented.
    shop.client.batch_execute("DELETE FROM film_actor WHERE actor_id = 1 AND film_id <> 1").await.unwrap();
    assert!(fans(1).await > 5);
}

#[tokio::test]
async fn countries_with_many_customers_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT country, count(*), count(*) FILTER (WHERE activebool)
        FROM customer JOIN address USING (address_id) JOIN city USING (city_id) JOIN country USING (country_id)
        GROUP BY country HAVING count(*) >= $1 ORDER BY 2 DESC, 1";
    let many = shop.same(reports::countries(30), sql, &[&30i64], |r| (r.get(0), r.get(1), r.get(2))).await;
    assert!(many.len() > 3 && many.iter().all(|(_, all, active)| *all >= 30 && active <= all), "{many:?}");
}

#[tokio::test]
async fn ratings_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT rating::text, count(*), avg(length)::float8, count(*) FILTER (WHERE length > 150 AND rental_rate > 3)
        FROM film GROUP BY rating ORDER BY film.rating";
    let rating = |name: &str| match name {
        "G" => Rating::General,
        "PG" => Rating::Guidance,
        "PG-13" => Rating::Over13,
        "R" => Rating::Restricted,
        _ => Rating::Over17,
    };
    let read =
        |r: &tokio_postgres::Row| (r.get::<_, Option<&str>>(0).map(rating), r.get(1), r.get(2), r.get(3));
    assert_eq!(shop.same(reports::ratings(), sql, &[], read).await.len(), 5);
}

#[tokio::test]
async fn versatile_actors_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT first_name, last_name, count(DISTINCT category_id), count(DISTINCT film_id)
        FROM actor JOIN film_actor USING (actor_id) JOIN film_category USING (film_id)
        GROUP BY actor.actor_id HAVING count(DISTINCT category_id) >= $1
        ORDER BY 3 DESC, 4 DESC, actor.actor_id";
    let read = |r: &tokio_postgres::Row| (r.get(0), r.get(1), r.get(2), r.get(3));
    assert!(shop.same(reports::versatile(14), sql, &[&14i64], read).await.len() > 5);
}

#[tokio::test]
async fn a_film_is_sold_out_when_every_copy_is_out() {
    let shop = Shop::open().await;
    let sql = "
        SELECT title, count(*)
        FROM film
        JOIN (
            SELECT i.film_id, EXISTS (
                SELECT FROM rental r WHERE r.inventory_id = i.inventory_id AND return_date IS NULL
            ) AS out
            FROM inventory i
        ) copies USING (film_id)
        GROUP BY film_id, title HAVING bool_and(out) ORDER BY title";
    let read = |r: &tokio_postgres::Row| (r.get(0), r.get(1));
    shop.same(reports::sold_out(), sql, &[], read).await;
    shop.client
        .batch_execute(
            "UPDATE rental SET return_date = NULL
             WHERE inventory_id IN (SELECT inventory_id FROM inventory WHERE film_id < 50)",
        )
        .await
        .unwrap();
    let out = shop.same(reports::sold_out(), sql, &[], read).await;
    assert!(out.len() > 10, "{out:?}");
}

#[tokio::test]
async fn a_filmography_takes_three_statements_however_many_films_there_are() {
    let shop = Shop::open().await;
    let (films, asked) = count_queries(shop.run(reports::filmography(1).into_future())).await;
    assert_eq!((films.len(), asked.sql().len()), (19, 3));
    let sql = "
        SELECT title, name::text, (SELECT count(*) FROM film_actor a WHERE a.film_id = film.film_id), category.name
        FROM film JOIN language USING (language_id) JOIN film_actor USING (film_id)
        JOIN film_category USING (film_id) JOIN category USING (category_id)
        WHERE actor_id = 1 ORDER BY title";
    let sql = sql.replace("name::text", "rtrim(language.name)");
    let rows = shop.client.query(&sql, &[]).await.unwrap();
    for (film, row) in films.iter().zip(rows) {
        let categories: Vec<_> = film.categories.get().unwrap().iter().map(|c| &*c.name).collect();
        let found = (
            &*film.title,
            film.language.get().unwrap().name.trim_end(),
            film.actors.get().unwrap().len() as i64,
        );
        assert_eq!(found, (row.get(0), row.get(1), row.get(2)));
        assert_eq!(categories, [row.get::<_, &str>(3)]);
    }
}
