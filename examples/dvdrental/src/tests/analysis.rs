//! The questions of the hard kind, each compared with the SQL that one would write for it.

use super::{Shop, by_hand::cents, day};
use crate::analysis;

#[tokio::test]
async fn the_best_films_of_each_store_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT store_id, title, (paid * 100)::bigint, place
        FROM (
            SELECT store_id, title, sum(amount) AS paid,
                row_number() OVER (PARTITION BY store_id ORDER BY sum(amount) DESC, title) AS place
            FROM payment JOIN rental USING (rental_id) JOIN inventory USING (inventory_id) JOIN film USING (film_id)
            GROUP BY store_id, title
        ) films
        WHERE place <= 3
        ORDER BY store_id, place";
    let read = |r: &tokio_postgres::Row| (r.get(0), r.get(1), cents(r.get(2)), r.get(3));
    assert_eq!(shop.same(analysis::best_films(3), sql, &[], read).await.len(), 6);
}

#[tokio::test]
async fn months_and_what_had_come_in_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT month, paid, (sum(paid) OVER (ORDER BY month))::bigint, lag(paid) OVER (ORDER BY month)
        FROM (
            SELECT date_trunc('month', payment_date, 'UTC') AS month, (sum(amount) * 100)::bigint AS paid
            FROM payment GROUP BY 1
        ) months
        ORDER BY month";
    let read = |r: &tokio_postgres::Row| {
        (
            r.get(0),
            cents(r.get(1)),
            r.get::<_, Option<i64>>(2).map(cents),
            r.get::<_, Option<i64>>(3).map(cents),
        )
    };
    assert!(shop.same(analysis::months(), sql, &[], read).await.len() > 5);
}

#[tokio::test]
async fn who_rented_both_films_is_in_both_answers_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT first_name, last_name
        FROM customer
        JOIN rental USING (customer_id) JOIN inventory USING (inventory_id) JOIN film USING (film_id)
        WHERE title IN ($1, $2)
        GROUP BY customer_id
        HAVING count(DISTINCT title) = 2
        ORDER BY last_name, first_name";
    let (one, other) = ("ACADEMY DINOSAUR", "HYDE DOCTOR");
    shop.same(analysis::rented_both(one, other), sql, &[&one, &other], |r| (r.get(0), r.get(1))).await;
    let sql = sql.replace("= 2", "= 1");
    let question = analysis::rented_both(one, one);
    let same = shop.same(question, &sql, &[&one, &one], |r| (r.get(0), r.get(1))).await;
    assert!(same.len() > 10);
}

#[tokio::test]
async fn the_mailing_list_is_that_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT last_name, first_name, kind FROM (
            SELECT last_name, first_name, 'customer' AS kind, address_id FROM customer WHERE email IS NOT NULL
            UNION
            SELECT last_name, first_name, 'staff', store.address_id FROM staff JOIN store USING (store_id)
        ) people
        JOIN address USING (address_id) JOIN city USING (city_id) JOIN country USING (country_id)
        WHERE country = $1
        ORDER BY 1, 2, 3";
    let rows =
        shop.same(analysis::mailing_list("Canada"), sql, &[&"Canada"], |r| (r.get(0), r.get(1), r.get(2)));
    let rows = rows.await;
    assert!(rows.iter().any(|row| row.2 == "staff") && rows.iter().any(|row| row.2 == "customer"));
}

#[tokio::test]
async fn cohorts_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        WITH first AS (SELECT customer_id, min(rental_date) AS first FROM rental GROUP BY customer_id)
        SELECT date_trunc('month', first, 'UTC'), date_trunc('month', rental_date, 'UTC'), count(DISTINCT customer_id)
        FROM rental JOIN first USING (customer_id)
        GROUP BY 1, 2 ORDER BY 1, 2";
    let rows = shop.same(analysis::cohorts(), sql, &[], |r| (r.get(0), r.get(1), r.get(2))).await;
    assert!(rows.len() > 4);
}

#[tokio::test]
async fn medians_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT store_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY paid), percentile_cont(0.9) WITHIN GROUP (ORDER BY paid)
        FROM (
            SELECT store_id, customer_id, sum(amount)::float8 AS paid
            FROM payment JOIN customer USING (customer_id) GROUP BY 1, 2
        ) customers
        GROUP BY store_id ORDER BY store_id";
    assert_eq!(shop.same(analysis::medians(), sql, &[], |r| (r.get(0), r.get(1), r.get(2))).await.len(), 2);
}

