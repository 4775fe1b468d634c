//! Books, to be looked at by view sets and to be bought by a function view.

use crate::{
    App,
    models::{Book, Purchase, User},
    problem::Problem,
    views::{Key, ViewSet},
};
use axum::{
    Json,
    extract::{FromRequest, State},
    http::StatusCode,
};
use orm::{Allow, prelude::*};
use serde::Deserialize;

/// `/users` and `/users/{key}`
#[derive(Debug)]
pub struct Users;

impl ViewSet for Users {
    type Model = User;

    fn allow(&self) -> Allow<User> {
        Allow::<User>::new().fields(|u| u.name)
    }
}

/// `/books` and `/books/{key}`
#[derive(Debug)]
pub struct Books;

impl ViewSet for Books {
    type Model = Book;

    fn allow(&self) -> Allow<Book> {
        Allow::<Book>::new().order_by("title", |b| (b.title, b.id)).order_by("price", |b| (b.price, b.id))
    }
}

/// What is sent to buy a book.
#[derive(Deserialize, FromRequest, Debug)]
#[from_request(via(Json), rejection(Problem))]
pub struct Order {
    buyer: i64,
}

/// Why nothing was bought.
#[derive(Debug)]
enum Refused {
    NoSuchBuyer,
    SoldOut,
    InsufficientFunds { missing: u32 },
    Database(orm::Error),
}

/// `POST /books/{key}/buy`
///
/// # Errors
/// If there is no such book or buyer, no copy, or not enough money.
pub async fn buy(
    State(app): State<App>,
    Key(book): Key<i64>,
    order: Order,
) -> Result<(StatusCode, Json<Purchase>), Problem> {
    let purchase = sell(book, order.buyer, app).await?;
    Ok((StatusCode::CREATED, Json(purchase)))
}

/// One copy goes from the stock to the buyer, and its price from the balance: both or neither.
async fn sell(book: i64, buyer: i64, app: App) -> Result<Purchase, Refused> {
    try_atomic(async {
        // Always the book first: no two purchases wait for each other in a circle.
        let mut book = Book::objects().select_for_update().get(book).await?;
        let buyer = User::objects().select_for_update().filter(|u| u.id.eq(buyer)).first().await?;
        let mut buyer = buyer.ok_or(Refused::NoSuchBuyer)?;

        let missing = book.price.saturating_sub(buyer.balance);
        book.stock = book.stock.checked_sub(1).ok_or(Refused::SoldOut)?;
        buyer.balance =
            buyer.balance.checked_sub(book.price).ok_or(Refused::InsufficientFunds { missing })?;
        book.save_fields(|b| b.stock).await?;
        buyer.save_fields(|u| u.balance).await?;

        let purchase = Purchase::objects().create().book(&book).buyer(&buyer).price(book.price).await?;
        let receipt = purchase.id;
        on_commit(async move || app.send_receipt(receipt))?; // not before it is certain
        Ok(purchase)
    })
    .await
}

impl From<orm::Error> for Refused {
    fn from(error: orm::Error) -> Self {
        Refused::Database(error)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let conflict = || Problem::new(StatusCode::CONFLICT);
        match refused {
            Refused::NoSuchBuyer => Problem::field("buyer", "does not exist"),
            Refused::SoldOut => conflict().of_kind("/problems/sold-out", "Sold out"),
            Refused::InsufficientFunds { missing } => conflict()
                .of_kind("/problems/insufficient-funds", "Insufficient funds")
                .because(format!("{missing} cents are missing")),
            Refused::Database(error) => error.into(),
        }
    }
}
