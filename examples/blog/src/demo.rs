//! Something to look at: a few rows, and two services to ask.

use crate::{
    models::{Book, Comment, Post, User},
    service::Service,
};
use axum::{Json, Router, http::Uri, routing::get};
use orm::prelude::*;
use serde_json::json;
use std::{error::Error, time::Duration};
use tokio::net::TcpListener;

/// Fills an empty database; one with users stays as it is.
///
/// # Errors
/// Whatever the database says.
pub async fn fill() -> orm::Result<()> {
    atomic(async {
        if User::objects().exists().await? {
            return Ok(());
        }
        let ada = User::objects().create().name("ada").balance(10_000).await?;
        let grace = User::objects().create().name("grace").balance(2_500).await?;
        let linus = User::objects().create().name("linus").balance(900).await?;

        let post = |slug, title, author| {
            let draft = Post::draft().slug(slug).title(title).author(author).published_at(Utc::now());
            draft.body("…").build()
        };
        let posts = [
            post("engines", "Notes on the engine", &ada),
            post("moths", "A moth in the relay", &grace),
            post("nanoseconds", "How long is a nanosecond?", &grace),
        ];
        let posts = Post::objects().bulk_create(posts).await?;
        let comment = |text, post, author| Comment::draft().text(text).post(post).author(author).build();
        let comments = [
            comment("Show me the code.", &posts[0], &linus),
            comment("Was it alive?", &posts[1], &ada),
            comment("About a foot.", &posts[2], &ada),
            comment("Talk is cheap.", &posts[2], &linus),
        ];
        Comment::objects().bulk_create(comments).await?;

        let book = |title, price, stock, author| {
            Book::draft().title(title).price(price).stock(stock).author(author).build()
        };
        let books = [book("Sketch of an Engine", 1_900, 3, &ada), book("A Compiler", 2_400, 1, &grace)];
        Book::objects().bulk_create(books).await?;
        Ok(())
    })
    .await
}

/// Two services of our own, in place of the weather's and the quotations': each thinks for a while.
///
/// # Errors
/// If no port is free.
pub async fn services() -> Result<[Service; 2], Box<dyn Error + Send + Sync>> {
    let think = || tokio::time::sleep(Duration::from_millis(50));
    let weather = async move || {
        think().await;
        Json(json!({"sky": "clear", "celsius": 21}))
    };
    let quote = async move || {
        think().await;
        Json(json!({"text": "It is easier to ask forgiveness than it is to get permission."}))
    };
    let router = Router::new().route("/weather", get(weather)).route("/quote", get(quote));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    let at = |path| Ok::<_, Box<dyn Error + Send + Sync>>(format!("http://{address}{path}").parse::<Uri>()?);
    Ok([Service::new(at("/weather")?), Service::new(at("/quote")?)])
}
