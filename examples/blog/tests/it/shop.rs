//! Purchases: a transaction.

use crate::client::{Answer, Blog};
use blog::models::{Book, Purchase, User};
use futures_util::future::join_all;
use orm::prelude::*;
use serde_json::json;

impl Blog {
    async fn buy(&self, book: i64, buyer: i64) -> Answer {
        self.post(&format!("/books/{book}/buy"), json!({"buyer": buyer})).await
    }

    /// Copies left of a book, cents left to a user, and purchases.
    async fn state(&self, book: i64, buyer: i64) -> (u32, u32, i64) {
        let book = self.run(Book::objects().get(book)).await;
        let buyer = self.run(User::objects().get(buyer)).await;
        (book.stock, buyer.balance, self.run(Purchase::objects().count()).await)
    }
}

#[tokio::test]
async fn a_purchase_takes_a_copy_and_its_price_and_then_a_receipt_is_sent() {
    let mut blog = Blog::open().await;
    let answer = blog.buy(1, 2).await;
    assert_eq!((answer.status, &answer.body["price"]), (201, &json!(1_900)));
    assert_eq!(blog.state(1, 2).await, (2, 600, 1));
    assert_eq!(blog.receipts.try_recv().ok(), answer.body["id"].as_i64());
}

#[tokio::test]
async fn a_purchase_that_is_refused_changes_nothing_and_sends_no_receipt() {
    let mut blog = Blog::open().await;
    let answer = blog.buy(1, 3).await;
    let problem = json!({
        "type": "/problems/insufficient-funds", "title": "Insufficient funds", "status": 409,
        "detail": "1000 cents are missing",
    });
    assert_eq!((answer.status, answer.body), (409, problem));
    assert_eq!(blog.state(1, 3).await, (3, 900, 0));

    blog.run(Book::objects().update(|b| b.stock.set(0))).await;
    let answer = blog.buy(1, 1).await;
    assert_eq!((answer.status, &answer.body["type"]), (409, &json!("/problems/sold-out")));
    let answer = blog.buy(1, 99).await;
    assert_eq!((answer.status, &answer.body["errors"]["buyer"][0]), (422, &json!("does not exist")));
    assert_eq!(blog.buy(99, 1).await.status, 404);
    assert_eq!(blog.state(1, 1).await, (0, 10_000, 0));
    assert!(blog.receipts.try_recv().is_err());
}

#[tokio::test]
async fn twenty_purchases_at_once_sell_the_last_five_copies_and_no_more() {
    let mut blog = Blog::open().await;
    let book = Book::objects().create().title("Rare").price(100).stock(5).author(1);
    let book = blog.run(book).await.id;
    let answers = join_all((0..20).map(|n| blog.buy(book, 1 + n % 3))).await;
    let sold = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.body["type"] == "/problems/sold-out").count();
    assert_eq!((sold, refused), (5, 15));
    assert_eq!(blog.run(Book::objects().get(book)).await.stock, 0);
    let money = blog.run(User::objects().aggregate(|u| u.balance.sum().or(0))).await;
    assert_eq!(money, 10_000 + 2_500 + 900 - 5 * 100);
    let mut receipts = Vec::new();
    while let Ok(receipt) = blog.receipts.try_recv() {
        receipts.push(receipt);
    }
    receipts.sort_unstable();
    assert_eq!(receipts, blog.run(Purchase::objects().order_by(|p| p.id).values(|p| p.id)).await);
    assert_eq!(receipts.len(), 5);
}

#[tokio::test]
async fn books_and_users_can_only_be_read() {
    let blog = Blog::open().await;
    let answer = blog.get("/books?ordering=-price").await;
    assert_eq!(
        (&answer.body["count"], &answer.body["results"][0]["title"]),
        (&json!(2), &json!("A Compiler"))
    );
    assert_eq!(blog.get("/users/3").await.body, json!({"id": 3, "name": "linus", "balance": 900}));
    for path in ["/books", "/users", "/books/1", "/users/1"] {
        for answer in [
            blog.post(path, json!({})).await,
            blog.put(path, json!({})).await,
            blog.patch(path, json!({})).await,
            blog.delete(path).await,
        ] {
            assert_eq!(
                (answer.status, &answer.headers["allow"]),
                (405, &"GET,HEAD".parse().unwrap()),
                "{path}"
            );
        }
    }
}
