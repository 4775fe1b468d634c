//! Thirty-four questions to the database of a film rental shop, each with its SQL and the first rows of its answer.
//!
//! `cargo run -p dvdrental` needs no database: it starts one of its own. `DATABASE_URL` names another, into which it
//! loads the shop's data once.

mod analysis;
mod load;
mod models;
mod print;
mod questions;
mod reports;
#[cfg(test)]
mod tests;
mod views;

use orm::prelude::*;
use print::Answer;
use std::error::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let url = orm::testing::database_url("dvdrental").await?;
    load::load(&url).await?;
    orm::connect(&*url).await?;

    ask(
        "1. What should have been back by the end of August, and whom do I call?",
        ["rented at", "first name", "last name", "phone", "film"],
        questions::overdue(day("2022-09-01")?),
    )
    .await?;
    ask(
        "2. Which films with a Davis has nobody ever rented?",
        ["film", "year"],
        questions::never_rented("Davis"),
    )
    .await?;
    ask(
        "3. Which sports films and travelogues are rented in Canada?",
        ["film"],
        questions::rented_in("Canada", ["Sports", "Travel"]),
    )
    .await?;
    ask(
        "4. What did the first store take on the 8th of July?",
        ["payments", "sum", "mean"],
        questions::takings(1, day("2022-07-08")?),
    )
    .await?;
    ask(
        "5. Who works for me, and where?",
        ["first name", "last name", "street", "city", "country"],
        questions::staff(),
    )
    .await?;
    ask(
        "6. How many copies of the films with `dragon` in their title has the second store, and how many are out?",
        ["film", "copies", "out"],
        questions::stock("dragon", 2),
    )
    .await?;
    ask(
        "7. Which customers of the first store rented nothing in June?",
        ["first name", "last name"],
        questions::absent(1, day("2022-06-01")?, day("2022-07-01")?),
    )
    .await?;
    ask(
        "8. Which customers have brought back all they rented?",
        ["number", "first name", "last name"],
        questions::reliable(),
    )
    .await?;
    ask(
        "9. With whom did Penelope Guiness play, and how often?",
        ["first name", "last name", "films"],
        questions::costars(1),
    )
    .await?;
    ask(
        "10. Which films are an hour longer than the mean of the films in their language?",
        ["film", "minutes", "rate", "shot in"],
        questions::long(),
    )
    .await?;
    ask(
        "11. In which cities do I have customers but no store?",
        ["city", "country"],
        questions::cities_without_store(),
    )
    .await?;
    ask(
        "12. Who are my ten best customers, and what did they last see?",
        ["first name", "last name", "rentals", "paid", "last film"],
        questions::best_customers(),
    )
    .await?;
    ask(
        "13. What did each store take?",
        ["store", "payments", "sum", "largest"],
        reports::takings_by_store(),
    )
    .await?;
    ask(
        "14. Which categories of films earn most?",
        ["category", "films", "rentals", "paid"],
        reports::takings_by_category(),
    )
    .await?;
    ask(
        "15. Which customers have rented every film of Penelope Guiness?",
        ["first name", "last name"],
        reports::fans(1),
    )
    .await?;
    ask(
        "16. In which countries have I at least thirty customers, and how many of them are active?",
        ["country", "customers", "active"],
        reports::countries(30),
    )
    .await?;
    ask(
        "17. How long are the films of each rating, and how many are longer than two and a half hours and cost more than three?",
        ["rating", "films", "mean length", "long and dear"],
        reports::ratings(),
    )
    .await?;
    ask(
        "18. Which actors have played in films of at least fourteen categories, and in how many films?",
        ["first name", "last name", "categories", "films"],
        reports::versatile(14),
    )
    .await?;
    ask("19. Of which films is every copy out?", ["film", "copies"], reports::sold_out()).await?;
    ask(
        "20. What has Penelope Guiness played in? With language, cast and categories, in three statements.",
        ["film", "language", "categories", "cast"],
        reports::filmography(1),
    )
    .await?;
    analysis().await
}

async fn analysis() -> Result<(), Box<dyn Error + Send + Sync>> {
    ask(
        "21. Which three films took most in each store?",
        ["store", "film", "taken", "place"],
        analysis::best_films(3),
    )
    .await?;
    ask(
        "22. What came in each month, what had come in by its end, and what came in the month before?",
        ["month", "taken", "so far", "before"],
        analysis::months(),
    )
    .await?;
    ask(
        "23. Which customers have rented both `Academy Dinosaur` and `Hyde Doctor`?",
        ["first name", "last name"],
        analysis::rented_both("ACADEMY DINOSAUR", "HYDE DOCTOR"),
    )
    .await?;
    ask(
        "24. To whom in Canada do I write?",
        ["last name", "first name", "who"],
        analysis::mailing_list("Canada"),
    )
    .await?;
    ask(
        "25. Of the customers who came first in a month, how many came in each of the months that followed?",
        ["first month", "month", "customers"],
        analysis::cohorts(),
    )
    .await?;
    ask(
        "26. What do the customers of each store pay, in the middle, and what all but a tenth of them?",
        ["store", "median", "ninth tenth"],
        analysis::medians(),
    )
    .await?;
    ask(
        "27. Which films are about a shark and not about a dentist, the best ones first?",
        ["film", "rank", "where"],
        analysis::about("shark -dentist"),
    )
    .await?;
    ask(
        "28. Which copies of `Academy Dinosaur` are free in the first week of July?",
        ["copy", "store"],
        analysis::free("ACADEMY DINOSAUR", day("2022-07-01")?, day("2022-07-08")?),
    )
    .await?;
    ask(
        "29. Who pays most in each country?",
        ["country", "first name", "last name", "paid"],
        analysis::best_by_country(),
    )
    .await?;
    ask("30. Which part of all takings is each category's?", ["category", "part"], analysis::shares())
        .await?;
    ask("31. Which two actors are together most often?", ["one", "other", "films"], analysis::pairs())
        .await?;
    ask(
        "32. How many actors are how far from Penelope Guiness, from film to film?",
        ["far", "actors"],
        analysis::degrees(1, 3),
    )
    .await?;
    ask(
        "33. Which active customers in Canada have whom as their manager?",
        ["name", "city", "manager"],
        views::managers("Canada"),
    )
    .await?;
    ask(
        "34. Which family films can everybody see, in what language, and with whom?",
        ["film", "language", "cast"],
        views::for_all("Family"),
    )
    .await?;
    Ok(())
}

/// Prints a question, its SQL and its answer.
async fn ask<A: Answer, const N: usize>(
    question: &str,
    columns: [&str; N],
    query: impl ToSql + IntoFuture<Output = orm::Result<A>>,
) -> orm::Result<()> {
    let sql = query.to_sql();
    print::print(question, &sql, &columns, query.await?);
    Ok(())
}

/// Midnight of a day written as `2022-07-08`.
fn day(date: &str) -> Result<DateTime<Utc>, Box<dyn Error + Send + Sync>> {
    Ok(format!("{date}T00:00:00Z").parse()?)
}