#[tokio::test]
async fn films_are_found_by_their_text_as_by_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT title, ts_rank(fulltext, query), ts_headline('english', description, query)
        FROM film, websearch_to_tsquery('english', $1) query
        WHERE fulltext @@ query
        ORDER BY 2 DESC, 1";
    let words = "shark -dentist";
    let found = shop.same(analysis::about(words), sql, &[&words], |r| (r.get(0), r.get(1), r.get(2))).await;
    assert!(found.len() > 10 && found[0].2.as_ref().is_some_and(|text| text.contains("<b>")), "{found:?}");
}

#[tokio::test]
async fn free_copies_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT inventory_id, store_id
        FROM inventory JOIN film USING (film_id)
        WHERE title = $1 AND NOT EXISTS (
            SELECT FROM rental
            WHERE rental.inventory_id = inventory.inventory_id AND rental_date < $3 AND coalesce(return_date, 'infinity') > $2
        )
        ORDER BY inventory_id";
    let film = "ACADEMY DINOSAUR";
    let mut all = Vec::new();
    for (from, to) in [("07-01", "07-08"), ("07-08", "07-20"), ("06-01", "09-01")] {
        let (from, to) = (day(from), day(to));
        let free = analysis::free(film, from, to);
        all.push(shop.same(free, sql, &[&film, &from, &to], |r| (r.get(0), r.get(1))).await.len());
    }
    assert!(all.iter().any(|free| *free > 0) && all.iter().any(|free| *free < 8), "{all:?}");
}

#[tokio::test]
async fn the_best_customers_of_each_country_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT country, first_name, last_name, (paid * 100)::bigint
        FROM (
            SELECT country, first_name, last_name, sum(amount) AS paid,
                row_number() OVER (PARTITION BY country ORDER BY sum(amount) DESC, customer_id) AS place
            FROM customer
            JOIN address USING (address_id) JOIN city USING (city_id) JOIN country USING (country_id)
            JOIN payment USING (customer_id)
            GROUP BY country, customer_id
        ) customers
        WHERE place = 1
        ORDER BY country";
    let read = |r: &tokio_postgres::Row| (r.get(0), r.get(1), r.get(2), cents(r.get(3)));
    assert!(shop.same(analysis::best_by_country(), sql, &[], read).await.len() > 100);
}

#[tokio::test]
async fn the_shares_of_categories_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT name, sum(amount)::float8 / sum(sum(amount)::float8) OVER () AS part
        FROM category
        JOIN film_category USING (category_id) JOIN inventory USING (film_id)
        JOIN rental USING (inventory_id) JOIN payment USING (rental_id)
        GROUP BY name
        ORDER BY part DESC";
    let near = |part: Option<f64>| part.map(|part| (part * 1e9).round());
    let by_hand: Vec<_> = shop.client.query(sql, &[]).await.unwrap();
    let by_hand: Vec<(String, _)> = by_hand.iter().map(|r| (r.get(0), near(r.get(1)))).collect();
    let answer = shop.run(analysis::shares()).await;
    assert_eq!(answer.into_iter().map(|(name, part)| (name, near(part))).collect::<Vec<_>>(), by_hand);
}

#[tokio::test]
async fn pairs_of_actors_are_those_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        SELECT a.actor_id, b.actor_id, count(*)
        FROM film_actor a JOIN film_actor b ON b.film_id = a.film_id AND b.actor_id > a.actor_id
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10";
    assert_eq!(shop.same(analysis::pairs(), sql, &[], |r| (r.get(0), r.get(1), r.get(2))).await.len(), 10);
}

#[tokio::test]
async fn how_far_actors_are_is_that_of_sql_written_by_hand() {
    let shop = Shop::open().await;
    let sql = "
        WITH RECURSIVE found AS (
            SELECT 1 AS actor_id, 0 AS far
            UNION
            SELECT b.actor_id, far + 1
            FROM found JOIN film_actor a USING (actor_id) JOIN film_actor b ON b.film_id = a.film_id
            WHERE far < 3
        )
        SELECT far, count(*) FROM (SELECT actor_id, min(far) AS far FROM found GROUP BY 1) nearest GROUP BY 1 ORDER BY 1";
    let rows = shop.same(analysis::degrees(1, 3), sql, &[], |r| (r.get(0), r.get(1))).await;
    assert_eq!(rows[0], (Some(0), 1));
}
